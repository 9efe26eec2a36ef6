"""What is planned on a parcel: uses, limits, corridors and floods, as far as the lines of the plans can tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import shapely

from gis.days import day
from gis.db import City
from gis.findings import NOT_APPLICABLE, Feature, Finding, Heading, Look, Quantity, Subject, Table
from gis.findings.sources import plan_source
from gis.findings.table import Cell
from gis.planning.parcels import label, parcels, words_of
from gis.planning.parts import MARGIN
from gis.planning.plans import RegisteredPlan, approved_plans
from gis.planning.restrictions import Restriction, reading, restrictions
from gis.planning.surroundings import Lying, cut_about
from gis.planning.zoned import Zoned, zoned_among
from layers.kernel import PLAN_HORIZONS, SAMPLE
from layers.land import LAND_USES
from layers.model import Horizon, Words
from layers.zoning import PLAN_USES

_TITLE = Words("Thông tin quy hoạch thửa đất", "Planning information of a parcel")
_PLANNED = (Horizon.H2030, Horizon.H2045)
_PARCEL_LOOK = Look(Words("Thửa đất", "Parcel"), "#1a1a1a", is_outline=True)
_GREY = "#c8c4bd"
_LIMITS = (
    *("max_built_share", "max_floor_area_ratio", "max_height_m", "min_storeys", "max_storeys", "min_green_share"),
    "setback_m",
)

_SAMPLE = Words("Dữ liệu mẫu do máy tạo", "Generated sample")


def parcel_extract(city: City, *, parcel: str, on: str = "") -> Finding:
    """Say what approved plans provide for on a parcel, what limits hold, and what touches it.

    A line of a plan may lie off by half a millimetre of its drawing, 5 m at 1:10,000. Beside the area that a use has of
    the parcel stand therefore the least and the most that it may have; what changes with that is no yes and no no.

    Parameters
    ----------
    parcel : its uid, `WARD/SHEET/NUMBER`, or a position as `longitude,latitude`; a number may have several parcels.
    on : the day on which plans hold; today where none is given.

    Returns
    -------
    Finding
        Tables `parcel`, `planned_use` (m², shares 0-1), `limits`, `restrictions`, `plan`. The uses of a parcel under
        one plan at one horizon, less what overlaps, with what has no plan, are its area.

    Raises
    ------
    ParcelError, DayError
        When that names no parcel, or no day.
    """
    found, when = parcels(city, parcel), day(on)
    plans = approved_plans(city, on=when)
    sheets = [_sheet(city, each, plans, when) for each in found]
    used = [plan for plan in plans if any(part.plan is plan for sheet in sheets for part in sheet.divided)]
    return Finding(
        question="parcel_extract",
        title=_TITLE,
        arguments={"parcel": parcel.strip(), "on": when.isoformat()},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=_quantities(sheets),
        tables=(
            _parcel_table(sheets),
            _use_table(sheets),
            _limit_table(sheets),
            _touch_table(sheets),
            _plan_table(used),
        ),
        features=tuple(feature for sheet in sheets for feature in _features(sheet)),
        notes=_notes(sheets, plans),
        sources=tuple(map(plan_source, used)),
        argument_words={"parcel": words_of(city, found)},
    )


@dataclass(frozen=True, slots=True)
class _Sheet:
    """All that was found of one parcel."""

    parcel: Lying
    label: str
    divided: tuple[Zoned, ...]
    touched: tuple[Restriction, ...]


def _sheet(city: City, parcel: Lying, plans: Sequence[RegisteredPlan], on: dt.date) -> _Sheet:
    site = parcel.geometry
    widest_m = max((plan.tolerance_m or 0.0 for plan in plans), default=0.0)
    # As far as their edges may be moved; what lies beyond the tolerance is no neighbour.
    near = cut_about(city, "zone", site, reach_m=MARGIN * widest_m)
    zones = [zone for zone in near if zone.holds(on) and zone.geometry.dwithin(site, widest_m)]
    divided = (
        zoned_among(site, [zone for zone in zones if zone.stands_at(horizon)], plan, horizon=horizon)
        for horizon in _PLANNED
        for plan in plans
    )
    touched = restrictions(city, site, _PLANNED, on=on, tolerance_m=widest_m)
    return _Sheet(parcel, label(parcel), tuple(each for each in divided if each is not None), touched)


def _quantities(sheets: Sequence[_Sheet]) -> tuple[Quantity, ...]:
    if len(sheets) > 1:
        return (Quantity("parcels", Words("Số thửa trùng số", "Parcels of that number"), len(sheets), "parcels"),)
    parcel = sheets[0].parcel
    measured, legal = parcel.geometry.area, parcel.values["area_legal_m2"]
    return (
        Quantity("area_m2", Words("Diện tích đo trên bản đồ", "Area as measured"), measured, "m²"),
        Quantity("area_legal_m2", Words("Diện tích pháp lý", "Legal area"), legal, "m²"),
        Quantity("frontage_m", Words("Mặt tiền", "Frontage"), parcel.values["frontage_m"], "m"),
    )


def _parcel_table(sheets: Sequence[_Sheet]) -> Table:
    headings = (
        Heading("parcel", Words("Thửa", "Parcel")),
        Heading("uid", Words("Mã đối tượng", "Uid")),
        Heading.of("parcel", "land_use_code"),
        Heading("land_use", Words("Loại đất hiện trạng", "Present land use")),
        Heading("area_m2", Words("Diện tích đo", "Measured area"), "m²"),
        *(Heading.of("parcel", name) for name in ("area_legal_m2", "frontage_m", "source")),
    )
    rows: list[tuple[Cell, ...]] = []
    for sheet in sheets:
        values = sheet.parcel.values
        code = LAND_USES.named(values["land_use_code"])
        use = (code.code, code.title) if code else (None, None)
        measured = float(sheet.parcel.geometry.area)
        said = (values["area_legal_m2"], values["frontage_m"], _delivered(values["source"]))
        rows.append((sheet.label, sheet.parcel.uid, *use, measured, *said))
    return Table("parcel", Words("Thửa đất", "Parcel"), headings, tuple(rows))


def _delivered(source: str | None) -> Cell:
    return _SAMPLE if source == SAMPLE else source


def _use_table(sheets: Sequence[_Sheet]) -> Table:
    headings = (
        *_keys(),
        Heading("zone", Words("Ô quy hoạch", "Zone")),
        Heading("use_code", Words("Mã", "Code")),
        Heading("use", Words("Chức năng quy hoạch", "Planned use")),
        Heading("area_m2", Words("Diện tích", "Area"), "m²"),
        Heading("share", Words("Tỷ lệ", "Share"), "1"),
        Heading("least_m2", Words("Ít nhất", "At least"), "m²"),
        Heading("most_m2", Words("Nhiều nhất", "At most"), "m²"),
        Heading("reading", Words("Kết luận", "Reading")),
    )
    rows = tuple(row for sheet in sheets for each in sheet.divided for row in _use_rows(sheet, each))
    return Table("planned_use", Words("Chức năng quy hoạch", "Planned uses"), headings, rows)


def _keys() -> tuple[Heading, ...]:
    return (
        Heading("parcel", Words("Thửa", "Parcel")),
        Heading("plan", Words("Đồ án", "Plan")),
        Heading("horizon", Words("Mốc", "Horizon")),
    )


def _use_rows(sheet: _Sheet, divided: Zoned) -> Iterator[tuple[Cell, ...]]:
    keys = (sheet.label, divided.plan.code, divided.horizon.value)
    of = divided.parts
    for zone, part in divided.each():
        use = PLAN_USES.named(zone.values["plan_use"])
        titles = (zone.values["code"], zone.values["plan_use"], use.title if use else None)
        bounds = (part.area_m2, part.area_m2 / of.site_m2, part.least_m2, part.most_m2)
        yield (*keys, *titles, *bounds, part.reading.words)
    for title, area_m2 in (
        (Words("Mảnh vụn dưới ngưỡng", "Slivers too small to tell"), of.slivers_m2),
        (Words("Chưa có quy hoạch", "No plan"), of.none_m2),
        (Words("Trừ phần chồng lấn", "Less what overlaps"), -of.twice_m2),
    ):
        if abs(area_m2) >= _SMALLEST_M2:
            none = NOT_APPLICABLE
            yield (*keys, none, none, title, area_m2, area_m2 / of.site_m2, none, none, none)


_SMALLEST_M2 = 0.005


def _limit_table(sheets: Sequence[_Sheet]) -> Table:
    headings = (
        *_keys(),
        Heading("zone", Words("Ô quy hoạch", "Zone")),
        *(Heading.of("zone", name) for name in _LIMITS),
    )
    rows = tuple(
        (sheet.label, each.plan.code, each.horizon.value, zone["code"], *(zone[name] for name in _LIMITS))
        for sheet in sheets
        for each in sheet.divided
        for zone in (zone.values for zone, _ in each.each())
        if any(zone[name] is not None for name in _LIMITS)
    )
    return Table("limits", Words("Chỉ tiêu quy hoạch áp dụng", "Limits that apply"), headings, rows)


def _touch_table(sheets: Sequence[_Sheet]) -> Table:
    headings = (
        Heading("parcel", Words("Thửa", "Parcel")),
        Heading("kind", Words("Loại", "Kind")),
        Heading("name", Words("Tên", "Name")),
        Heading("horizon", Words("Mốc", "Horizon")),
        Heading("area_m2", Words("Diện tích chạm", "Area touched"), "m²"),
        Heading("share", Words("Tỷ lệ", "Share"), "1"),
        Heading("says", Words("Nội dung", "What it says")),
        Heading("basis", Words("Căn cứ", "Basis")),
        Heading("reading", Words("Kết luận", "Reading")),
    )
    rows = tuple(row for sheet in sheets for row in _touch_rows(sheet))
    return Table("restrictions", Words("Hành lang, lộ giới, ngập lụt", "Corridors, reserves, floods"), headings, rows)


def _touch_rows(sheet: _Sheet) -> Iterator[tuple[Cell, ...]]:
    """Yield a row for each restriction; parts of one are one, and what is the same at several horizons is."""
    alike: dict[tuple[Horizon, Words, str | None, Words | None, str | None], list[Restriction]] = {}
    for each in sheet.touched:
        alike.setdefault((each.horizon, each.kind, each.name, each.says, each.basis), []).append(each)
    horizons: dict[tuple[Cell, ...], list[str]] = {}
    for (horizon, kind, name, says, basis), parts in alike.items():
        ground = shapely.union_all([each.geometry for each in parts])
        read = reading(ground.area, sheet.parcel.geometry.area)
        key = (kind, name or NOT_APPLICABLE, round(ground.area, 6), says or NOT_APPLICABLE, basis, read.words)
        horizons.setdefault(key, []).append(horizon.value)
    for (kind, name, area_m2, says, basis, words), seen in horizons.items():
        share = float(area_m2) / sheet.parcel.geometry.area if isinstance(area_m2, float) else None
        yield (sheet.label, kind, name, ", ".join(seen), area_m2, share, says, basis, words)


def _plan_table(plans: Sequence[RegisteredPlan]) -> Table:
    headings = (
        Heading("plan", Words("Đồ án", "Plan")),
        Heading.of("plan", "name"),
        *(Heading.of("plan", name) for name in ("decision_number", "decision_date")),
        Heading.of("plan", "scale_denominator"),
        Heading("tolerance_m", Words("Sai số nét vẽ", "Line tolerance"), "m"),
    )
    rows = tuple(
        (
            *(plan.code, plan.name, plan.decision_number),
            plan.decision_date.isoformat() if plan.decision_date else None,
            *(plan.scale_denominator, plan.tolerance_m),
        )
        for plan in plans
    )
    return Table("plan", Words("Đồ án làm căn cứ", "Plans it rests on"), headings, rows)


def _features(sheet: _Sheet) -> Iterator[Feature]:
    """Yield the parts under the first horizon of each plan, then the parcel itself."""
    seen: set[str] = set()
    for each in sheet.divided:
        if each.plan.code not in seen:
            seen.add(each.plan.code)
            yield from _part_features(each)
    values = {"area_m2": float(sheet.parcel.geometry.area)}
    yield Feature(sheet.parcel.subject(sheet.label), sheet.parcel.geometry, values, _PARCEL_LOOK)


def _part_features(divided: Zoned) -> Iterator[Feature]:
    for zone, part in divided.each():
        if part.geometry.is_empty:
            continue
        use = PLAN_USES.named(zone.values["plan_use"])
        look = Look(use.title, use.color or _GREY) if use else None
        said = {"plan": divided.plan.code, "horizon": divided.horizon.value, "area_m2": part.area_m2}
        yield Feature(Subject("zone", str(zone.values["code"]), zone.uid), part.geometry, said, look)


def _notes(sheets: Sequence[_Sheet], plans: Sequence[RegisteredPlan]) -> tuple[Words, ...]:
    notes: list[Words] = []
    if len(sheets) > 1:
        notes.append(
            Words(
                f"Có {len(sheets)} thửa cùng số tờ, số thửa hoặc cùng vị trí; tất cả được liệt kê.",
                f"{len(sheets)} parcels have that number or hold that position; all are listed.",
            )
        )
    if not plans:
        notes.append(
            Words("Sổ đăng ký không có đồ án nào được duyệt vào ngày này.", "No plan is approved on that day.")
        )
    horizons = ", ".join(each.code for each in PLAN_HORIZONS.codes)
    notes.append(
        Words(
            f"Xét các mốc {horizons}; nét vẽ sai số nửa milimét trên bản vẽ; phần trong sai số chưa kết luận được.",
            f"Horizons {horizons}. Lines are good to half a millimetre of the drawing; what lies within is undecided.",
        )
    )
    return tuple(notes)
