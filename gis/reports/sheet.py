"""A report as a workbook: the summary, a sheet for each table, the verdicts, the sources."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from gis.db import City
from gis.findings import Finding, Heading, Outcome, Table
from gis.findings.table import Cell
from gis.reports.cells import Value, color, fit, format_of, mark_sum, put, put_heads
from gis.reports.content import Content, content, key_quantities
from gis.reports.judged import Judged, judged, layer_in
from gis.reports.plain import plain
from gis.wording import SHARE, boolean_in, text_in, unit_under, unknown_in, words_in
from layers.model import Words

_LONGEST_NAME = 31
_NOT_IN_NAME = re.compile(r"[\[\]:*?/\\']")
_MOMENT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_NO_MOMENT = rb"\g<1>1980-01-01T00:00:00Z"


def workbook(finding: Finding, language: str, city: City | None) -> bytes:  # noqa: ARG001 - a workbook has no map
    """Return a report as XLSX; no clock is in it, so that the same finding gives the same bytes."""
    said = content(finding, language)
    book = Workbook()
    book.remove(book.worksheets[0])
    _summary(_new(book, said.words["summary"]), finding, said)
    for table in finding.tables:
        _table(_new(book, words_in(table.title, language)), table, language)
    if finding.verdicts:
        _verdicts(_new(book, said.words["outcome"]), finding, said)
    if finding.sources:
        _sources(_new(book, said.words["sources"]), said)
    written = BytesIO()
    book.save(written)
    return _without_clock(written.getvalue())


def _new(book: Workbook, title: str) -> Worksheet:
    """Return a new sheet; its name is cut and numbered where programs would not take it."""
    bare = _NOT_IN_NAME.sub(" ", plain(title)).strip()[:_LONGEST_NAME] or "–"
    name, number = bare, 1
    taken = {each.casefold() for each in book.sheetnames}
    while name.casefold() in taken:
        number += 1
        name = f"{bare[: _LONGEST_NAME - 4]} {number}"
    return cast("Worksheet", book.create_sheet(name))


def _summary(sheet: Worksheet, finding: Finding, said: Content) -> None:
    words, language = said.words, said.language
    put(sheet, 1, [said.title], bold=True)
    row = 2
    for note in said.notes:
        put(sheet, row, [note])
        row += 1
    lines = [*said.asked, (words["hash"], said.hash), (words["command"], plain(finding.command))]
    for line in lines:
        put(sheet, row, line)
        row += 1
    if said.figures:
        row += 1
        put_heads(sheet, row, [words[name] for name in ("figures", "value", "unit", "note")])
        for quantity, figure in zip(key_quantities(finding), said.figures, strict=True):
            row += 1
            value = unknown_in(language) if quantity.value is None else quantity.value
            formats = [
                "General",
                format_of(quantity.unit, quantity.value, is_share=quantity.is_share),
                "General",
                "General",
            ]
            put(
                sheet,
                row,
                [figure.title, value, figure.unit or None, "; ".join(figure.asides) or None],
                formats=formats,
            )
    row += 1
    for count in said.tally:
        row += 1
        put(sheet, row, [count.word, count.number])
        color(sheet, row, 1, Outcome(count.outcome))
    sheet.freeze_panes = None
    fit(sheet)


def _table(sheet: Worksheet, table: Table, language: str) -> None:
    put_heads(sheet, 1, [_head(heading, language) for heading in table.headings])
    for row, cells in enumerate(table.rows, 2):
        shares = _are_shares(table, cells)
        formats = [
            format_of(heading.unit, cell, is_share=is_share)
            for heading, cell, is_share in zip(table.headings, cells, shares, strict=True)
        ]
        is_sum = row - 2 >= len(table.rows) - table.sums
        put(sheet, row, [_value(cell, language) for cell in cells], formats=formats, bold=is_sum)
        if is_sum:
            mark_sum(sheet, row)
    fit(sheet)


def _are_shares(table: Table, cells: Sequence[Cell]) -> list[bool]:
    """Return which cells of a row are shares, by their column or by the unit that stands beside them."""
    names = [heading.name for heading in table.headings]
    return [
        heading.is_share or (heading.unit_column is not None and cells[names.index(heading.unit_column)] == SHARE)
        for heading in table.headings
    ]


def _head(heading: Heading, language: str) -> str:
    title = words_in(heading.title, language)
    unit = unit_under(title, heading.unit, language)
    return title + (f" ({unit})" if unit else "")


def _value(cell: Cell, language: str) -> Value:
    if cell is None:
        return unknown_in(language)
    if cell == SHARE:
        return "%"
    if isinstance(cell, Words):
        return words_in(cell, language)
    if isinstance(cell, bool):
        return boolean_in(cell, language)
    if isinstance(cell, str):
        return text_in(cell, language)
    return cell


def _verdicts(sheet: Worksheet, finding: Finding, said: Content) -> None:
    words, language = said.words, said.language
    heads = ("outcome", "subject", "layer", "rule", "reference", "asked_of_rule", "found", "unit", "certainty")
    remarks = ("reason", "arithmetic", "inputs")
    put_heads(sheet, 1, [words[name] for name in (*heads, *remarks, "tolerance")])
    for row, verdict in enumerate(finding.verdicts, 2):
        each = judged(verdict, dict(words), language)
        found = verdict.found if isinstance(verdict.found, (int, float)) else each.found
        said_of = [each.word, verdict.subject.label, layer_in(verdict.subject.layer, language), each.title]
        said_of += [each.reference, each.asked]
        formats = ["General"] * 6 + [format_of(verdict.unit, found, is_share=verdict.is_share)] + ["General"] * 6
        values = [*said_of, found, each.unit or None, each.certainty or None, *_remarks(each, words, remarks)]
        values.append(each.tolerance or None)
        put(sheet, row, values, formats=formats)
        color(sheet, row, 1, verdict.outcome)
    sheet.auto_filter.ref = sheet.dimensions
    fit(sheet)


def _remarks(each: Judged, words: Mapping[str, str], names: tuple[str, ...]) -> list[str | None]:
    by_label = dict(each.remarks)
    return [by_label.get(words[name]) for name in names]


def _sources(sheet: Worksheet, said: Content) -> None:
    put_heads(sheet, 1, [said.words[name] for name in ("source", "reference", "certainty", "note")])
    for row, source in enumerate(said.sources, 2):
        reference = "; ".join(filter(None, (source.reference, source.address)))
        put(sheet, row, [source.title, reference, source.certainty or None, source.note or None])
    fit(sheet)


def _without_clock(made: bytes) -> bytes:
    """Return a workbook without the moment in which it was made."""
    settled = BytesIO()
    with ZipFile(BytesIO(made)) as read, ZipFile(settled, "w", ZIP_DEFLATED) as written:
        for name in read.namelist():
            content_of = read.read(name)
            if name == "docProps/core.xml":
                content_of = _MOMENT.sub(_NO_MOMENT, content_of)
            entry = ZipInfo(name)
            entry.compress_type = ZIP_DEFLATED
            written.writestr(entry, content_of)
    return settled.getvalue()
