"""Short forms in which the declarations are written."""

from __future__ import annotations

from layers.model import Code, CodeList, Column, Kind, Words


def words(vi: str, en: str) -> Words:
    """Pair an expression in Vietnamese with the same in English."""
    return Words(vi, en)


def text(
    name: str,
    title: Words,
    meaning: Words,
    *,
    codes: CodeList | None = None,
    required: bool = False,
    refers: str | None = None,
    public: bool = True,
) -> Column:
    """Declare a text column, free or closed by a code list."""
    return Column(name, Kind.TEXT, title, meaning, codes=codes, required=required, refers=refers, public=public)


def number(
    name: str,
    title: Words,
    meaning: Words,
    *,
    unit: str,
    minimum: float | None = 0,
    maximum: float | None = None,
    required: bool = False,
) -> Column:
    """Declare a measured value; by default it is not negative."""
    return Column(name, Kind.NUMBER, title, meaning, unit=unit, minimum=minimum, maximum=maximum, required=required)


def integer(
    name: str,
    title: Words,
    meaning: Words,
    *,
    unit: str | None = None,
    minimum: float | None = 0,
    maximum: float | None = None,
    required: bool = False,
) -> Column:
    """Declare a count, a year or a whole number; by default it is not negative."""
    return Column(name, Kind.INTEGER, title, meaning, unit=unit, minimum=minimum, maximum=maximum, required=required)


def year(name: str, title: Words, meaning: Words) -> Column:
    """Declare a calendar year."""
    return Column(name, Kind.INTEGER, title, meaning, unit="year", minimum=1000, maximum=2200)


def yes_no(name: str, title: Words, meaning: Words) -> Column:
    """Declare a yes-or-no column; empty means unknown."""
    return Column(name, Kind.BOOLEAN, title, meaning)


def day(name: str, title: Words, meaning: Words) -> Column:
    """Declare a calendar date."""
    return Column(name, Kind.DATE, title, meaning)


def code_list(name: str, title: Words, *codes: tuple[str, str, str] | tuple[str, str, str, str]) -> CodeList:
    """Declare a closed list of (code, Vietnamese, English[, colour])."""
    return CodeList(
        name,
        title,
        source="quyhoach",
        inline=tuple(Code(code, Words(vi, en), color=color[0] if color else None) for code, vi, en, *color in codes),
    )
