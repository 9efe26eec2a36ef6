"""A mapping guessed from names: shown before it is used, and used unasked only where nothing is in doubt."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import cast

from gis.intake.mapping import Mapping, Plain
from gis.schema import short_names, stored_columns
from layers.model import DATA, Column, Layer

_OURS = frozenset(
    {
        "delivery",
        "recorded_at",
        "web_geom",
        "fid",
        "ogc_fid",
        "objectid",
        "gid",
        "shape_area",
        "shape_length",
        "shape_leng",
    }
)
_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")
_FOUND_BY = ("its name", "its name as a Shapefile cuts it", "its title", "a known other name")


@dataclass(frozen=True, slots=True)
class Guess:
    """A guessed mapping, the reasons for it, and what is in doubt."""

    mapping: Mapping
    reasons: tuple[str, ...]
    doubts: tuple[str, ...]

    def as_toml(self, layer: Layer) -> str:
        """Return it as a mapping file that can be corrected and given back."""
        lines = [
            f'layer = "{layer.name}"',
            f"ignored = {list(self.mapping.ignored)!r}".replace("'", '"'),
            "",
            "[columns]",
        ]
        lines += [f'{column} = "{sources[0]}"' for column, sources in self.mapping.columns.items()]
        if self.mapping.constants:
            lines += ["", "[constants]"]
            lines += [f'{column} = "{value}"' for column, value in self.mapping.constants.items()]
        return "\n".join(lines) + "\n"


def folded(name: str) -> str:
    """Return a name without case, diacritics, spaces and marks, so that spellings of one word meet."""
    plain = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return _NOT_A_LETTER.sub("", "".join(letter for letter in plain if not unicodedata.combining(letter)))


@cache
def _synonyms() -> dict[str, frozenset[str]]:
    tables = tomllib.loads((DATA / "mappings" / "synonyms.toml").read_text(encoding="utf-8"))
    columns = cast("dict[str, list[str]]", tables["columns"])
    return {column: frozenset(folded(name) for name in names) for column, names in columns.items()}


class Uid(Enum):
    """What a column `uid` of a delivery means: a name of whoever delivers; ours, where the file is an export; ours."""

    FOREIGN = auto()
    OF_EXPORTS = auto()
    OURS = auto()


def guess(layer: Layer, columns: tuple[str, ...], source_name: str, *, uid: Uid = Uid.FOREIGN) -> Guess:
    """Match the columns of a delivery with those of a layer by name, title and known other names.

    Parameters
    ----------
    source_name
        What the rows get as their source where no column says it: the name of the file.
    uid
        Whether features come back under the names they had.
    """
    matched: dict[str, tuple[str, ...]] = {}
    reasons: list[str] = []
    doubts: list[str] = []
    taken: dict[str, str] = {}
    short = short_names(["uid", *(column.name for column in stored_columns(layer))])
    for column in stored_columns(layer):
        if column.name == "delivery":
            continue
        rank, found = _matches(column, columns, short[column.name])
        if len(found) > 1:
            doubts.append(f"{column.name} may be {' or '.join(found)}")
        elif found and found[0] in taken:
            doubts.append(f"{found[0]} may be {taken[found[0]]} or {column.name}")
        elif found:
            matched[column.name] = (found[0],)
            taken[found[0]] = column.name
            reasons.append(f"{column.name} ← {found[0]} ({_FOUND_BY[rank]})")
    if said := _uid_is_ours(columns, uid):
        matched["uid"] = ("uid",)
        taken["uid"] = "uid"
        reasons.append(f"uid ← uid ({said})")
    elif uid is Uid.OURS:
        doubts.append("no column is called uid, by which features are to be found")
    left = [name for name in columns if name not in taken and name.casefold() not in _OURS]
    doubts += [f"nothing fills {name}, which is required" for name in _unfilled(layer, matched)]
    made = Mapping(columns=matched, constants=_constants(layer, matched, source_name), ignored=tuple(left))
    return Guess(made, tuple(reasons), tuple(doubts))


def _uid_is_ours(columns: tuple[str, ...], uid: Uid) -> str:
    """Return why a column `uid` names features of this system; nothing where it does not."""
    if uid is Uid.OURS and "uid" in columns:
        return "its name"
    return "the file is an export of this system" if uid is not Uid.FOREIGN and _is_export(columns) else ""


def _is_export(columns: tuple[str, ...]) -> bool:
    marks = {"uid", "source", "source_document", "quality", "valid_from"}
    return marks <= set(columns) or set(short_names(sorted(marks)).values()) <= set(columns)


def _matches(column: Column, columns: tuple[str, ...], short: str) -> tuple[int, list[str]]:
    """Return the best rank at which source columns match, and those that do."""
    ranks = (
        {folded(column.name)},
        {folded(short)},
        {folded(column.title.vi), folded(column.title.en)},
        _synonyms().get(column.name, frozenset[str]()),
    )
    for rank, names in enumerate(ranks):
        if found := [name for name in columns if folded(name) in names]:
            return rank, found
    return 0, []


def _constants(layer: Layer, matched: dict[str, tuple[str, ...]], source_name: str) -> dict[str, Plain]:
    constants: dict[str, Plain] = {}
    if "source" not in matched:
        constants["source"] = source_name
    if layer.staged and "stage" not in matched:
        constants["stage"] = "existing"
    return constants


def _unfilled(layer: Layer, matched: dict[str, tuple[str, ...]]) -> list[str]:
    return [column.name for column in layer.columns if column.required and column.name not in {*matched, "stage"}]
