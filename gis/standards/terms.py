"""What the axes of the rules mean, and the codes on them, in both languages."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from layers.model import DATA, Words

_FILE = DATA / "standards" / "terms.toml"


@dataclass(frozen=True, slots=True)
class Term:
    """An axis: of `codes`, or of numbers in `unit`."""

    name: str
    title: Words
    unit: str | None
    codes: Mapping[str, Words]


@cache
def terms() -> Mapping[str, Term]:
    """Return the axes by name."""
    with _FILE.open("rb") as file:
        written = tomllib.load(file)
    return {name: _term(name, **said) for name, said in written.items()}


def _term(
    name: str, *, title: dict[str, str], unit: str | None = None, codes: dict[str, dict[str, str]] | None = None
) -> Term:
    return Term(name, Words(**title), unit, {code: Words(**words) for code, words in (codes or {}).items()})
