"""The user that PostgreSQL runs as: the caller, or in place of root one without rights."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from gis.cluster.errors import NamelessAccountError

_IN_PLACE_OF_ROOT = ("postgres", "nobody")


class Identity(TypedDict, total=False):
    """What `subprocess` needs to start a process as another user."""

    user: int
    group: int
    extra_groups: Sequence[int]


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this machine."""

    name: str
    uid: int
    gid: int

    @property
    def identity(self) -> Identity:
        """Return what makes a child process run as this user; nothing when that is the caller."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": ()}

    def owns(self, path: Path) -> None:
        """Give a file or directory to this user."""
        if self.uid != os.geteuid():
            os.chown(path, self.uid, self.gid)

    def can_enter(self, directory: Path) -> bool:
        """Return whether this user can reach a directory, every directory above it included."""
        command = ("sh", "-c", 'cd -- "$1"', "sh", str(directory))
        return subprocess.run(command, cwd="/", stderr=subprocess.DEVNULL, check=False, **self.identity).returncode == 0


def caller() -> Account:
    """Return the user this process runs as.

    Raises
    ------
    NamelessAccountError
        When the list of users does not know the id, which PostgreSQL does not bear.
    """
    return _of_uid(os.geteuid())


def server_account(data: Path) -> Account:
    """Return the user that the server over this data directory runs as.

    Root may not run PostgreSQL: the owner of the directory does, or before there is one a user without rights.

    Raises
    ------
    NamelessAccountError
        When there is no such user.
    """
    if os.geteuid() != 0:
        return caller()
    if data.exists():
        return _of_uid(data.stat().st_uid)
    for name in _IN_PLACE_OF_ROOT:
        try:
            return _account(pwd.getpwnam(name))
        except KeyError:
            continue
    raise NamelessAccountError(0)


def root() -> Account:
    """Return the user with all rights."""
    return _of_uid(0)


def owner_name(path: Path) -> str:
    """Return who owns a file or directory, by number where the list of users does not know the name."""
    try:
        return path.owner()
    except KeyError:
        return f"user id {path.stat().st_uid}"


def _of_uid(uid: int) -> Account:
    try:
        return _account(pwd.getpwuid(uid))
    except KeyError as unknown:
        raise NamelessAccountError(uid) from unknown


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
