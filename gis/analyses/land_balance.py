"""The land balance: how much land has which use, as it stands and as it is planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gis.answering import told_through
from gis.db import City, seen_at, sight_kept
from gis.findings import NOT_APPLICABLE, Finding, Heading, Quantity, Table
from gis.findings.sources import layer_source, plan_source
from gis.findings.table import Cell
from gis.planning.mix import entropy
from gis.planning.places import Place, place
from gis.planning.plans import RegisteredPlan, plan_in_force
from gis.planning.uses import Uses, planned_at
from gis.statements import statements
from layers.land import LAND_USES
from layers.model import CodeList, Horizon, Words
from layers.zoning import PLAN_USES

_SQL = Path(__file__).with_suffix(".sql")
_M2_OF_HA = 10_000
_TITLE = Words("Cân bằng sử dụng đất", "Land balance")
_NO_CODE = Words("Chưa rõ loại đất", "Use unknown")
_PLANNED = (Horizon.H2030, Horizon.H2045)
_PRESENT = 0.8
"""Share of the work that the present use is: parcels are many, zones are few."""

Areas = dict[str | None, float]
"""Areas in m² by code; None where the code is not known."""


def land_balance(
    city: City, *, within: str = "city", plan: str = "", present: Literal["parcel", "land_use"] = "parcel"
) -> Finding:
    """Add up the land by its present use, and by the use that a plan gives it in 2030 and 2045.

    Present uses have the codes of the land law, planned ones those of the planning law; the two are never mixed. Land
    outside of all zones is told as land without a plan.

    Parameters
    ----------
    within : the place: `city`, `ward:CODE`, `plan:CODE`, or a polygon as GeoJSON in longitude and latitude.
    plan : code of the plan in the register; the approved general plan where none is given.
    present : the layer that says the present use: cadastral parcels, or areas of present use.

    Returns
    -------
    Finding
        Table `land_balance`: hectares and shares (0-1) of the place by use; codes of one list have no value in the
        columns of the other.

    Raises
    ------
    PlaceError, PlanError
        When there is no such place or plan.
    """
    where = place(city, within)
    of_plan = plan_in_force(city, plan)
    with sight_kept(city):
        existing = _areas(city, Uses(present, "land_use_code", Horizon.EXISTING), where, of_plan)
        planned = {
            each: _areas(city, planned_at(each), where, of_plan) for each in told_through(_PLANNED, begin=_PRESENT)
        }
    balance = _Balance(existing, planned, where.area_m2)
    return Finding(
        question="land_balance",
        title=_TITLE,
        arguments={"within": within, "plan": of_plan.code, "present": present},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=balance.quantities,
        tables=(balance.table,),
        notes=(where.label, Words(of_plan.name, of_plan.name)),
        sources=(plan_source(of_plan), layer_source(present, "zone")),
        argument_words={"within": where.label, "plan": of_plan.label},
    )


def _areas(city: City, uses: Uses, where: Place, plan: RegisteredPlan) -> Areas:
    """Return the areas of a layer by use, as the city is seen at a horizon."""
    seen = seen_at(city.connection, uses.horizon, city.scenario)
    statement = statements(_SQL)["by_use"].sql(layer=uses.layer_sql, code=uses.column_sql, chosen=uses.chosen_sql)
    rows = seen.connection.execute(statement, {"place": where.wkb, "plan": plan.code}).fetchall()
    return {code: area_m2 for code, _, area_m2 in rows}


@dataclass(frozen=True, slots=True)
class _Balance:
    """The areas as they were found, in m²; `whole_m2` is that of the place, where it has an outline."""

    existing: Areas
    planned: dict[Horizon, Areas]
    whole_m2: float | None

    @property
    def table(self) -> Table:
        """The table: present uses, their sum, planned uses, their sum."""
        headings = (
            Heading("code_list", Words("Danh mục", "Code list")),
            Heading("code", Words("Mã", "Code")),
            Heading("title", Words("Loại đất, chức năng", "Use")),
            *_pair("existing", Words("Hiện trạng", "Existing")),
            *_pair("2030", Words("Quy hoạch 2030", "Plan 2030")),
            *_pair("2045", Words("Quy hoạch 2045", "Plan 2045")),
        )
        columns = (self.existing, *self.planned.values())
        rows = [
            *_rows(LAND_USES, (self.existing, None, None)),
            *_rows(PLAN_USES, (None, *self.planned.values())),
        ]
        total = (NOT_APPLICABLE, NOT_APPLICABLE, Words("Tổng cộng", "Total"))
        sums = _cells([sum(uses.values()) for uses in columns], columns)
        return Table("land_balance", _TITLE, headings, (*rows, (*total, *sums)), sums=1)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Sums, and what of the place has no plan."""
        found = [
            Quantity("existing_ha", Words("Tổng diện tích hiện trạng", "Land as it stands"), _ha(self.existing), "ha"),
            _mix("existing", Words("hiện trạng", "as it stands"), self.existing),
        ]
        for horizon, uses in self.planned.items():
            year = horizon.value
            found.append(
                Quantity(
                    f"planned_{year}_ha",
                    Words(f"Đất có quy hoạch {year}", f"Land with a plan, {year}"),
                    _ha(uses),
                    "ha",
                )
            )
            found.append(_mix(year, Words(f"quy hoạch {year}", f"plan {year}"), uses))
            if self.whole_m2 is not None:
                left = (self.whole_m2 - sum(uses.values())) / _M2_OF_HA
                title = Words(f"Đất chưa có quy hoạch {year}", f"Land without a plan, {year}")
                found.append(Quantity(f"unplanned_{year}_ha", title, left, "ha"))
        return tuple(found)


def _mix(name: str, which: Words, uses: Areas) -> Quantity:
    """Return how mixed the uses are that are known."""
    title = Words(f"Độ hỗn hợp chức năng, {which.vi}", f"Mix of uses (entropy 0-1), {which.en}")
    return Quantity(f"mix_{name}", title, entropy(area for code, area in uses.items() if code is not None), "1")


def _pair(name: str, title: Words) -> tuple[Heading, Heading]:
    return Heading(f"{name}_ha", title, "ha"), Heading(f"{name}_share", Words("Tỷ lệ", "Share"), "1")


def _rows(codes: CodeList, columns: Sequence[Areas | None]) -> list[tuple[Cell, ...]]:
    """Return a row for each code that occurs, in the order of its list, and one for what has none.

    A column that is None has codes of another list.
    """
    titles: dict[str | None, Words] = {each.code: each.title for each in codes.codes}
    found = {code for uses in columns if uses is not None for code in uses}
    listed = [code for code in (*titles, None) if code in found]
    return [
        (
            *(codes.title, code, titles.get(code, _NO_CODE)),
            *_cells([None if uses is None else uses.get(code, 0.0) for uses in columns], columns),
        )
        for code in listed
    ]


def _cells(areas_m2: Sequence[float | None], columns: Sequence[Areas | None]) -> list[Cell]:
    """Return hectares and share of each area in its column."""
    cells: list[Cell] = []
    for area_m2, uses in zip(areas_m2, columns, strict=True):
        total = sum((uses or {}).values())
        if area_m2 is None:
            cells += [NOT_APPLICABLE, NOT_APPLICABLE]
        else:
            cells += [area_m2 / _M2_OF_HA, area_m2 / total if total else NOT_APPLICABLE]
    return cells


def _ha(uses: Areas) -> float:
    return sum(uses.values()) / _M2_OF_HA
