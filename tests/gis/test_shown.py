"""A finding as people read it in a terminal."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from gis.findings import NOT_APPLICABLE, Finding, Heading, Quantity, Table
from gis.findings.shown import shown
from layers.model import Horizon, Words

TITLE = Words("Bảng", "Table")
HEADINGS = (
    Heading("ward", Words("Phường", "Ward")),
    Heading("service", Words("Dịch vụ", "Service")),
    Heading("area_m2", Words("Đất", "Land"), "m²"),
)
ROWS = (
    ("Phường Đông", "trường", 31_792.0),
    ("Phường Đông", "chợ", None),
    ("Phường Đông", "bến xe", NOT_APPLICABLE),
    (NOT_APPLICABLE, "Tổng cộng", 31_792.0),
)


def printed(rows: tuple[tuple[object, ...], ...], *, width: int = 100, sums: int = 0) -> list[str]:
    table = Table("t", TITLE, HEADINGS, rows, sums)  # pyright: ignore[reportArgumentType] - cells of a test
    unknown = Quantity("people", Words("Dân số", "People"), None, "people")
    finding = Finding("q", TITLE, {}, Horizon.EXISTING, "baseline", quantities=(unknown,), tables=(table,))
    paper = StringIO()
    Console(file=paper, width=200).print(shown(finding, language="vi", width=width))
    return paper.getvalue().splitlines()


def test_what_is_not_known_is_said_and_what_cannot_be_is_a_dash():
    lines = printed(ROWS, sums=1)
    assert "Dân số: chưa rõ" in lines
    rows = [line.split() for line in lines if any(word in line for word in ("trường", "chợ", "bến", "Tổng"))]
    assert rows == [
        ["Phường", "Đông", "trường", "31.792"],
        ["chợ", "chưa", "rõ"],
        ["bến", "xe", "–"],
        ["Tổng", "cộng", "31.792"],
    ]


def test_words_stay_whole_where_there_is_room_and_figures_always():
    rows = (("Phường Thạch Lộc Xuân Giang", "Trường trung học phổ thông", 1_234_567.0),)
    for width in (44, 30, 12):
        said = " ".join(printed(rows, width=width)).split()
        assert "1.234.567" in said
        if width > 40:
            assert {"Thạch", "Trường", "trung", "thông"} <= set(said)
