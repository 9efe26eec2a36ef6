"""The answer to a question: what was asked of which city, and what was found."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from functools import cached_property
from hashlib import sha256
from math import isfinite
from typing import TYPE_CHECKING, Any  # documents of JSON are anything; libraries that few need are entered late

import shapely
from shapely.geometry.base import BaseGeometry

from gis.findings.feature import Feature
from gis.findings.quantity import Quantity
from gis.findings.source import Source
from gis.findings.table import NOT_APPLICABLE, Cell, Table
from gis.findings.verdict import Outcome, Verdict
from gis.schema import BASELINE
from layers.model import Horizon, Words

if TYPE_CHECKING:
    from pathlib import Path

    import folium
    import geopandas
    import pandas

    from gis.db import City

_DIGITS = 6
"""Decimals that count: a figure is the same, whichever machine added it up."""
_GRID_M = 0.001
_HASH_DIGITS = 32
_PLAIN = frozenset({str, int, bool, type(None)})
"""What JSON holds as it is; an enumeration of texts is none of them."""


@dataclass(frozen=True, repr=False)
class Finding:
    """The answer to a question.

    `arguments` are all that was asked, defaults included, as they are asked again; `argument_words` say those of them
    that are codes as people call them. `horizon` and `scenario` say of which city. Areas are in m² or ha as their
    headings say, geometries in EPSG:5899.
    """

    question: str
    title: Words
    arguments: Mapping[str, Any]
    horizon: Horizon
    scenario: str
    quantities: tuple[Quantity, ...] = ()
    tables: tuple[Table, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    features: tuple[Feature, ...] = ()
    notes: tuple[Words, ...] = ()
    sources: tuple[Source, ...] = ()
    argument_words: Mapping[str, Words] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Return it in one line: a finding holds too much to be written out."""
        return f"Finding({self.question!r}, hash={self.hash!r})"

    @cached_property
    def hash(self) -> str:
        """A name for all that is said here; a second run of the same question on the same city repeats it."""
        return self._named(self._said())

    @property
    def document(self) -> dict[str, Any]:
        """All of it as JSON, the hash included."""
        said = self._said()
        return {**said, "hash": self._named(said)}

    @property
    def command(self) -> str:
        """What is typed in a shell to ask the same again."""
        said = [f"{name}={value}" for name, value in self.arguments.items() if value not in ("", None)]
        seen = ["--horizon", self.horizon.value] if self.horizon is not Horizon.EXISTING else []
        seen += ["--scenario", self.scenario] if self.scenario != BASELINE else []
        return shlex.join(["quyhoach", "ask", self.question, *said, *seen])

    def quantity(self, name: str) -> Quantity:
        """Return a figure; KeyError where there is none of that name."""
        for each in self.quantities:
            if each.name == name:
                return each
        raise KeyError(name)

    def table(self, name: str | None = None, *, language: str = "en") -> pandas.DataFrame:
        """Return a table as a frame, the first where no name is given; units and titles are in its `attrs`.

        A frame has one word for what is not known and for what cannot be there: no value.
        """
        import pandas  # noqa: PLC0415 - not loaded by who only answers

        found = self.table_named(name)
        rows = [[_in_frame(cell, language) for cell in row] for row in found.rows]
        frame = pandas.DataFrame(rows, columns=[heading.name for heading in found.headings])
        frame.attrs = {
            "title": getattr(found.title, language),
            "titles": {heading.name: getattr(heading.title, language) for heading in found.headings},
            "units": {heading.name: heading.unit for heading in found.headings if heading.unit},
        }
        return frame

    def table_named(self, name: str | None = None) -> Table:
        """Return a table, the first where no name is given; KeyError where there is none."""
        for each in self.tables:
            if name in (None, each.name):
                return each
        raise KeyError(name)

    def judgements(self, outcome: Outcome | str | None = None) -> Table:
        """Return the verdicts as a table, what fails first; or those of one outcome, such as `fail`."""
        from gis.findings.judgements import judgements  # noqa: PLC0415 - not loaded by who only answers

        return judgements(self.verdicts, None if outcome is None else Outcome(outcome))

    def geodataframe(self) -> geopandas.GeoDataFrame:
        """Return the features as a frame in EPSG:5899."""
        import geopandas  # noqa: PLC0415 - not loaded by who only answers

        from gis.schema import STORED_SRID  # noqa: PLC0415 - not loaded by who only answers

        rows = [
            {"layer": each.subject.layer, "uid": each.subject.uid, "label": each.subject.label, **each.properties}
            for each in self.features
        ]
        return geopandas.GeoDataFrame(rows, geometry=[each.geometry for each in self.features], crs=STORED_SRID)

    def geojson(self) -> dict[str, Any]:
        """Return the features as GeoJSON, in longitude and latitude."""
        from gis.findings.lonlat import collection  # noqa: PLC0415 - not loaded by who only answers

        return collection(self.features)

    def map(self, *, city: City | None = None, language: str = "vi") -> folium.Map:
        """Return the features on a map, rules that are broken in red; see `gis.maps.found.draw_finding`."""
        from gis.maps.found import draw_finding  # noqa: PLC0415 - not loaded by who only answers

        return draw_finding(self, city=city, language=language)

    def report(
        self, path: Path | str, *, language: str = "vi", city: City | None = None, overwrite: bool = False
    ) -> Path:
        """Write a report, by its ending PDF, HTML or XLSX, and return its path; see `gis.reports.report`."""
        from pathlib import Path  # noqa: PLC0415 - as the rest of this

        from gis.reports import report  # noqa: PLC0415 - not loaded by who only answers

        return report(self, Path(path), language=language, city=city, overwrite=overwrite)

    def _named(self, said: Mapping[str, Any]) -> str:
        text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return sha256(text.encode()).hexdigest()[:_HASH_DIGITS]

    def _repr_html_(self) -> str:
        """Return it as a notebook shows it."""
        from gis.findings.page import finding_html  # noqa: PLC0415 - not loaded by who only answers

        return finding_html(self)

    def _said(self) -> dict[str, Any]:
        return {each.name: _plain(getattr(self, each.name)) for each in fields(self)}


def _in_frame(cell: Cell, language: str) -> str | float | bool | None:
    if cell == NOT_APPLICABLE:
        return None
    return getattr(cell, language) if isinstance(cell, Words) else cell


def _plain(said: Any) -> Any:  # noqa: PLR0911 - one answer for each kind of value
    """Return a value as JSON holds it, to the decimals that count."""
    if type(said) in _PLAIN:
        return said
    if isinstance(said, Enum):
        return said.value
    if isinstance(said, float):
        return _number(said)
    if isinstance(said, BaseGeometry):
        return shapely.to_wkt(shapely.set_precision(shapely.normalize(said), _GRID_M), rounding_precision=3)
    if isinstance(said, Mapping):
        return {str(key): _plain(value) for key, value in said.items()}
    if isinstance(said, (tuple, list, frozenset, set)):
        return [_plain(each) for each in said]
    if is_dataclass(said):
        return {each.name: _plain(getattr(said, each.name)) for each in fields(said)}
    return said if said is None or isinstance(said, (str, int, bool)) else str(said)


def _number(number: float) -> float | int:
    if not isfinite(number):
        raise ValueError(f"{number} is no figure")
    rounded = round(number, _DIGITS)
    return int(rounded) if rounded == int(rounded) else rounded
