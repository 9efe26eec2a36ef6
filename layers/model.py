"""The vocabulary of the declarations: what a layer, a column, a code list and a paint are."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"
"""The folder of what law, plan and standards say, as data."""

LONGEST_KEY = 200
"""Letters a text may have by which features are found: all of a row together fill at most 2 704 bytes of an index."""
LONGEST_TEXT = 10_000
"""Letters any other text may have."""

_NAME = re.compile(r"^[a-z][a-z0-9_]{0,47}$")
_COLOR = re.compile(r"^#[0-9a-f]{6}$")


class DeclarationError(ValueError):
    """A declaration that contradicts itself; the message names the layer and the column."""


@dataclass(frozen=True, slots=True)
class Words:
    """One expression in Vietnamese and in English."""

    vi: str
    en: str

    def __post_init__(self) -> None:
        if not self.vi.strip() or not self.en.strip():
            raise DeclarationError(f"both languages are needed, given vi={self.vi!r}, en={self.en!r}")


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"


class Geometry(StrEnum):
    """The geometry types a layer may have, as PostGIS names them.

    Lines and polygons are always multi-part, so that no delivery has to be split and no part is lost.
    """

    POINT = "Point"
    LINE = "MultiLineString"
    POLYGON = "MultiPolygon"


class Horizon(StrEnum):
    """The three dates at which the city is seen: as it stands, in 2030, in 2045."""

    EXISTING = "existing"
    H2030 = "2030"
    H2045 = "2045"

    @property
    def reached(self) -> tuple[Horizon, ...]:
        """The horizons reached at this one, itself included, earliest first."""
        every = tuple(Horizon)
        return every[: every.index(self) + 1]


@dataclass(frozen=True, slots=True)
class Code:
    """One allowed value: its code, its name in both languages, its colour on the map.

    `certainty` says how sure the name and colour are (see `CodeList.source`); `conflict` says in words
    where two sources contradict each other.
    """

    code: str
    title: Words
    color: str | None = None
    certainty: str | None = None
    conflict: str | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        if self.color is not None and not _COLOR.match(self.color):
            raise DeclarationError(f"code {self.code!r}: the colour is #rrggbb in lower case, given {self.color!r}")


@dataclass(frozen=True, slots=True)
class CodeList:
    """A closed list of values: written here as `inline`, or kept in `data/codes/` as `file`."""

    name: str
    title: Words
    source: str
    inline: tuple[Code, ...] = ()
    file: str | None = None

    def __post_init__(self) -> None:
        if bool(self.inline) == (self.file is not None):
            raise DeclarationError(f"code list {self.name!r}: either inline codes or a file")

    @property
    def codes(self) -> tuple[Code, ...]:
        """The codes in their declared order."""
        return self.inline if self.file is None else _codes_of_file(DATA / "codes" / self.file)

    @property
    def values(self) -> tuple[str, ...]:
        """The allowed values alone."""
        return tuple(code.code for code in self.codes)

    def named(self, value: str | None) -> Code | None:
        """Return the code of a value; None where there is none of it."""
        return next((code for code in self.codes if code.code == value), None)


@cache
def _codes_of_file(path: Path) -> tuple[Code, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Code(
                code=row["code"],
                title=Words(row["title_vi"], row["title_en"]),
                color=row["color"] or None,
                certainty=row["certainty"] or None,
                conflict=row["conflict"] or None,
                note=row["note"] or None,
            )
            for row in csv.DictReader(file)
        )


@dataclass(frozen=True, slots=True)
class Column:
    """One attribute of a layer.

    `unit` is the unit of a measured value ("m", "m²", "people", "1" for a share). `refers` names the
    column another layer is found by ("ward.code"). `minimum` and `maximum` bound what an intake accepts.
    """

    name: str
    kind: Kind
    title: Words
    meaning: Words
    unit: str | None = None
    codes: CodeList | None = None
    required: bool = False
    public: bool = True
    refers: str | None = None
    minimum: float | None = None
    maximum: float | None = None

    def __post_init__(self) -> None:
        if not _NAME.match(self.name):
            raise DeclarationError(f"column {self.name!r}: a name is lower case letters, digits and _")
        if self.codes is not None and self.kind is not Kind.TEXT:
            raise DeclarationError(f"column {self.name!r}: a coded column is text")
        if (self.minimum is not None or self.maximum is not None) and self.kind not in (Kind.INTEGER, Kind.NUMBER):
            raise DeclarationError(f"column {self.name!r}: only a number has bounds")


@dataclass(frozen=True, slots=True)
class Paint:
    """How a layer is drawn: one colour, or the colours of the code list of column `by`.

    Widths and radii are in screen pixels; `opacity` is 0-1; `label` is the column written beside a feature.
    """

    color: str
    by: str | None = None
    outline: str | None = None
    width_px: float = 1.0
    radius_px: float = 4.0
    opacity: float = 0.7
    dashed: bool = False
    label: str | None = None

    def __post_init__(self) -> None:
        for color in (self.color, self.outline):
            if color is not None and not _COLOR.match(color):
                raise DeclarationError(f"a colour is #rrggbb in lower case, given {color!r}")


@dataclass(frozen=True, slots=True)
class Intake:
    """What an intake checks beyond types, codes and required values.

    `exclusive` : features may not overlap among those that share the values of these columns
    (empty tuple: among all); None where overlapping is in the nature of the layer.
    `gapless` : gaps between exclusive features are reported too.
    `within_city` : a feature that does not meet the city boundary is refused.
    """

    exclusive: tuple[str, ...] | None = None
    gapless: bool = False
    within_city: bool = True
    elevation: tuple[str, ...] = ()
    """Columns that may be filled from an elevation model where a delivery leaves them empty."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the city, declared once; table, intake, tiles, legend and dictionary follow from it.

    `key` : the columns by which people find a feature (ward code; map sheet and parcel number).
    It need not be unique: the unique name of a feature is its `uid`.
    `gathered_below` : zoom from which on its features are drawn one by one; below it, those of one code that lie
    near each other are drawn together, from the overview that the database keeps.
    `first_zooms` : zooms from which on features of some codes of the painted column are drawn, where that is later
    than the layer itself.
    """

    name: str
    title: Words
    meaning: Words
    geometry: Geometry
    columns: tuple[Column, ...]
    paint: Paint
    key: tuple[str, ...] = ()
    zooms: tuple[int, int] = (0, 22)
    intake: Intake = Intake()
    public: bool = True
    gathered_below: int | None = None
    first_zooms: tuple[tuple[str, int], ...] = ()

    def __post_init__(self) -> None:
        if not _NAME.match(self.name):
            raise DeclarationError(f"layer {self.name!r}: a name is lower case letters, digits and _")
        names = [column.name for column in self.columns]
        if twice := {name for name in names if names.count(name) > 1}:
            raise DeclarationError(f"layer {self.name!r}: declared twice: {', '.join(sorted(twice))}")
        named = {*self.key, *(self.intake.exclusive or ()), *self.intake.elevation, self.paint.by, self.paint.label}
        if unknown := named - {None} - set(names):
            raise DeclarationError(f"layer {self.name!r}: no such column: {', '.join(sorted(map(str, unknown)))}")
        if self.paint.by is not None and self.column(self.paint.by).codes is None:
            raise DeclarationError(f"layer {self.name!r}: painted by {self.paint.by!r}, which has no code list")
        if self.gathered_below is not None:
            if self.geometry is not Geometry.POLYGON or self.paint.by is None:
                raise DeclarationError(f"layer {self.name!r}: only areas painted by a code are gathered")
            if not self.zooms[0] < self.gathered_below <= self.zooms[1]:
                raise DeclarationError(f"layer {self.name!r}: gathered below a zoom at which it is shown")

        if unknown := {code for code, _ in self.first_zooms} - set(self.painted_values):
            raise DeclarationError(f"layer {self.name!r}: no such painted value: {', '.join(sorted(unknown))}")

    def hidden_at(self, zoom: int) -> tuple[str, ...]:
        """Return the codes of the painted column whose features are not yet drawn at a zoom."""
        return tuple(code for code, first in self.first_zooms if zoom < first)

    @property
    def painted_values(self) -> tuple[str, ...]:
        """The values of the column the layer is painted by; none where it has one colour."""
        codes = None if self.paint.by is None else self.column(self.paint.by).codes
        return () if codes is None else codes.values

    def longest_text(self, name: str) -> int:
        """Return how many letters a text of a column may have."""
        return LONGEST_KEY if name in self.key else LONGEST_TEXT

    def __hash__(self) -> int:
        # Layers are keys of many tables; their names differ, and all their columns need not be looked at each time.
        return hash(self.name)

    def column(self, name: str) -> Column:
        """Return the column of that name; KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def staged(self) -> bool:
        """Whether features come and go with the horizons (see `layers.kernel.STAGE`)."""
        return any(column.name == "stage" for column in self.columns)

    @property
    def planned(self) -> bool:
        """Whether a feature holds for one plan horizon only (see `layers.kernel.PLAN_HORIZON`)."""
        return any(column.name == "horizon" for column in self.columns)


@dataclass(frozen=True, slots=True)
class LayerGroup:
    """Layers that belong together in legend, dictionary and tiles, in drawing order (bottom first)."""

    name: str
    title: Words
    layers: tuple[Layer, ...]
