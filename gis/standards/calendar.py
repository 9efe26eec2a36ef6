"""The calendar of the standards in `data/standards/`: every edition, and the one in force on a day."""

from __future__ import annotations

import datetime as dt
from functools import cache
from itertools import pairwise
from pathlib import Path

from gis.standards.edition import Edition, NoEditionError, UnknownEditionError
from gis.standards.notation import rule
from gis.written import WrittenError, written
from layers.model import DATA

_FOLDER = DATA / "standards"
_EDITION = "edition"


@cache
def editions(folder: Path = _FOLDER) -> tuple[Edition, ...]:
    """Return the editions of a folder, the oldest first.

    Raises
    ------
    WrittenError
        When a file is wrong, or the days of two editions overlap or leave a gap between them.
    """
    found = sorted((_edition(path) for path in folder.glob("qcvn-*.toml")), key=lambda each: each.first_day)
    for earlier, later in pairwise(found):
        if wrong := _wrong_succession(earlier, later):
            raise WrittenError(folder.name, "", wrong)
    return tuple(found)


def in_force(*, on: dt.date, folder: Path = _FOLDER) -> Edition:
    """Return the edition in force on a day; NoEditionError before the first."""
    known = editions(folder)
    for each in known:
        if each.holds(on):
            return each
    raise NoEditionError(on, known)


def edition(code: str, *, folder: Path = _FOLDER) -> Edition:
    """Return the edition of a code, or of its number alone ("01:2021"); UnknownEditionError where there is none."""
    known = editions(folder)
    for each in known:
        if code in (each.code, each.number):
            return each
    raise UnknownEditionError(code, known)


def _wrong_succession(earlier: Edition, later: Edition) -> str | None:
    end = earlier.last_day
    if later.replaces != earlier.code:
        return f"{later.code} follows {earlier.code}, but says that it replaces {later.replaces}"
    if end is None or end >= later.first_day:
        return f"{earlier.code} (until {end or 'it is replaced'}) and {later.code} (from {later.first_day}) overlap"
    if end + dt.timedelta(days=1) < later.first_day:
        return f"nothing is in force between {earlier.code} (until {end}) and {later.code} (from {later.first_day})"
    return None


def _edition(path: Path) -> Edition:
    file = written(path)
    said = file.table(_EDITION)
    said.check_names(
        *("code", "title", "instrument", "instrument_date", "first_day", "last_day", "replaces"),
        *("certainty", "source", "source_note"),
    )
    code, certainty = said.of(str, "code"), said.certainty()
    first_day, last_day = said.of(dt.date, "first_day"), said.maybe(dt.date, "last_day")
    if last_day is not None and last_day < first_day:
        raise said.wrong(f"it ends on {last_day}, before it begins on {first_day}")
    return Edition(
        code=code,
        title=said.words("title"),
        instrument=said.of(str, "instrument"),
        instrument_date=said.of(dt.date, "instrument_date"),
        first_day=first_day,
        last_day=last_day,
        replaces=said.of(str, "replaces"),
        certainty=certainty,
        source=said.of(str, "source"),
        source_note=said.maybe_words("source_note"),
        rules={each.place: rule(each, code, certainty) for each in file.tables() if each.place != _EDITION},
    )
