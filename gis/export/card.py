"""What accompanies the features: whose they are, what the columns mean, what was exported and when."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from layers.model import Column, Layer


@dataclass(frozen=True, slots=True)
class Source:
    """Who delivered features, the document or licence they rest on, and how many they are."""

    name: str
    document: str | None
    features: int

    def __str__(self) -> str:
        return f"{self.name} ({self.document}): {self.features}" if self.document else f"{self.name}: {self.features}"


@dataclass(frozen=True, slots=True)
class Card:
    """The card of one export: layer, columns as they stand in the file, place in time, sources.

    `columns` pairs each column with its name in the file. `sources` are the most frequent ones.
    """

    layer: Layer
    columns: tuple[tuple[str, Column], ...]
    horizon: str
    scenario: str
    srid: int
    box: tuple[float, ...] | None
    rows: int
    sources: tuple[Source, ...]
    exported_at: datetime

    @property
    def title(self) -> str:
        """Title of the layer in both languages."""
        return f"{self.layer.title.vi} | {self.layer.title.en}"

    @property
    def description(self) -> str:
        """Meaning, horizon, source and licence, and the time of export in a few lines."""
        lines = [
            f"{self.layer.meaning.vi} | {self.layer.meaning.en}.",
            f"Horizon {self.horizon}, scenario {self.scenario}, EPSG:{self.srid}, {self.rows} features"
            + (f", box {', '.join(f'{side:g}' for side in self.box)} (degrees)." if self.box else "."),
            "Sources and licences: " + ("; ".join(map(str, self.sources)) or "none") + ".",
            f"Exported {self.stamp} by {self.software}.",
        ]
        return "\n".join(lines)

    @property
    def stamp(self) -> str:
        """Time of the export in UTC."""
        return self.exported_at.astimezone(UTC).isoformat(timespec="seconds")

    @property
    def software(self) -> str:
        """Name and version of what wrote the file."""
        try:
            return f"quyhoach {version('quyhoach')}"
        except PackageNotFoundError:
            return "quyhoach"

    def as_dict(self) -> dict[str, object]:
        """Return the card as plain values, columns with title, meaning, unit and code list."""
        return {
            "layer": self.layer.name,
            "title": self.title,
            "meaning": f"{self.layer.meaning.vi} | {self.layer.meaning.en}",
            "horizon": self.horizon,
            "scenario": self.scenario,
            "crs": f"EPSG:{self.srid}",
            "box_degrees": self.box,
            "features": self.rows,
            "sources": [
                {"source": source.name, "source_document": source.document, "features": source.features}
                for source in self.sources
            ],
            "exported_at": self.stamp,
            "software": self.software,
            "columns": {name: described(column) for name, column in self.columns},
        }

    def as_json(self) -> str:
        """Return the card as JSON text."""
        return json.dumps(self.as_dict(), ensure_ascii=False)


def described(column: Column) -> dict[str, object]:
    """Return title, meaning, unit and codes of a column as plain values; what it does not have is left out."""
    codes = {code.code: f"{code.title.vi} | {code.title.en}" for code in column.codes.codes} if column.codes else None
    values: dict[str, object | None] = {
        "title": f"{column.title.vi} | {column.title.en}",
        "meaning": f"{column.meaning.vi} | {column.meaning.en}",
        "unit": column.unit,
        "codes": codes,
    }
    return {key: value for key, value in values.items() if value is not None}


def comment(column: Column) -> str:
    """Return what a column means, with its unit, in one line."""
    unit = f" [{column.unit}]" if column.unit else ""
    return f"{column.title.en}{unit}: {column.meaning.vi} | {column.meaning.en}"
