"""A finding made up by hand: all outcomes, all looks, unknown values, and words that would do harm as markup."""

from __future__ import annotations

import shapely

from gis.certainty import Certainty
from gis.findings import Feature, Finding, Heading, Look, Outcome, Quantity, Source, Subject, Table, Verdict
from layers.model import Horizon, Words

WEST, SOUTH = 550_000.0, 1_776_000.0
HOUSING = Look(Words("Đất ở đô thị", "Urban housing"), "#e8a33d")
CORRIDOR = Look(Words("Hành lang bờ sông", "River bank corridor"), "#2f6f86", is_outline=True)
HOSTILE = (
    '#import "x"',
    "<script>alert(1)</script>",
    '=cmd|"/C calc"!A0',
    "+1+1",
    "@SUM(A1)",
    "-2+3",
    "*bold* _it_ $x^2$ `raw` @ref <label>",
    "#panic()",
    "{{ 7*7 }}{% raw %}",
    "\\u{0} \x00\x07 ]]> &amp; 'x' \"y\"",
    "ấ" * 90,
)


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """Return a rectangle of the town."""
    return shapely.box(WEST + west, SOUTH + south, WEST + east, SOUTH + north)


PARCEL = Subject("parcel", "Tờ 2, thửa 4", 4)


def verdict(outcome: Outcome, **said: object) -> Verdict:
    """Return a verdict of the parcel; what is not said is as usual."""
    usual: dict[str, object] = {
        "rule": "built_share",
        "reference": "QCVN 01:2021/BXD, 2.6.3, Bảng 2.8",
        "title": Words("Mật độ xây dựng thuần tối đa", "Most built share of the lot"),
        "subject": PARCEL,
        "asked": Words("≤ 40 %", "≤ 40 %"),
        "found": 0.375,
        "unit": "1",
        "is_share": True,
        "certainty": Certainty.TRANSCRIPT,
        "arithmetic": Words("810,0 / 2.159,6 = 0,375", "810.0 / 2,159.6 = 0.375"),
    }
    return Verdict(outcome, **{**usual, **said})  # pyright: ignore[reportArgumentType] - words of a test


VERDICTS = (
    verdict(Outcome.PASS),
    verdict(
        Outcome.FAIL,
        rule="height",
        title=Words("Chiều cao công trình tối đa", "Greatest height of a building"),
        asked=Words("≤ 12 m", "≤ 12 m"),
        is_share=False,
        found=40.0,
        unit="m",
        arithmetic=None,
        inputs={"building 12": 40.0, "zone": "Z5"},
        tolerance_m=2.5,
        conflict=box(405, 20, 425, 60),
    ),
    verdict(
        Outcome.UNDECIDED,
        rule="setback",
        title=Words("Khoảng lùi tối thiểu so với chỉ giới đường đỏ", "Least setback from the red line"),
        asked=Words("≥ 3 m", "≥ 3 m"),
        is_share=False,
        found=None,
        unit="m",
        arithmetic=None,
        reason=Words("Chưa rõ lộ giới của đường phía bắc", "The width of the street in the north is not known"),
    ),
    verdict(
        Outcome.NOT_APPLICABLE,
        rule="parking",
        title=Words("Chỗ đỗ xe của nhà chung cư", "Parking of flats"),
        asked=Words("1 / 100 m²", "1 / 100 m²"),
        is_share=False,
        found=None,
        unit="spaces",
        arithmetic=None,
        reason=Words("Thửa đất không có nhà chung cư", "There are no flats on the parcel"),
    ),
    verdict(
        Outcome.FAIL,
        rule="corridor",
        title=Words("Xây dựng trong hành lang bảo vệ bờ sông", "Building in the river bank corridor"),
        subject=Subject("zone", "Z5"),
        asked=Words("0 m²", "0 m²"),
        is_share=False,
        found=2_159.6,
        unit="m²",
        arithmetic=Words("20,0 × 107,98 = 2.159,6", "20.0 × 107.98 = 2,159.6"),
        certainty=Certainty.SECONDARY,
        conflict=box(430, 0, 450, 100),
    ),
)

TABLE = Table(
    "uses",
    Words("Cơ cấu sử dụng đất", "Uses of the land"),
    (
        Heading("code", Words("Mã", "Code")),
        Heading("title", Words("Loại đất", "Use")),
        Heading("area_ha", Words("Diện tích", "Area"), "ha"),
        Heading("share", Words("Tỷ lệ", "Share"), "1"),
        Heading("people", Words("Dân số", "Population"), "people"),
        Heading("since", Words("Từ ngày", "Since")),
    ),
    (
        ("ODT", Words("Đất ở tại đô thị", "Urban housing"), 2_159.6, 0.125, 4_321, "2026-11-27"),
        ("DKV", Words("Đất khu vui chơi, giải trí công cộng", "Public recreation"), 0.5, 0.001, None, None),
        (None, Words("Tổng cộng", "Total"), 2_160.1, 1.0, 4_321, None),
    ),
    sums=1,
)

EXAMPLE = Finding(
    question="parcel_check",
    title=Words("Thửa đất có được xây dựng không", "May the parcel be built on"),
    arguments={"parcel": "2/4", "within": "ward:EAST", "day": "2026-11-27", "edition": ""},
    horizon=Horizon.H2030,
    scenario="baseline",
    quantities=(
        Quantity("area_m2", Words("Diện tích thửa đất", "Area of the parcel"), 2_159.6, "m²"),
        Quantity("built_share", Words("Mật độ xây dựng", "Built share"), 0.375, "1", certainty=Certainty.DERIVED),
        Quantity("people", Words("Dân số dự kiến", "People to come"), None, "people"),
        Quantity(
            "park_m2",
            Words("Cây xanh", "Green"),
            2.0,
            "m²/person",
            per=Words("người", "person"),
            source="QCVN 01:2021/BXD",
        ),
    ),
    tables=(TABLE,),
    verdicts=VERDICTS,
    features=(
        Feature(PARCEL, box(400, 0, 450, 100), {"area_m2": 5_000.0, "floors": None, "is_built": True}, HOUSING),
        Feature(Subject("zone", "Z5"), box(250, 0, 450, 100), {"max_height_m": 12.0}, CORRIDOR),
        Feature(Subject("facility", "Chợ"), shapely.Point(WEST + 340, SOUTH + 60)),
        Feature(
            Subject("road", "Đường ven sông"),
            shapely.LineString([(WEST + 250, SOUTH + 100), (WEST + 450, SOUTH + 100)]),
            {},
            Look(Words("Đường quy hoạch", "Planned street"), "#7a4a9a"),
        ),
    ),
    notes=(Words("Phường Đông (EAST)", "East ward (EAST)"),),
    sources=(
        Source(
            Words("Quy chuẩn kỹ thuật quốc gia về quy hoạch xây dựng", "National technical regulation on planning"),
            "QCVN 01:2021/BXD · https://example.org/qcvn-01-2021",
            Certainty.TRANSCRIPT,
        ),
        Source(
            Words("Thửa đất của thị trấn mẫu", "Parcels of the town"),
            "layer parcel, source sample",
            note=Words("Do máy tạo ra, không có giá trị pháp lý", "Generated, of no legal value"),
        ),
    ),
)


def hostile() -> Finding:
    """Return a finding whose every text would be markup, code or a formula to somebody."""
    said = [Words(text, text) for text in HOSTILE]
    subjects = [Subject("parcel", text) for text in HOSTILE]
    return Finding(
        question="parcel_check",
        title=said[0],
        arguments={"within": HOSTILE[1], "plan": HOSTILE[2], HOSTILE[6]: HOSTILE[7]},
        horizon=Horizon.EXISTING,
        scenario="baseline",
        quantities=tuple(Quantity(f"q{place}", each, None, HOSTILE[place]) for place, each in enumerate(said)),
        tables=(
            Table(
                HOSTILE[2],
                said[2],
                tuple(Heading(f"h{place}", each) for place, each in enumerate(said[:5])),
                (HOSTILE[:5], HOSTILE[4:9]),
            ),
        ),
        verdicts=tuple(
            verdict(
                Outcome.FAIL,
                title=each,
                subject=subject,
                asked=each,
                found=each,
                unit=each.vi,
                arithmetic=each,
            )
            for each, subject in zip(said, subjects, strict=True)
        ),
        features=tuple(
            Feature(subject, box(10 * place, 0, 10 * place + 8, 8), {each.vi: each.vi}, Look(each, "#e8a33d"))
            for place, (subject, each) in enumerate(zip(subjects, said, strict=True))
        ),
        notes=tuple(said),
        sources=tuple(Source(each, each.vi) for each in said),
    )


def large(verdicts: int) -> Finding:
    """Return a plan with this many verdicts about half as many zones."""
    outcomes = tuple(Outcome)
    return Finding(
        question="plan_check",
        title=Words("Đồ án quy hoạch so với quy chuẩn", "The plan against the standard"),
        arguments={"plan": "QD-359"},
        horizon=Horizon.H2030,
        scenario="baseline",
        tables=(TABLE,) * 3,
        verdicts=tuple(
            verdict(
                outcomes[place % 4], subject=Subject("zone", f"Z{place // 2}"), found=None if place % 4 == 3 else 0.25
            )
            for place in range(verdicts)
        ),
        features=tuple(
            Feature(
                Subject("zone", f"Z{place}"),
                box(60 * (place % 20), 60 * (place // 20), 60 * (place % 20) + 55, 60 * (place // 20) + 50),
                look=HOUSING,
            )
            for place in range(verdicts // 2)
        ),
    )
