"""The attributes of a delivery: renamed, translated, read as what the layer declares, and checked against it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast  # Arrow arrays are generic over what they hold

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gis.arrow import ARROW
from gis.intake.entries import VALID_FROM, VALID_TO
from gis.intake.errors import nearest
from gis.intake.guess import folded
from gis.intake.mapping import OTHERWISE, Mapping, Plain
from gis.intake.remarks import Reason, Refusals, Tally
from gis.intake.values import date_of, number_of, whole_number_of, yes_no_of
from gis.schema import stored_columns
from layers.model import Column, Kind, Layer

_compute: Any = pc
"""Arrow's functions are made when it is imported; what stubs there are know only some of them."""
_ZERO_BYTE = re.compile(b"\x00")
_UNREADABLE = {
    Kind.INTEGER: (Reason.NOT_A_NUMBER, "is no whole number"),
    Kind.NUMBER: (Reason.NOT_A_NUMBER, "is no number"),
    Kind.BOOLEAN: (Reason.NOT_YES_OR_NO, "is neither yes nor no"),
    Kind.DATE: (Reason.NOT_A_DATE, "is no date (2026-12-31 or 31/12/2026)"),
    Kind.TIMESTAMP: (Reason.NOT_A_DATE, "is no date (2026-12-31 or 31/12/2026)"),
    Kind.TEXT: (Reason.BAD_TEXT, "is no text"),
}


class Attributes:
    """Reads the attributes of batch after batch."""

    def __init__(self, layer: Layer, mapping: Mapping, tally: Tally) -> None:
        self._layer, self._mapping, self._tally = layer, mapping, tally
        constants = {*mapping.constants, "delivery"}
        self._columns = [column for column in stored_columns(layer) if column.name not in constants]
        if "uid" in mapping.columns:
            uid = Column("uid", Kind.INTEGER, layer.title, layer.meaning, minimum=1)
            self._columns.insert(0, uid)
        self._codes = {column.name: _spellings(column) for column in self._columns}

    def read(self, batch: pa.RecordBatch, refusals: Refusals) -> dict[str, pa.Array[Any]]:
        """Return the layer's columns that the mapping fills; rows that cannot be read are added to the refusals."""
        made: dict[str, pa.Array[Any]] = {}
        for column in self._columns:
            if column.name in self._mapping.columns:
                array = self._typed(self._delivered(batch, column), column, refusals)
            elif column.name in self._mapping.defaults:
                array = pa.nulls(batch.num_rows, cast("Any", ARROW[column.kind]))
            else:
                if column.required:
                    _refuse_missing(pa.nulls(batch.num_rows), column, refusals)
                continue
            if column.name in self._mapping.scale:
                scaled = _compute.multiply(array.cast(pa.float64(), safe=False), self._mapping.scale[column.name])
                array = self._typed(scaled, column, refusals)
            if column.name in self._mapping.defaults:
                default = pa.scalar(self._mapping.defaults[column.name]).cast(ARROW[column.kind])
                array = _compute.fill_null(array, default)
            self._check(array, column, refusals)
            made[column.name] = array
        self._check_order(made, refusals)
        return made

    def _check_order(self, made: dict[str, pa.Array[Any]], refusals: Refusals) -> None:
        """Refuse rows that cease to hold before they begin; of two constants the mapping was refused."""
        if not {VALID_FROM, VALID_TO} & set(made):
            return
        begins, ends = (made.get(name, self._mapping.constants.get(name)) for name in (VALID_FROM, VALID_TO))
        if begins is not None and ends is not None:
            wrong = _mask(_compute.fill_null(_compute.less(ends, begins), fill_value=False))
            refusals.add_where(wrong, Reason.OUT_OF_BOUNDS, f"{VALID_TO} is before {VALID_FROM}")

    def _delivered(self, batch: pa.RecordBatch, column: Column) -> pa.Array[Any]:
        table = self._mapping.values.get(column.name)
        sources = [_plain(batch.column(name)) for name in self._mapping.columns[column.name]]
        if table is not None:
            only_named = len(sources) > 1
            sources = [_translated(source, table, only_named=only_named) for source in sources]
        return sources[0] if len(sources) == 1 else cast("pa.Array[Any]", _compute.coalesce(*_one_type(sources)))

    def _typed(self, array: pa.Array[Any], column: Column, refusals: Refusals) -> pa.Array[Any]:
        if column.codes is not None:
            array = self._coded(_as_text(array), column)
        if column.kind is Kind.TEXT:
            return _as_text(array)
        if pa.types.is_floating(array.type):
            array = cast("pa.Array[Any]", _compute.if_else(_compute.is_nan(array), None, array))
        try:
            if pa.types.is_string(array.type) or pa.types.is_temporal(array.type) != _is_temporal(column.kind):
                return self._row_by_row(array, column, refusals)
            return array.cast(ARROW[column.kind])
        except pa.ArrowInvalid:
            return self._row_by_row(array, column, refusals)

    def _coded(self, array: pa.Array[Any], column: Column) -> pa.Array[Any]:
        """Return codes for values that are spelled like a code or its title."""
        encoded = array.dictionary_encode()
        spelled = self._codes[column.name]
        values = [
            value if value is None else spelled.get(folded(value), value) for value in encoded.dictionary.to_pylist()
        ]
        return pa.array(values, pa.string()).take(encoded.indices)

    def _row_by_row(self, array: pa.Array[Any], column: Column, refusals: Refusals) -> pa.Array[Any]:
        """Read the distinct values one by one, so that one that cannot be read refuses only its own rows."""
        reader = self._reader(column)
        encoded = array.dictionary_encode()
        given: list[Any] = encoded.dictionary.to_pylist()
        read: list[Any] = [None if value is None else reader(value) for value in given]
        bad = np.array(
            [value is not None and found is None for value, found in zip(given, read, strict=True)], dtype=bool
        )
        if bad.any():
            self._unreadable(encoded, given, bad, column, refusals)
        return pa.array(read, ARROW[column.kind]).take(encoded.indices)

    def _reader(self, column: Column) -> Callable[[Any], object]:
        if column.kind is Kind.NUMBER:
            return lambda value: number_of(value, self._mapping.decimal, column.unit)
        if column.kind is Kind.INTEGER:
            return lambda value: whole_number_of(value, self._mapping.decimal, column.unit)
        return yes_no_of if column.kind is Kind.BOOLEAN else date_of

    def _unreadable(
        self, encoded: pa.DictionaryArray[Any, Any], given: list[Any], bad: Any, column: Column, refusals: Refusals
    ) -> None:
        indices = np.asarray(encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False))
        rows = np.flatnonzero((indices >= 0) & bad[indices])
        if column.name in self._mapping.lenient:
            self._tally.count(f"{column.name}: value that cannot be read became unknown", len(rows))
            return
        reason, words = _UNREADABLE[column.kind]
        for row in rows:
            refusals.add(int(row), reason, f"{column.name}: {given[indices[row]]!r} {words}")

    def _check(self, array: pa.Array[Any], column: Column, refusals: Refusals) -> None:
        if column.codes is not None:
            self._check_codes(array, column, refusals)
        if column.kind in {Kind.INTEGER, Kind.NUMBER}:
            _check_bounds(array, column, refusals)
        if column.kind is Kind.TEXT:
            _check_text(array, column, self._layer.longest_text(column.name), refusals)
        if column.required and array.null_count:
            _refuse_missing(array, column, refusals)

    def _check_codes(self, array: pa.Array[Any], column: Column, refusals: Refusals) -> None:
        codes = column.codes.values if column.codes else ()
        unknown = _compute.and_(array.is_valid(), _compute.invert(_compute.is_in(array, pa.array(codes, pa.string()))))
        for row in np.flatnonzero(_mask(unknown)):
            value = str(array[int(row)].as_py())
            message = f"{column.name}: {value!r} is no known code.{nearest(value, codes)}"
            refusals.add(int(row), Reason.UNKNOWN_CODE, message)


def _mask(array: Any) -> Any:
    return np.asarray(array.to_numpy(zero_copy_only=False), dtype=np.bool_)


def _holds_zero_byte(texts: pa.Array[Any]) -> bool:
    """Return whether there may be a zero byte; looked for in all texts at once."""
    data = texts.buffers()[2]
    return data is not None and _ZERO_BYTE.search(memoryview(data)) is not None


def _is_temporal(kind: Kind) -> bool:
    return kind in {Kind.DATE, Kind.TIMESTAMP}


def _spellings(column: Column) -> dict[str, str]:
    if column.codes is None:
        return {}
    titles = {folded(title): code.code for code in column.codes.codes for title in (code.title.vi, code.title.en)}
    return titles | {folded(code): code for code in column.codes.values}


def _plain(array: pa.Array[Any]) -> pa.Array[Any]:
    """Return text in composed Unicode without surrounding spaces, empty text as unknown; other types as they are."""
    if pa.types.is_dictionary(array.type):
        array = cast("Any", array).dictionary_decode()
    if pa.types.is_large_string(array.type) or pa.types.is_string(array.type):
        text = array.cast(pa.string())
        if _compute.all(_compute.string_is_ascii(text)).as_py() is not False:
            return _trimmed(text)
        # Composing is slow and most columns repeat their texts: each text is composed once.
        encoded = text.dictionary_encode()
        return _trimmed(_compute.utf8_normalize(encoded.dictionary, "NFC")).take(cast("Any", encoded.indices))
    if pa.types.is_null(array.type):
        return array.cast(pa.string())
    return array


def _trimmed(text: pa.Array[Any]) -> pa.Array[Any]:
    text = _compute.utf8_trim_whitespace(text)
    return cast("pa.Array[Any]", _compute.if_else(_compute.equal(text, ""), pa.scalar(None, pa.string()), text))


def _as_text(array: pa.Array[Any]) -> pa.Array[Any]:
    if pa.types.is_string(array.type):
        return array
    if pa.types.is_floating(array.type):
        whole = _compute.all(_compute.equal(array, _compute.floor(array))).as_py()
        if whole and array.null_count < len(array):
            array = array.cast(pa.int64())
    return array.cast(pa.string())


def _translated(array: pa.Array[Any], table: Any, *, only_named: bool) -> pa.Array[Any]:
    """Return the values as the mapping translates them; what it does not name stays, or is left to the next column."""
    encoded = _as_text(array).dictionary_encode()
    translated = [_translation(value, table, only_named=only_named) for value in encoded.dictionary.to_pylist()]
    return pa.array(translated, pa.string()).take(encoded.indices)


def _translation(value: str | None, table: dict[str, Plain], *, only_named: bool) -> str | None:
    if value is None:
        return None
    found = table.get(value)
    if found is None:
        begun = (
            stored for start, stored in table.items() if start.endswith(OTHERWISE) and value.startswith(start[:-1])
        )
        found = next(begun, None if only_named else value)
    return None if found in {None, ""} else str(found)


def _one_type(arrays: list[pa.Array[Any]]) -> list[pa.Array[Any]]:
    kinds = {array.type for array in arrays}
    return arrays if len(kinds) == 1 else [_as_text(array) for array in arrays]


def _check_bounds(array: pa.Array[Any], column: Column, refusals: Refusals) -> None:
    for bound, beyond, words in (
        (column.minimum, _compute.less, "is less than"),
        (column.maximum, _compute.greater, "is more than"),
    ):
        if bound is None:
            continue
        mask = _mask(_compute.fill_null(beyond(array, bound), fill_value=False))
        for row in np.flatnonzero(mask):
            message = (
                f"{column.name}: {array[int(row)].as_py()} {words} {bound:g}{f' {column.unit}' if column.unit else ''}"
            )
            refusals.add(int(row), Reason.OUT_OF_BOUNDS, message)
    if column.kind is Kind.NUMBER:
        infinite = _mask(_compute.fill_null(_compute.is_inf(array), fill_value=False))
        refusals.add_where(infinite, Reason.OUT_OF_BOUNDS, f"{column.name}: the number is infinite")


def _check_text(array: pa.Array[Any], column: Column, longest: int, refusals: Refusals) -> None:
    if _holds_zero_byte(array):
        bad = _compute.match_substring(array, "\x00").fill_null(False)
        refusals.add_where(_mask(bad), Reason.BAD_TEXT, f"{column.name}: the text holds a zero byte")
    if (_compute.max(_compute.binary_length(array)).as_py() or 0) <= longest:
        return
    letters = np.asarray(_compute.utf8_length(array).fill_null(0).to_numpy(zero_copy_only=False))
    for row in np.flatnonzero(letters > longest):
        message = f"{column.name}: the text has {letters[row]:,} letters, and may have {longest:,}"
        refusals.add(int(row), Reason.BAD_TEXT, message)


def _refuse_missing(array: pa.Array[Any], column: Column, refusals: Refusals) -> None:
    refusals.add_where(_mask(array.is_null()), Reason.MISSING_REQUIRED, f"{column.name} is required and missing")
