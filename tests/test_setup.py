"""Two commands set everything up: what they pin, what they say when something is lacking, how they stop."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-notebooks.lock")
TOOLS = ("sh", "awk", "basename", "cat", "cut", "date", "dirname", "echo", "flock", "grep", "head", "id", "ls", "mkdir")
MORE_TOOLS = ("printf", "rm", "sed", "sha256sum", "sleep", "sort", "tail", "tr")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a directory with set-up and empty locks, nothing set up."""
    shutil.copy(REPOSITORY / "setup.sh", tmp_path)
    for name in (*LOCKS, "pyproject.toml"):
        (tmp_path / name).touch()
    return tmp_path


@pytest.fixture
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory with the ordinary tools of a system and no Python, to be the whole PATH."""
    directory = tmp_path_factory.mktemp("bin")
    for tool in (*TOOLS, *MORE_TOOLS):
        found = shutil.which(tool)
        if found is not None:
            (directory / tool).symlink_to(found)
    return directory


def program(directory: Path, name: str, text: str) -> None:
    path = directory / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def python_that_makes(programs: Path, *, pip: str) -> None:
    """Put a Python on the PATH whose virtual environment has this for a pip."""
    inner = f'case "$*" in *"-m pip"*) {pip} ;; esac'
    make = f"mkdir -p .venv/bin; printf '%s\\n' '#!/bin/sh' '{inner}' >.venv/bin/python; chmod 755 .venv/bin/python"
    program(programs, "chmod", 'exec /bin/chmod "$@"')
    program(programs, "python3", f'case "$*" in *"-m venv"*) {make} ;; esac')


def set_up(
    clone: Path, programs: Path, *arguments: str, for_what: str = "run", **variables: str
) -> subprocess.CompletedProcess[str]:
    variables = {"PATH": str(programs), "QUYHOACH_DATABASE_URL": "postgresql:///elsewhere"} | variables
    command = ["./setup.sh", for_what, *arguments]
    return subprocess.run(command, cwd=clone, env=variables, capture_output=True, text=True, check=False)


def pinned(name: str) -> dict[str, str]:
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", text, re.MULTILINE))


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_with_hashes_and_no_address(name: str):
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "/" not in re.sub(r"#.*", "", text)
    entries = re.split(r"\n(?=[a-z])", text[text.index("\na") + 1 :])
    assert len(entries) == len(pinned(name)) > 50
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", LOCKS[1:])
def test_tests_and_notebooks_run_with_the_packages_of_the_product(name: str):
    product, theirs = pinned(LOCKS[0]), pinned(name)
    assert {package: theirs[package] for package in product} == product


def test_tests_and_notebooks_share_one_environment():
    tests, notebooks = pinned(LOCKS[1]), pinned(LOCKS[2])
    both = tests.keys() & notebooks.keys()
    assert {name: tests[name] for name in both} == {name: notebooks[name] for name in both}


def test_every_declared_package_is_in_the_lock():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    for declared, lock in (
        (project["project"]["dependencies"] + groups["build"], LOCKS[0]),
        (groups["dev"], LOCKS[1]),
        (groups["charts"], LOCKS[1]),
        (groups["charts"], LOCKS[2]),
        (groups["notebooks"], LOCKS[2]),
    ):
        names = {re.split(r"[\[><=;]", requirement)[0] for requirement in declared if isinstance(requirement, str)}
        assert names - set(pinned(lock)) == set()


def test_a_second_set_up_does_nothing_and_becomes_the_command(clone: Path, programs: Path):
    python_that_makes(
        programs, pip='case "$*" in *" -e "*) : >.venv/bin/quyhoach; /bin/chmod 755 .venv/bin/quyhoach ;; esac'
    )
    first = set_up(clone, programs, "echo", "served")
    assert first.returncode == 0, first.stderr
    assert first.stdout == "served\n"
    assert "Virtual environment … done" in first.stderr
    second = set_up(clone, programs, "sh", "-c", "echo served again; echo what it says >&2")
    assert (second.returncode, second.stdout, second.stderr) == (0, "served again\n", "what it says\n")


def test_a_changed_lock_makes_the_environment_again(clone: Path, programs: Path):
    python_that_makes(
        programs, pip='case "$*" in *" -e "*) : >.venv/bin/quyhoach; /bin/chmod 755 .venv/bin/quyhoach ;; esac'
    )
    set_up(clone, programs)
    (clone / "requirements.lock").write_text("shapely==2.2.0\n")
    again = set_up(clone, programs)
    assert "Virtual environment … done" in again.stderr
    assert "1 pinned in requirements.lock" in again.stderr


def test_notebooks_bring_jupyter_into_the_same_environment_and_stay_when_it_is_made_again(clone: Path, programs: Path):
    python_that_makes(
        programs, pip='case "$*" in *" -e "*) : >.venv/bin/quyhoach; /bin/chmod 755 .venv/bin/quyhoach ;; esac'
    )
    (clone / "requirements-notebooks.lock").write_text("jupyterlab==4.5.0\n")
    assert "0 pinned in requirements.lock" in set_up(clone, programs).stderr
    added = set_up(clone, programs, "echo", "opened", for_what="notebooks")
    assert "Virtual environment" not in added.stderr
    assert "1 pinned in requirements-notebooks.lock" in added.stderr
    assert added.stdout == "opened\n"
    assert set_up(clone, programs).stderr == set_up(clone, programs, for_what="notebooks").stderr == ""
    (clone / "requirements.lock").write_text("shapely==2.2.0\n")
    again = set_up(clone, programs)
    assert "1 pinned in requirements.lock" in again.stderr
    assert "1 pinned in requirements-notebooks.lock" in again.stderr


def test_a_failing_step_shows_the_end_of_its_log_and_stops(clone: Path, programs: Path):
    python_that_makes(programs, pip="echo no such package; exit 1")
    failed = set_up(clone, programs, "echo", "served")
    assert failed.returncode == 1
    assert failed.stdout == ""
    assert "Python packages (0 pinned in requirements.lock) … failed. The end of .local/setup.log" in failed.stderr
    assert "no such package" in failed.stderr
    assert not (clone / ".venv" / ".run").exists()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_step_leaves_nothing_running_and_no_error(clone: Path, programs: Path, how: signal.Signals):
    python_that_makes(programs, pip="echo $$ >pip.pid; exec sleep 60")
    variables = {"PATH": str(programs), "QUYHOACH_DATABASE_URL": "postgresql:///elsewhere"}
    with subprocess.Popen(
        ["./setup.sh", "run", "echo", "served"],
        cwd=clone,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever starts the suite in the background may have it ignore interrupts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads here
    ) as running:
        assert running.stderr is not None
        while not (clone / "pip.pid").exists() or not (clone / "pip.pid").read_text().strip():
            assert running.poll() is None
        running.send_signal(how)
        said, complained = running.communicate(timeout=10)
    assert (running.returncode, said) == (0, "")
    assert "Set-up stopped; the next start goes on from here." in complained
    with pytest.raises(ProcessLookupError):
        os.kill(int((clone / "pip.pid").read_text()), 0)


@pytest.mark.parametrize(
    ("tool", "sentence"),
    [
        ("dnf", "sudo dnf install python3.12 postgresql-server postgis"),
        ("brew", "brew install python@3.13 postgresql@17 postgis"),
        (
            "nothing-known",
            "Python 3.11 or newer with its venv module; PostgreSQL 14 or newer with PostGIS 3.2 or newer",
        ),
    ],
)
def test_a_system_without_apt_is_told_its_packages(clone: Path, programs: Path, tool: str, sentence: str):
    program(programs, tool, "")
    lacking = set_up(clone, programs)
    assert lacking.returncode == 1
    assert sentence in lacking.stderr
    assert "Lacking here: python." in lacking.stderr
    assert "QUYHOACH_DATABASE_URL may name any PostGIS 3.3 or newer" in lacking.stderr


def test_without_root_and_sudo_the_packages_are_named(clone: Path, programs: Path):
    program(programs, "apt-get", "exit 100")
    (programs / "id").unlink()
    program(programs, "id", "echo 1000")
    lacking = set_up(clone, programs)
    assert lacking.returncode == 1
    assert "apt-get update && apt-get install --no-install-recommends python3-venv" in lacking.stderr


def test_missing_packages_are_named_and_installed_through_sudo(clone: Path, programs: Path):
    program(programs, "apt-get", 'echo "$@" >>asked')
    program(programs, "apt-cache", "echo python3.11-venv - one; echo python3.13-venv - two")
    program(programs, "sudo", '[ "$1 $3" != "sh apt" ] || { shift 3; echo "as root: $*" >>asked; exit; }; "$@"')
    (programs / "id").unlink()
    program(programs, "id", "echo 1000")
    lacking = set_up(clone, programs)
    assert "Missing system packages: python3.13-venv" in lacking.stderr
    assert (clone / "asked").read_text().splitlines() == [
        "update -o DPkg::Lock::Timeout=120",
        "as root: python3.13-venv",
    ]
    assert "No Python 3.11 or newer with the venv module was found, even after installing it." in lacking.stderr


def test_make_help_has_a_line_for_every_command():
    listed = subprocess.run(["make", "help"], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    named = re.findall(r"^  make (\w+) +\S", listed, re.MULTILINE)
    assert {"run", "test", "check", "bench", "notebooks", "clean", "help"} <= set(named)
