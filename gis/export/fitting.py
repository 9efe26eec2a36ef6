"""Making a batch fit a format: columns renamed, values cut or written as text, each loss counted and named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, cast  # Arrow's arrays are generic over the values they hold

import pyarrow as pa
import pyarrow.compute as pc

from gis.copy import GEOMETRY
from gis.export.formats import Format
from gis.export.report import Loss
from gis.schema import short_names

UID = "uid"
_NAMED_UIDS = 20
_XML_FORBIDS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]"
_WIDTH = b"GDAL:OGR:width"

_Array: TypeAlias = "pa.Array[Any]"
_Texts: TypeAlias = pa.StringArray
_Fitted: TypeAlias = "tuple[_Array, pa.BooleanArray | None]"
"""Values as the format holds them, and in which rows something was lost; None where nothing can be."""


class Fitting:
    """What is done to each batch so that a format can hold it; it counts what was lost on the way."""

    def __init__(self, schema: pa.Schema, format_: Format, *, widths: Mapping[str, int] | None = None) -> None:
        names = [name for name in schema.names if name != GEOMETRY]
        self._schema = schema
        self._steps = {field.name: _steps(field, format_) for field in schema}
        self._lost: dict[tuple[str, str], tuple[int, tuple[int, ...]]] = {}
        self.names = {**(short_names(names) if format_.short_names else dict(zip(names, names, strict=True)))}
        self.schema = pa.schema([self._fitted_field(field, format_, widths or {}) for field in schema])

    @property
    def renamed(self) -> tuple[tuple[str, str], ...]:
        """The columns whose name changed, with the new one."""
        return tuple((name, short) for name, short in self.names.items() if name != short)

    @property
    def losses(self) -> tuple[Loss, ...]:
        """What was lost in the batches so far."""
        return tuple(Loss(column, reason, rows, uids) for (column, reason), (rows, uids) in self._lost.items())

    def fitted(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return a batch as the format holds it."""
        arrays: list[_Array] = []
        for field in self._schema:
            array = cast("_Array", batch.column(field.name))
            for reason, step in self._steps[field.name]:
                array, lost = step(array)
                if lost is not None:
                    self.lose(field.name, reason, lost, batch.column(UID))
            arrays.append(array)
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)

    def lose(self, column: str, reason: str, lost: pa.BooleanArray, uids: _Array) -> None:
        """Count the rows of a batch in which something was lost."""
        mask = cast("pa.BooleanArray", lost.fill_null(False))
        number = mask.true_count
        if not number:
            return
        rows, named = self._lost.get((column, reason), (0, ()))
        if len(named) < _NAMED_UIDS:
            more = uids.filter(mask)[: _NAMED_UIDS - len(named)].to_pylist()
            named = (*named, *cast("list[int]", more))
        self._lost[column, reason] = (rows + number, named)

    def _fitted_field(self, field: pa.Field[Any], format_: Format, widths: Mapping[str, int]) -> pa.Field[Any]:
        metadata = dict(field.metadata or {})
        if field.name in widths:
            metadata[_WIDTH] = str(max(1, min(widths[field.name], format_.longest_text or 1))).encode()
        as_text = _days_are_text(field, format_) or (pa.types.is_boolean(field.type) and format_.booleans_as_text)
        type_ = pa.string() if as_text else field.type
        return pa.field(self.names.get(field.name, field.name), type_, metadata=metadata or None)


def _days_are_text(field: pa.Field[Any], format_: Format) -> bool:
    return (pa.types.is_date(field.type) or pa.types.is_timestamp(field.type)) and format_.days_as_text


def _steps(field: pa.Field[Any], format_: Format) -> list[tuple[str, Callable[[_Array], _Fitted]]]:
    steps: list[tuple[str, Callable[[_Array], _Fitted]]] = []
    if _days_are_text(field, format_) or (pa.types.is_boolean(field.type) and format_.booleans_as_text):
        steps.append(("", lambda array: (array.cast(pa.string()), None)))
    if pa.types.is_floating(field.type) and format_.only_finite:
        steps.append(("a number that is not finite became empty", _finite))
    if pa.types.is_string(field.type):
        if format_.only_xml_text:
            steps.append(("characters that XML forbids were left out", _xml))
        if (most := format_.longest_text) is not None:
            unit = "bytes" if format_.short_names else "characters"
            cut = _cut_bytes if format_.short_names else _cut_characters
            steps.append((f"text was cut at {most} {unit}", lambda array: cut(array, most)))
        if format_.empty_is_null:
            steps.append(("an empty text became an empty value", _filled))
    return steps


def _finite(array: _Array) -> _Fitted:
    lost = pc.invert(pc.is_finite(array))
    return pc.if_else(lost, pa.scalar(None, array.type), array), lost


def _xml(array: _Array) -> _Fitted:
    texts = cast("_Texts", array)
    lost = pc.match_substring_regex(texts, _XML_FORBIDS)
    if not lost.true_count:
        return array, None
    return pc.replace_substring_regex(texts, pattern=_XML_FORBIDS, replacement=""), lost


def _filled(array: _Array) -> _Fitted:
    lost = pc.equal(array, pa.scalar(""))
    return pc.if_else(lost, pa.scalar(None, array.type), array), lost


def _cut_characters(array: _Array, most: int) -> _Fitted:
    texts = cast("_Texts", array)
    lost = longer(pc.utf8_length(texts), most)
    return (pc.utf8_slice_codeunits(texts, 0, most), lost) if lost.true_count else (array, None)


def _cut_bytes(array: _Array, most: int) -> _Fitted:
    """Cut at a whole character: none is torn in two."""
    lost = longer(pc.binary_length(cast("_Texts", array)), most)
    if not lost.true_count:
        return array, None
    texts = cast("list[str | None]", array.to_pylist())
    cut = [text and text.encode()[:most].decode(errors="ignore") for text in texts]
    return pa.array(cut, pa.string()), lost


def longer(lengths: _Array, most: int) -> pa.BooleanArray:
    """Return in which rows a length exceeds the most there may be."""
    return pc.greater(lengths, pa.scalar(most, lengths.type))
