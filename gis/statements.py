"""Whole SQL statements, kept in the `.sql` file beside their only caller.

A file holds blocks. A block begins with its name and says, for each parameter, its type and unit::

    -- name: tile
    -- Draw one tile of one layer.
    --   z  integer  zoom level, 0-22
    SELECT …

Values are bound (`%(z)s`); what must be placed as an identifier is written `{layer}` and given to `Statement.sql`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import LiteralString, cast

from psycopg import sql

_NAME = re.compile(r"^-- name: *(\w+) *$")
_PARAMETER = re.compile(r"^--   (\w+)  +([\w\[\]]+(?: precision| with time zone)?)  +(.+)$")
_BOUND = re.compile(r"%\((\w+)\)s")
_BOUND_OR_PERCENT = re.compile(rf"{_BOUND.pattern}|%%")


class StatementError(ValueError):
    """A `.sql` file that does not say what it should; the message names file and statement."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One bound value of a statement."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One named statement."""

    name: str
    text: str
    parameters: tuple[Parameter, ...]
    path: Path

    def sql(self, **identifiers: sql.Composable) -> sql.Composed:
        """Return the statement with identifiers in their places."""
        # The text comes from a file of this package, never from a request.
        return sql.SQL(cast(LiteralString, self.text)).format(**identifiers)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A statement with its parameters as PostgreSQL itself writes them, $1, $2, and their names in that order."""

    text: bytes
    names: tuple[str, ...]


def numbered(statement: sql.Composable) -> Numbered:
    """Return a statement with its values still to be bound, by number instead of by name."""
    names: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        return names.setdefault(match[1], f"${len(names) + 1}") if match[1] else "%"

    text = _BOUND_OR_PERCENT.sub(number, statement.as_string(None))
    return Numbered(text.encode(), tuple(names))


@cache
def statements(path: Path) -> Mapping[str, Statement]:
    """Return the statements of a file by name; StatementError where one is malformed."""
    found: dict[str, Statement] = {}
    for name, lines in _blocks(path):
        statement = _statement(name, lines, path)
        if name in found:
            raise StatementError(f"{path.name}: {name} stands twice")
        found[name] = statement
    return found


def _blocks(path: Path) -> list[tuple[str, list[str]]]:
    blocks: list[tuple[str, list[str]]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if match := _NAME.match(line):
            blocks.append((match[1], []))
        elif blocks:
            blocks[-1][1].append(line)
    if not blocks:
        raise StatementError(f"{path.name}: no `-- name:` line")
    return blocks


def _statement(name: str, lines: list[str], path: Path) -> Statement:
    parameters = tuple(Parameter(*match.groups()) for line in lines if (match := _PARAMETER.match(line)))
    text = "\n".join(line for line in lines if not line.startswith("--")).strip().rstrip(";")
    declared, bound = {parameter.name for parameter in parameters}, set(_BOUND.findall(text))
    if declared != bound:
        raise StatementError(f"{path.name}: {name} declares {sorted(declared)} and binds {sorted(bound)}")
    return Statement(name, text, parameters, path)
