"""What is written for those who put the service where others reach it agrees with the service."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml

from api import limits
from api.deps import STATEMENT_MS, WAIT_S, WAITING
from gis.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
FILES = ("Dockerfile", "compose.yaml", "deploy/quyhoach.service", "deploy/nginx.conf", "deploy/README.md")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def unit() -> ConfigParser:
    read = ConfigParser(interpolation=None, strict=False)
    read.optionxform = str  # pyright: ignore[reportAttributeAccessIssue]  # as documented
    read.read_string(text("deploy/quyhoach.service"))
    return read


@pytest.mark.parametrize("name", FILES)
def test_every_setting_that_is_named_is_one(name: str):
    named = {found.lower() for found in re.findall(r"QUYHOACH_([A-Z_]+)", text(name))} - {"database_password"}
    assert named <= set(Settings.model_fields)


@pytest.mark.parametrize("name", FILES)
def test_no_file_names_an_index_or_a_secret(name: str):
    assert not re.search(r"index-url|registry|PASSWORD[:=] *[a-z0-9]", text(name))


def test_commands_that_start_the_service_are_taken_by_it():
    (container,) = re.findall(r"^CMD (\[.*\])$", text("Dockerfile"), flags=re.MULTILINE)
    commands = [yaml.safe_load(container), shlex.split(unit()["Service"]["ExecStart"])]
    for program, *words in commands:
        assert program == "/opt/quyhoach/.venv/bin/quyhoach"
        asked = subprocess.run(
            [sys.executable, "-m", "gis", *words, "--help"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert (asked.returncode, "--workers" in asked.stdout) == (0, True), asked.stderr


def test_the_container_holds_what_the_service_needs_and_runs_without_rights():
    lines = text("Dockerfile").replace("\\\n", " ").splitlines()
    copied = [
        word for line in lines if line.startswith("COPY ") and "--from" not in line for word in line.split()[1:-1]
    ]
    assert copied
    assert all((ROOT / word).exists() for word in copied)
    assert {"layers", "gis", "api", "data", "package-lock.json"} <= set(copied)
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users == ["quyhoach"]
    assert "--require-hashes" in text("Dockerfile")
    (health,) = [line for line in lines if line.startswith("HEALTHCHECK ")]
    assert "/health/live" in health


def test_containers_show_the_service_alone_and_on_loopback():
    services = yaml.safe_load(text("compose.yaml"))["services"]
    assert "ports" not in services["database"]
    assert all(port.startswith("127.0.0.1:") for port in services["service"]["ports"])
    assert services["service"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert services["service"]["read_only"] is True


def test_the_unit_runs_without_rights_and_may_finish():
    service = unit()["Service"]
    assert service["User"] == "quyhoach"
    assert (service["NoNewPrivileges"], service["ProtectSystem"], service["CapabilityBoundingSet"]) == (
        "yes",
        "strict",
        "",
    )
    assert int(service["TimeoutStopSec"]) > Settings.model_fields["grace_s"].default


def test_the_unit_holds_only_what_systemd_knows(tmp_path: Path):
    analyse = shutil.which("systemd-analyze")
    if analyse is None:
        assert set(unit()) == {"DEFAULT", "Unit", "Service", "Install"}
        return
    here = text("deploy/quyhoach.service").replace("/opt/quyhoach/.venv/bin/quyhoach", sys.executable)
    (tmp_path / "quyhoach.service").write_text(here, encoding="utf-8")
    said = subprocess.run(
        [analyse, "verify", tmp_path / "quyhoach.service"], capture_output=True, text=True, check=False
    )
    assert "Unknown" not in said.stderr
    assert "Failed to parse" not in said.stderr


def test_nginx_takes_its_configuration(tmp_path: Path):
    nginx = shutil.which("nginx")
    if nginx is None:
        assert text("deploy/nginx.conf").count("{") == text("deploy/nginx.conf").count("}")
        return
    http = f"access_log off; include {ROOT}/deploy/nginx.conf;"
    around = f"events {{}} pid {tmp_path}/pid; error_log stderr; http {{ {http} }}"
    (tmp_path / "nginx.conf").write_text(around, encoding="utf-8")
    said = subprocess.run(
        [nginx, "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr


def test_the_bounds_are_told_as_they_are():
    told = text("deploy/README.md")
    mib = Settings.model_fields["most_body_mb"].default
    for sentence in (
        f"| {limits.MOST_ADDRESS_BYTES // 1024} KiB; {limits.MOST_HEAD_BYTES // 1024} KiB; ",
        f"; `QUYHOACH_MOST_BODY_MB` ({mib}); {limits.MOST_PARAMETERS} |",
        f"| {limits.SLOWEST_HEAD_S:.0f} s, {limits.SLOWEST_BODY_S:.0f} s | 408 |",
        f"| {STATEMENT_MS // 1000} s | 504 |",
        f"| {WAIT_S:.0f} s, {WAITING} at a time;",
        f"| {limits.MOST_UNDER_WAY:,} |".replace(",", " "),
    ):
        assert sentence in told
    assert f"client_max_body_size {mib}m;" in text("deploy/nginx.conf")
