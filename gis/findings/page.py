"""A finding, and its tables, as a notebook shows them: in Vietnamese, with English in a softer voice."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from gis.findings.finding import Finding
from gis.findings.table import Cell, Heading, Table
from gis.wording import SHARE, boolean_in, figure_in, measure_in, share_in, text_in, unit_under, unknown_in
from layers.model import Words

_MOST_ROWS = 40
_STYLE = Path(__file__).with_suffix(".css")


def finding_html(finding: Finding) -> str:
    """Return title, notes and figures of a finding, with its hash; its tables are shown by `Finding.table_named`."""
    notes = "".join(f"<div>{_both(note)}</div>" for note in finding.notes)
    figures = "".join(
        f"<div class=figure>{_both(each.title)}"
        f"<b>{escape(measure_in(_rounded(each.value), each.unit, 'vi', is_share=each.is_share))}</b></div>"
        for each in finding.quantities
    )
    title = f"<div class=title>{_both(finding.title)}</div>"
    return _page(f"{title}{notes}<div class=figures>{figures}</div><i>{escape(finding.hash)}</i>")


def _rounded(value: float | None) -> float | None:
    """Return a figure to the decimals that count in a finding: what is left of adding up is not shown."""
    return None if value is None else round(value, 6)


def table_html(table: Table) -> str:
    """Return a table, as far as its first forty rows; it says how many more there are.

    Rows that begin alike stand under what they have in common.
    """
    last = len(table.rows) - table.sums
    common = table.common
    headings = table.headings[common:]
    body: list[str] = []
    for number, row in enumerate(table.rows[:_MOST_ROWS]):
        if common and number < last and (not number or row[:common] != table.rows[number - 1][:common]):
            said = " · ".join(_cell(cell, heading) for cell, heading in zip(row[:common], table.headings, strict=False))
            body.append(f"<tr class=group><td colspan={len(headings)}>{said}</td></tr>")
        body.append(_row(row, table, common, is_sum=number >= last))
    head = "".join(f"<th{_kind(heading)}>{_title(heading)}</th>" for heading in headings)
    left = len(table.rows) - _MOST_ROWS
    more = f"<div>{_both(Words(f'… và {left} dòng nữa', f'{left} more rows'))}</div>" if left > 0 else ""
    title = f"<div class=title>{_both(table.title)}</div>"
    return _page(f"{title}<table><tr>{head}</tr>{''.join(body)}</table>{more}")


def _page(body: str) -> str:
    return f'<style scoped>\n{_STYLE.read_text(encoding="utf-8")}</style><div class="qh">{body}</div>'


def _both(words: Words, *, under: bool = False) -> str:
    if words.vi == words.en:
        return escape(words.vi)
    return f'{escape(words.vi)} <i{" class=under" if under else ""} lang="en">{escape(words.en)}</i>'


def _title(heading: Heading) -> str:
    unit = "%" if heading.is_share else unit_under(heading.title.vi, heading.unit, "vi")
    said = _both(heading.title, under=True)
    return f"{said} <i>{escape(unit)}</i>" if unit else said


def _kind(heading: Heading) -> str:
    return "" if heading.unit is None and heading.unit_column is None else " class=n"


def _row(row: Sequence[Cell], table: Table, common: int, *, is_sum: bool) -> str:
    cells = "".join(
        f"<td{_kind(heading)}>{_cell(cell, heading, _is_share(row, heading, table))}</td>"
        for cell, heading in list(zip(row, table.headings, strict=True))[common:]
    )
    return f"<tr{' class=sum' if is_sum else ''}>{cells}</tr>"


def _is_share(row: Sequence[Cell], heading: Heading, table: Table) -> bool:
    """Return whether a cell is a share, as its heading says or the unit that stands beside it."""
    if heading.unit_column is None:
        return heading.is_share
    return row[[each.name for each in table.headings].index(heading.unit_column)] == SHARE


def _cell(cell: Cell, heading: Heading, is_share: bool = False) -> str:
    if cell is None:
        return escape(unknown_in("vi"))
    if isinstance(cell, Words):
        return "%" if cell == SHARE else _both(cell, under=True)
    if isinstance(cell, bool):
        return boolean_in(cell, "vi")
    if isinstance(cell, (int, float)):
        if heading.is_name:
            return f"{cell:g}"
        return escape(share_in(cell, "vi") if is_share else figure_in(round(cell, 6), "vi"))
    return escape(text_in(cell, "vi"))
