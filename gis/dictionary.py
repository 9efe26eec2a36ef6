"""The data dictionary: every layer, column and code list in words, written from the declarations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from layers import GROUPS
from layers.kernel import KERNEL
from layers.model import DATA, CodeList, Column, Layer, LayerGroup

PLACE = DATA / "README.md"
"""Where the dictionary stands; a test holds it against the declarations."""


def write(path: Path = PLACE) -> Path:
    """Write the dictionary and return where."""
    path.write_text(dictionary(), encoding="utf-8")
    return path


def dictionary() -> str:
    """Return the dictionary as Markdown."""
    return "\n".join([*_opening(), *(line for group in GROUPS for line in _group(group)), *_code_lists(), ""])


def _opening() -> Iterator[str]:
    yield "# Từ điển dữ liệu · Data dictionary"
    yield ""
    yield "Written from the declarations in `layers/` by `quyhoach dictionary`; not to be edited by hand."
    yield ""
    yield "Every feature has `uid`, its unique name in the whole city; `geom`, surveyed in EPSG:5899"
    yield "(VN-2000 / TM-3 107-45), in which everything is measured; `web_geom`, the same in EPSG:3857 for tiles;"
    yield "`recorded_at`, when the database learned it. A former state is kept in the schema `history` with"
    yield "`superseded_at`. These columns it has too:"
    yield ""
    yield from _columns(KERNEL)
    yield ""
    yield "Columns in **bold** are required. A share is 0–1, never percent. Empty means unknown, never zero."


def _group(group: LayerGroup) -> Iterator[str]:
    yield ""
    yield f"## {group.title.vi} · {group.title.en}"
    for layer in group.layers:
        yield from _layer(layer)


def _layer(layer: Layer) -> Iterator[str]:
    yield ""
    yield f"### `{layer.name}` {layer.title.vi} · {layer.title.en}"
    yield ""
    yield f"{layer.meaning.vi}. {layer.meaning.en}."
    yield ""
    yield "; ".join(_facts(layer)) + "."
    yield ""
    yield from _columns(layer.columns)


def _facts(layer: Layer) -> Iterator[str]:
    yield f"{layer.geometry}, zoom {layer.zooms[0]}–{layer.zooms[1]}"
    if layer.key:
        yield f"found by {', '.join(f'`{name}`' for name in layer.key)} (not necessarily unique)"
    if layer.intake.exclusive is not None:
        within = ", ".join(f"`{name}`" for name in layer.intake.exclusive)
        yield f"features do not overlap{f' within the same {within}' if within else ''}"
    if layer.intake.gapless:
        yield "gaps between them are reported"
    if layer.intake.elevation:
        yield f"from an elevation model: {', '.join(f'`{name}`' for name in layer.intake.elevation)}"


def _columns(columns: tuple[Column, ...]) -> Iterator[str]:
    yield "| Cột · Column | Tên · Title | Loại · Kind | Ý nghĩa · Meaning |"
    yield "|---|---|---|---|"
    for column in columns:
        name = f"**`{column.name}`**" if column.required else f"`{column.name}`"
        kind = f"{column.kind}{f', {column.unit}' if column.unit else ''}{_bounds(column)}"
        yield (
            f"| {name} | {column.title.vi} · {column.title.en} | {kind} "
            f"| {column.meaning.vi}. {column.meaning.en}.{_points(column)} |"
        )


def _bounds(column: Column) -> str:
    if column.minimum is None and column.maximum is None:
        return ""
    if column.maximum is None:
        return f", ≥ {column.minimum:g}"
    if column.minimum is None:
        return f", ≤ {column.maximum:g}"
    return f", {column.minimum:g}–{column.maximum:g}"


def _points(column: Column) -> str:
    if column.codes is not None:
        return f" Codes: [{column.codes.name}](#{column.codes.name})."
    return f" Refers to `{column.refers}`." if column.refers else ""


def _code_lists() -> Iterator[str]:
    yield ""
    yield "## Danh mục mã · Code lists"
    for codes in _lists_in_use().values():
        yield ""
        yield f'<a id="{codes.name}"></a>'
        yield ""
        yield f"### {codes.title.vi} · {codes.title.en} (`{codes.name}`)"
        yield ""
        yield f"Source: {codes.source}."
        yield ""
        yield from _codes(codes)


def _lists_in_use() -> dict[str, CodeList]:
    columns = [column for group in GROUPS for layer in group.layers for column in layer.columns] + list(KERNEL)
    return {column.codes.name: column.codes for column in columns if column.codes is not None}


def _codes(codes: CodeList) -> Iterator[str]:
    sourced = codes.file is not None
    yield f"| Mã · Code | Tên · Title | Màu · Colour |{' Certainty and remarks |' if sourced else ''}"
    yield f"|---|---|---|{'---|' if sourced else ''}"
    for code in codes.codes:
        row = f"| `{code.code}` | {code.title.vi} · {code.title.en} | {code.color or '—'} |"
        remarks = "; ".join(filter(None, (code.certainty, code.conflict, code.note)))
        yield f"{row} {remarks} |" if sourced else row
