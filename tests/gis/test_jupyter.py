"""`quyhoach notebooks`: JupyterLab for this machine alone, on a city that is there."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from gis import jupyter
from gis.__main__ import COMMANDS
from gis.settings import settings


def test_without_jupyterlab_one_sentence_says_how_to_have_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(jupyter, "find_spec", lambda _: None)
    with pytest.raises(jupyter.JupyterMissingError, match="`make notebooks` installs and opens it"):
        jupyter.notebooks()


def test_it_is_opened_where_the_notebooks_are_with_our_settings_on_a_city(
    town_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    started = tmp_path / "started.json"
    program = tmp_path / "jupyterlab.py"
    program.write_text(
        "import json, os, sys\n"
        f"json.dump([sys.argv[1:], os.environ['JUPYTER_CONFIG_PATH']], open({str(started)!r}, 'w'))\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("QUYHOACH_DATABASE_URL", town_url)
    monkeypatch.setattr(jupyter, "find_spec", lambda _: importlib.util.find_spec("json"))
    settings.cache_clear()
    try:
        jupyter.notebooks(port=8890, browser=False)
    finally:
        settings.cache_clear()
    arguments, configuration = json.loads(started.read_text())
    assert "--ServerApp.port=8890" in arguments
    assert f"--ServerApp.root_dir={jupyter.NOTEBOOKS}" in arguments
    assert "--no-browser" in arguments
    assert Path(configuration) == jupyter.NOTEBOOKS / ".jupyter"


def test_it_listens_on_this_machine_alone_and_looks_for_no_news():
    settled = json.loads((jupyter.NOTEBOOKS / ".jupyter" / "jupyter_lab_config.json").read_text())
    assert settled["ServerApp"] == {"ip": "127.0.0.1", "allow_remote_access": False}
    assert settled["LabApp"]["news_url"] is None
    assert settled["LabApp"]["check_for_updates_class"] == "jupyterlab.NeverCheckForUpdate"
    assert settled["LabApp"]["extension_manager"] == "readonly"


def test_it_is_a_command_of_the_shell():
    assert COMMANDS["notebooks"] == "gis.jupyter:notebooks"
