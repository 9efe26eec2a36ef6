"""Whether ground stands as far above the flood as the standard asks."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

from gis.answering import FILE, file_named, told_through
from gis.days import day
from gis.db import City, seen_at, sight_kept
from gis.elevation import checked_error_m, surface_opened
from gis.errors import QuyhoachError
from gis.findings import Feature, Finding, Heading, Look, Outcome, Quantity, Source, Table, Verdict
from gis.findings.figures import said
from gis.findings.sources import plan_source, standard_source
from gis.findings.table import Cell
from gis.networks.drainage.conventions import conventions
from gis.planning.flooding import NEAR_M, Covers, Floods, Land, Modelled, parcels, zones
from gis.planning.freeboard import Ground, Judge
from gis.planning.places import Place, place
from gis.planning.plans import RegisteredPlan, plan_if_any, plan_in_force
from gis.standards import edition as edition_named
from gis.standards import in_force
from layers.land import LAND_USES
from layers.model import Horizon, Words
from layers.zoning import PLAN_USES

_TITLE = Words("Cao độ nền so với mực nước lũ", "Ground against the flood")
_M2_OF_HA = 10_000
_MOST_PARCELS = 2_000
_ORDER = (Outcome.FAIL, Outcome.UNDECIDED, Outcome.PASS, Outcome.NOT_APPLICABLE)
_LOOKS = {
    Outcome.FAIL: Look(Words("Nền thấp hơn yêu cầu hoặc bị ngập", "Lower than asked, or flooded"), "#c22f2f"),
    Outcome.UNDECIDED: Look(Words("Chưa đủ căn cứ", "Cannot be decided"), "#9a9a9a"),
    Outcome.PASS: Look(Words("Nền đủ cao", "High enough"), "#3f8f4f"),
    Outcome.NOT_APPLICABLE: Look(Words("Không áp dụng", "Not applicable"), "#d9d4c9"),
}
_COVERS = Words(
    f"Cao độ nền theo nắp giếng thăm trong ô, hoặc trong vòng {NEAR_M:g} m",
    f"Ground by the covers of manholes on the land, or within {NEAR_M:g} m",
)
_MODEL = Words(
    "Cao độ nền theo mô hình độ cao: phải cùng hệ cao độ với mực nước lũ (EGM2008 không phải hệ Hòn Dấu)",
    "Ground by an elevation model: it must count from where the flood levels do (EGM2008 is not the Hòn Dấu datum)",
)


class UnstatedErrorError(QuyhoachError):
    """An elevation model whose error nobody states."""

    def __init__(self) -> None:
        super().__init__("An elevation model has an error; say what its maker states with stated_error_m, in m.")


class TooMuchLandError(QuyhoachError):
    """More parcels than verdicts that anybody reads."""

    def __init__(self, where: Place) -> None:
        super().__init__(
            f"{where.label.en} holds more than {_MOST_PARCELS:,} parcels; name a smaller place, or ask of zones."
        )


def flood_freeboard(
    city: City,
    *,
    subject: Literal["zone", "parcel"] = "zone",
    within: str = "city",
    elevation: Annotated[str, FILE] = "",
    stated_error_m: float = 0.0,
    urban_class: Literal["special", "I", "II", "III", "IV", "V"] = "I",
    edition: str = "",
    plan: str = "",
) -> Finding:
    """Hold the ground of zones, or of parcels, against the level of the flood and the freeboard that the standard asks.

    Land that lies in a flood zone of the return period asked, or of a shorter one, fails. Elsewhere the water has the
    level of the flood zone the land lies in, or of the nearest within 200 m; where none says it, it is not known. The
    ground is as high as the lowest cover of a manhole on it, or beside it within 30 m; or as an elevation model says,
    in the same levels and with its error. As the city stands, zones are those of 2030.

    Parameters
    ----------
    subject : what is judged: zones of the plan, or parcels.
    within : the place: `city`, `ward:CODE`, `plan:CODE`, or a polygon as GeoJSON in longitude and latitude.
    elevation : path of an elevation model (GeoTIFF) in the levels of the flood zones; covers of manholes without it.
    stated_error_m : error of the model that its maker states, in m; it has to be given with the model.
    urban_class : class of the city; the former Đà Nẵng was of class I.
    edition : the edition of QCVN 01, such as `01:2021`; the one in force today where none is given.
    plan : code of the plan whose zones are judged; the approved general plan where none is given.

    Returns
    -------
    Finding
        A verdict for each zone or parcel; table `land`, hectares by use and outcome.

    Raises
    ------
    PlaceError, PlanError, NoEditionError, UnknownEditionError, TooMuchLandError, NoElevationError, UnstatedErrorError
        When there is no such place, plan, edition or model, or more parcels than are judged at once.
    """
    where = place(city, within)
    of_plan = plan_in_force(city, plan) if subject == "zone" else plan_if_any(city, plan)
    standard = edition_named(edition) if edition else in_force(on=day(""))
    land = _land(city, of_plan if subject == "zone" else None, where)
    with _ground(city, elevation, stated_error_m) as ground:
        judge = Judge(Floods.read(city), ground, standard, urban_class)
        verdicts = tuple(judge.verdict(each) for each in told_through(land))
    return Finding(
        question="flood_freeboard",
        title=_TITLE,
        arguments={"subject": subject, "within": within, "elevation": elevation, "stated_error_m": stated_error_m}
        | {"urban_class": urban_class, "edition": standard.number, "plan": of_plan.code if of_plan else ""},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=_quantities(land, verdicts),
        tables=(_table(land, verdicts),),
        verdicts=tuple(sorted(verdicts, key=lambda each: _ORDER.index(each.outcome))),
        features=tuple(_features(land, verdicts)),
        notes=(where.label, standard.title, _MODEL if elevation else _COVERS),
        sources=(
            standard_source(standard),
            conventions().source,
            *((plan_source(of_plan),) if of_plan else ()),
            *_model(elevation, stated_error_m),
        ),
    )


def _land(city: City, plan: RegisteredPlan | None, where: Place) -> Sequence[Land]:
    """Return the zones of a plan in a place; without a plan the parcels."""
    if plan is None:
        found = parcels(city, where.wkb, most=_MOST_PARCELS + 1)
        if len(found) > _MOST_PARCELS:
            raise TooMuchLandError(where)
        return found
    horizon = Horizon.H2030 if city.horizon is Horizon.EXISTING else city.horizon
    with sight_kept(city):
        return zones(seen_at(city.connection, horizon, city.scenario), plan.code, where.wkb)


@contextmanager
def _ground(city: City, elevation: str, error_m: float) -> Generator[Ground]:
    """Say how high the ground is, while the block runs: by covers of manholes, or by an elevation model."""
    if not elevation:
        yield Covers(city)
        return
    if not error_m:
        raise UnstatedErrorError
    checked_error_m(error_m)
    with surface_opened(file_named("elevation", elevation)) as surface:
        yield Modelled(surface, error_m)


def _quantities(land: Sequence[Land], verdicts: Sequence[Verdict]) -> tuple[Quantity, ...]:
    return (
        Quantity("judged", Words("Số đối tượng", "Zones or parcels"), len(land), "objects"),
        *(
            Quantity(
                f"{each.value}_ha",
                each.words,
                sum(one.geometry.area for one, verdict in zip(land, verdicts, strict=True) if verdict.outcome is each)
                / _M2_OF_HA,
                "ha",
            )
            for each in _ORDER
        ),
    )


def _table(land: Sequence[Land], verdicts: Sequence[Verdict]) -> Table:
    headings = (
        Heading("use", Words("Chức năng, loại đất", "Use")),
        Heading("number", Words("Số lượng", "Number")),
        Heading("area_ha", Words("Diện tích", "Area"), "ha"),
        *(Heading(f"{each.value}_ha", each.words, "ha") for each in _ORDER),
        Heading("flooded_ha", Words("Trong đó bị ngập", "Of it flooded"), "ha"),
    )
    by_use: dict[str | None, list[tuple[Land, Verdict]]] = {}
    for one, verdict in zip(land, verdicts, strict=True):
        by_use.setdefault(one.code, []).append((one, verdict))
    rows = [_row(code, mine) for code, mine in by_use.items()]
    return Table(
        "land", Words("Theo chức năng", "By use"), headings, tuple(sorted(rows, key=lambda row: -float(str(row[2]))))
    )


def _row(code: str | None, mine: Sequence[tuple[Land, Verdict]]) -> tuple[Cell, ...]:
    named = PLAN_USES.named(code) or LAND_USES.named(code)
    areas = [(one.geometry.area / _M2_OF_HA, verdict) for one, verdict in mine]
    flooded = (verdict.inputs.get("flooded_ha") for _, verdict in mine)
    return (
        named.title if named else Words("Chưa rõ", "Unknown"),
        len(mine),
        sum(area for area, _ in areas),
        *(sum(area for area, verdict in areas if verdict.outcome is each) for each in _ORDER),
        sum(each for each in flooded if isinstance(each, float)),
    )


def _features(land: Sequence[Land], verdicts: Sequence[Verdict]) -> Iterator[Feature]:
    for one, verdict in zip(land, verdicts, strict=True):
        lowest, asked = verdict.inputs.get("lowest_m"), verdict.inputs.get("flood_level_m")
        yield Feature(
            verdict.subject, one.geometry, {"lowest_m": lowest, "flood_level_m": asked}, _LOOKS[verdict.outcome]
        )


def _model(elevation: str, error_m: float) -> tuple[Source, ...]:
    if not elevation:
        return ()
    note = said("Sai số được công bố: ± {error} m", "Stated error: ± {error} m", error=error_m)
    return (Source(Words("Mô hình độ cao", "Elevation model"), Path(elevation).name, None, note),)
