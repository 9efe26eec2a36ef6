"""The file that was given: there, open to be read, and of a name that the register can hold."""

from __future__ import annotations

from pathlib import Path

from gis.intake.errors import IntakeError
from gis.intake.formats import local_path


class UnreadableFileError(IntakeError):
    """A file that may not be read, or that cannot be there."""

    def __init__(self, given: str, reason: str) -> None:
        super().__init__(f"{given[:300]!r} cannot be read: {reason}.")


class FileNameError(IntakeError):
    """A file whose name is no text."""

    def __init__(self, given: str) -> None:
        super().__init__(f"The name {given!r} is not in UTF-8; rename the file, then load it.")


def given_file(given: str | Path) -> Path:
    """Return the path of a file that can be read.

    Raises
    ------
    UnreadableFileError, FileNameError, RemoteFileError, NoSuchFileError, DirectoryError, EmptyFileError
        When it is none.
    """
    try:
        str(given).encode()
        path = local_path(given)
        if not path.is_dir():
            path.open("rb").close()
    except UnicodeEncodeError as error:
        raise FileNameError(str(given)) from error
    except OSError as error:
        raise UnreadableFileError(str(given), error.strerror or str(error)) from error
    return path
