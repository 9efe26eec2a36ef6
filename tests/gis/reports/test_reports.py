"""A report says the same in three formats, in two languages, whatever its words would be elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from pypdf import PdfReader

from gis.analyses.land_balance import land_balance
from gis.analyses.land_use_change import land_use_change
from gis.db import City
from gis.export.errors import FileExistsAlreadyError, NoFolderError
from gis.reports.content import content
from gis.reports.errors import ReportFormatError
from gis.wording import LanguageError
from tests.gis.reports.example import EXAMPLE, HOSTILE, hostile, large

SUFFIXES = (".pdf", ".html", ".xlsx")
ALL_LETTERS = "ăâđêôơư ắằẳẵặ ấầẩẫậ ếềểễệ ốồổỗộ ớờởỡợ ứừửữự ỳýỷỹỵ ĐẮẾỘỮ"


def pages(path: Path) -> list[str]:
    """Return the text of each page of a PDF, blanks and line ends as single blanks."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(path).pages]


_ASKED = {"link": ("href",), "image": ("href",), "use": ("href",), "object": ("data",)}
_ASKED |= dict.fromkeys(("img", "script", "iframe", "source", "video", "audio", "embed", "input"), ("src", "srcset"))
"""Attributes that are asked for by the browser itself; where a link leads is asked for by who follows it."""


class Page(HTMLParser):
    """The words of a page, the names of its elements, and every address that a browser would ask for."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.asked: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.asked += [f"{tag} {name}={value}" for name, value in attrs if name in _ASKED.get(tag, ())]
        self.asked += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.words += data


def written(tmp_path: Path, suffix: str, *, language: str = "vi") -> Path:
    return EXAMPLE.report(tmp_path / f"report-{language}{suffix}", language=language)


def said_in(path: Path) -> str:
    """Return all that a report says, as text."""
    if path.suffix == ".pdf":
        return " ".join(pages(path))
    if path.suffix == ".html":
        return " ".join(Page(path.read_text(encoding="utf-8")).words.split())
    book = load_workbook(path)
    return " ".join(
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None
    )


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_report_says_what_was_asked_found_judged_and_how_to_ask_again(tmp_path: Path, suffix: str, language: str):
    said = said_in(written(tmp_path, suffix, language=language))
    expected = {
        "vi": ["Thửa đất có được xây dựng không", "Đến năm 2030", "Phường Đông (EAST)", "chưa rõ", "Chưa đủ căn cứ"],
        "en": ["May the parcel be built on", "To 2030", "East ward (EAST)", "not known", "Cannot be decided"],
    }[language]
    for words in (
        *expected,
        EXAMPLE.hash,
        "quyhoach ask parcel_check",
        "QCVN 01:2021/BXD, 2.6.3, Bảng 2.8",
        "example.org",
    ):
        assert words in said, words


@pytest.mark.parametrize("suffix", [".pdf", ".html"])
def test_numbers_and_days_have_the_form_of_the_language(tmp_path: Path, suffix: str):
    vietnamese, english = (said_in(written(tmp_path, suffix, language=language)) for language in ("vi", "en"))
    for words in ("2.159,6 m²", "37,5 %", "4.321", "27/11/2026", "810,0 / 2.159,6 = 0,375", "± 2,5 m", "≤ 40 %"):
        assert words in vietnamese.replace("\u00a0", " "), words
    for words in ("2,159.6 m²", "37.5 %", "4,321", "27 November 2026", "810.0 / 2,159.6 = 0.375", "± 2.5 m", "≤ 40 %"):
        assert words in english.replace("\u00a0", " "), words


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_finding_gives_the_same_bytes(tmp_path: Path, suffix: str):
    first, second = (EXAMPLE.report(tmp_path / f"{name}{suffix}") for name in ("first", "second"))
    assert first.read_bytes() == second.read_bytes()


def test_every_letter_of_vietnamese_is_in_the_pdf(tmp_path: Path):
    path = EXAMPLE.report(tmp_path / "report.pdf")
    said = " ".join(pages(path))
    for word in ("Khoảng lùi tối thiểu so với chỉ giới đường đỏ", "Mật độ xây dựng thuần tối đa"):
        assert word in said
    fonts = {str(font["/BaseFont"]) for font in _fonts(path)}
    assert any("IBMPlexSans" in font for font in fonts)
    assert all("IBMPlexSans" in font or "DejaVuSansMono" in font for font in fonts)


def _fonts(path: Path) -> list[dict]:
    found = []
    for page in PdfReader(path).pages:
        resources = page["/Resources"].get_object()
        found += [font.get_object() for font in resources.get("/Font", {}).values()]
    return found


def test_the_letters_of_the_report_hold_every_letter_of_vietnamese():
    from fontTools.ttLib import TTFont

    from gis.assets import PLEX_SANS, asset

    for name in PLEX_SANS:
        held = TTFont(asset(name)).getBestCmap()
        assert {
            letter for letter in ALL_LETTERS + ALL_LETTERS.upper() + "m²×–≤≥→±−" if ord(letter) not in held
        } == set()


def test_a_parcel_takes_two_pages_each_with_hash_and_command(tmp_path: Path):
    read = pages(EXAMPLE.report(tmp_path / "report.pdf"))
    assert len(read) == 2
    for number, page in enumerate(read, 1):
        assert EXAMPLE.hash in page
        assert "quyhoach ask parcel_check" in page
        assert f"Trang {number}/2" in page


def test_the_pdf_says_no_moment(tmp_path: Path):
    path = EXAMPLE.report(tmp_path / "report.pdf")
    metadata = PdfReader(path).metadata
    assert metadata
    assert metadata.title == "Thửa đất có được xây dựng không"
    assert "/CreationDate" not in metadata or "1970" in str(metadata["/CreationDate"])


def test_three_hundred_verdicts_are_all_there_and_no_page_is_empty(tmp_path: Path):
    finding = large(300)
    read = pages(finding.report(tmp_path / "plan.pdf"))
    said = " ".join(read)
    assert said.count("Mật độ xây dựng thuần tối đa") == 300
    assert {f"Z{zone}" for zone in range(150)} <= set(said.split())
    assert all(len(page) > 300 for page in read)
    assert len(read) < 40


def test_four_outcomes_are_counted_apart_and_undecided_is_no_pass():
    said = content(EXAMPLE, "vi")
    assert [(each.outcome, each.number) for each in said.tally] == [
        ("fail", 2),
        ("cannot_be_decided", 1),
        ("pass", 1),
        ("not_applicable", 1),
    ]
    assert [group.subject for group in said.groups] == ["Tờ 2, thửa 4", "Z5"]
    found = {each.outcome: each.found for each in said.groups[0].verdicts}
    assert (found["cannot_be_decided"], found["not_applicable"]) == ("chưa rõ", "–")


def test_what_fails_comes_first():
    order = [each.outcome for each in content(EXAMPLE, "vi").groups[0].verdicts]
    assert order == sorted(order, key=["fail", "cannot_be_decided", "pass", "not_applicable"].index)


def test_words_that_are_markup_elsewhere_are_words_in_the_pdf(tmp_path: Path):
    said = "".join(" ".join(pages(hostile().report(tmp_path / "hostile.pdf"))).split())
    for text in HOSTILE[:9]:
        assert "".join(text.split()) in said, text
    assert "ấ" * 20 in said


def test_words_that_are_markup_elsewhere_are_words_on_the_page(tmp_path: Path):
    text = hostile().report(tmp_path / "hostile.html").read_text(encoding="utf-8")
    page = Page(text)
    for words in HOSTILE[:9]:
        assert words in page.words, words
    assert "<script" not in text
    assert "script" not in page.tags
    assert "label" not in page.tags


def test_the_page_asks_no_network_for_anything(tmp_path: Path):
    text = written(tmp_path, ".html").read_text(encoding="utf-8")
    page = Page(text)
    assert page.asked == []
    assert not {"link", "script", "iframe", "img", "object"} & page.tags
    assert re.findall(r"url\((?!#)[^)]*\)|@import", text) == []
    assert "default-src 'none'" in text


def sheet_of(path: Path, name: str) -> Worksheet:
    return load_workbook(path)[name]


def test_a_workbook_has_a_sheet_for_the_summary_each_table_the_verdicts_and_the_sources(tmp_path: Path):
    path = written(tmp_path, ".xlsx")
    assert load_workbook(path).sheetnames == ["Tóm tắt", "Cơ cấu sử dụng đất", "Kết luận", "Nguồn"]
    assert load_workbook(written(tmp_path, ".xlsx", language="en")).sheetnames == [
        "Summary",
        "Uses of the land",
        "Outcome",
        "Sources",
    ]
    assert load_workbook(large(3).report(tmp_path / "three.xlsx")).sheetnames[1:4] == [
        "Cơ cấu sử dụng đất",
        "Cơ cấu sử dụng đất 2",
        "Cơ cấu sử dụng đất 3",
    ]


def test_numbers_of_a_workbook_are_numbers_with_units_in_the_heading(tmp_path: Path):
    sheet = sheet_of(written(tmp_path, ".xlsx"), "Cơ cấu sử dụng đất")
    assert [cell.value for cell in sheet[1]][2:5] == ["Diện tích (ha)", "Tỷ lệ", "Dân số (người)"]
    area, share, people = sheet["C2"], sheet["D2"], sheet["E2"]
    assert (area.value, area.number_format) == (2159.6, "#,##0.00")
    assert (share.value, share.number_format) == (0.125, "0.0%")
    assert (people.value, people.number_format) == (4321, "#,##0")
    assert sheet["E3"].value == "chưa rõ"
    verdicts = sheet_of(tmp_path / "report-vi.xlsx", "Kết luận")
    assert [verdicts.cell(row, 7).value for row in range(2, 7)] == [0.375, 40, "chưa rõ", "–", 2159.6]


def test_no_text_becomes_a_formula(tmp_path: Path):
    book = load_workbook(hostile().report(tmp_path / "hostile.xlsx"))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert {cell.data_type for cell in cells} == {"s"}
    texts = {cell.value for cell in cells}
    assert set(HOSTILE[:9]) <= texts


def test_a_report_takes_the_place_of_a_file_only_when_asked(tmp_path: Path):
    path = tmp_path / "report.html"
    path.write_text("mine")
    with pytest.raises(FileExistsAlreadyError, match="exists already"):
        EXAMPLE.report(path)
    assert path.read_text() == "mine"
    assert EXAMPLE.report(path, overwrite=True) == path
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]


def test_an_unknown_ending_language_or_folder_is_refused_with_what_would_be_right(tmp_path: Path):
    with pytest.raises(
        ReportFormatError, match=r"'report.docx' names no report; its ending is one of .pdf, .html, .xlsx"
    ):
        EXAMPLE.report(tmp_path / "report.docx")
    with pytest.raises(LanguageError, match="'fr' is no language"):
        EXAMPLE.report(tmp_path / "report.pdf", language="fr")
    with pytest.raises(NoFolderError, match="no such folder"):
        EXAMPLE.report(tmp_path / "missing" / "report.pdf")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("question", [land_balance, land_use_change])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_questions_of_the_town_are_reported(town: City, tmp_path: Path, question, suffix: str):
    finding = question(town, within="ward:WEST")
    said = said_in(finding.report(tmp_path / f"town{suffix}", city=town))
    assert finding.title.vi in said
    assert finding.hash in said
    assert "within=ward:WEST" in said.replace("\n", "")
    if suffix != ".xlsx":
        assert "Phạm vi được hỏi" in said


def test_a_report_of_the_whole_city_has_no_map_where_no_feature_is_named(town: City, tmp_path: Path):
    text = land_balance(town).report(tmp_path / "town.html", city=town).read_text(encoding="utf-8")
    assert "Bản đồ" not in text
