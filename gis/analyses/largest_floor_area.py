"""The reverse question: the most floor area on a site that keeps every check green, and which rule binds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal  # an attribute is of the kind its column declares

import shapely
from shapely.geometry.base import BaseGeometry

from gis.answering import positive
from gis.conformance import CHECKS, Ground, Terms
from gis.conformance.allowance import Allowance, Allowances
from gis.days import day
from gis.db import City, seen_at, sight_kept
from gis.errors import QuyhoachError
from gis.findings import Feature, Finding, Heading, Look, Quantity, Subject, Table, Verdict
from gis.findings.sources import plan_source, standard_source
from gis.planning.capacity import buildable, limits
from gis.planning.parcels import ParcelError, label, parcels, words_of
from gis.planning.places import place
from gis.planning.plans import plan_in_force
from gis.proposals import Proposal, Proposed
from gis.standards import edition as edition_named
from gis.standards import in_force
from layers import LAYERS
from layers.model import Horizon, Words

Use = Literal[
    "house", "apartment", "mixed", "commercial", "office", "hotel", "education", "health", "culture", "industry"
]  # fmt: skip
"""Uses of buildings of which the standards speak."""

_TITLE = Words("Diện tích sàn lớn nhất trên khu đất", "The most floor area on a site")
_SITE = Look(Words("Khu đất", "Site"), "#1a1a1a", is_outline=True)
_BLOCK = Look(Words("Khối công trình lớn nhất", "Largest block"), "#c9705e")
_OPEN = Look(Words("Phần được xây dựng", "Ground that may be built on"), "#e8c9b0")
_CONSTRAINTS = {
    "built_share.plan": Words("Mật độ xây dựng theo đồ án", "Built share, plan"),
    "built_share.standard": Words("Mật độ xây dựng theo quy chuẩn", "Built share, standard"),
    "green_share.plan": Words("Cây xanh theo đồ án", "Green share, plan"),
    "green_share.standard": Words("Cây xanh theo quy chuẩn", "Green share, standard"),
    "open_ground": Words("Khoảng lùi, khoảng cách, hành lang", "Setbacks, distances, corridors"),
    "floor_area_ratio.plan": Words("Hệ số sử dụng đất theo đồ án", "Floor area ratio, plan"),
    "floor_area_ratio.standard": Words("Hệ số sử dụng đất theo quy chuẩn", "Floor area ratio, standard"),
}
_STEPS = 50
_SHAVED = 1e-6
"""What a footprint stays under its limit, so that adding it up again does not pass it."""


class NoLimitError(QuyhoachError):
    """A site on which the plan does not say how much may be built."""


def largest_floor_area(
    city: City,
    *,
    site: str,
    use: Literal[
        "house", "apartment", "mixed", "commercial", "office", "hotel", "education", "health", "culture", "industry"
    ] = "apartment",
    plan: str = "",
    edition: str = "",
    storey_height_m: float | None = None,
) -> Finding:
    """Find the number of storeys and the footprint that give the most floor area on a site.

    For each number of storeys the footprint is what built share, green share, setbacks, distances to what stands about,
    and corridors leave; the floor area what the ratio allows of it. Land that the plan keeps for streets is no part of
    the site. The largest block is then held against all checks of `plan_conformance`, and its verdicts are the proof.
    Lines are taken as they are drawn; where they may lie off, a verdict says that it cannot be decided. The ground is
    taken for a new area.

    Parameters
    ----------
    site : a parcel (its uid, `WARD/SHEET/NUMBER`, a position `longitude,latitude`) or a polygon as GeoJSON.
    use : use of the building.
    plan : code of the plan; the approved general plan where none is given.
    edition : the edition of QCVN 01, such as `01:2026`; the one in force today where none is given.
    storey_height_m : height of a storey in m; the zone's height over its storeys where none is given.

    Returns
    -------
    Finding
        Quantities of the largest block and the rule that binds; table `storeys`; verdicts on the block.

    Raises
    ------
    ParcelError, PlaceError, PlanError, NoLimitError, NotPositiveError
        When there is no such site or plan, a storey has no height, or the plan does not say how high or how densely
        may be built there.
    """
    storey_m = positive("storey_height_m", storey_height_m)
    standard = edition_named(edition) if edition else in_force(on=day(""))
    name, said, ground_given = _site(city, site)
    horizon = Horizon.H2030 if city.horizon is Horizon.EXISTING else city.horizon
    with sight_kept(city):
        seen = seen_at(city.connection, horizon, city.scenario)
        terms = Terms(plan_in_force(seen, plan), standard, day(""), "new", horizon)
        net = _net(_ground(seen, terms, _lot(name, ground_given)), ground_given)
        ground = _ground(seen, terms, _lot(name, net))
        options = _options(ground, net, use, storey_m)
        best = max(options, key=lambda each: (each.floor_m2, -each.storeys))
        block = _shrunk(best.open_ground, best.footprint_m2)
        lot = _lot(name, net, plan_use=_plan_use(ground, net), min_green_share=1 - best.footprint_m2 / net.area)
        verdicts = _proof(seen, terms, lot, _building(use, block, best))
    return Finding(
        question="largest_floor_area",
        title=_TITLE,
        arguments={"site": site.strip(), "use": use, "plan": terms.plan.code, "edition": standard.number}
        | {"storey_height_m": storey_height_m},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=_quantities(best, float(ground_given.area), float(net.area)),
        tables=(_table(options),),
        verdicts=verdicts,
        features=tuple(_features(name, ground_given, best, block)),
        notes=(
            Words(f"Khu đất {name}", f"Site {name}"),
            Words(
                f"Yếu tố quyết định: {_CONSTRAINTS[best.binding].vi}", f"What binds: {_CONSTRAINTS[best.binding].en}"
            ),
        ),
        sources=(plan_source(terms.plan), standard_source(standard)),
        argument_words={"site": said, "plan": terms.plan.label, "edition": standard.label},
    )


def _site(city: City, said: str) -> tuple[str, Words, BaseGeometry]:
    """Return what a site is called, what it is called in words, and its ground."""
    if said.strip().startswith("{"):
        drawn = place(city, said)
        if drawn.geometry is not None:
            return drawn.label.vi, drawn.label, drawn.geometry
    found = parcels(city, said)
    if len(found) > 1:
        named = ", ".join(str(each.uid) for each in found)
        raise ParcelError(f"{said[:60]!r} names {len(found)} parcels; give the uid of one: {named}.")
    parcel = next(iter(found))
    return label(parcel), words_of(city, found), parcel.geometry


def _net(ground: Ground, site: BaseGeometry) -> BaseGeometry:
    """Return a site without the land that the plan keeps for streets; NoLimitError where nothing is left."""
    reserves = [each.geometry for each in ground.about("road_reserve", site)]
    net = buildable(site, reserves, (), setback_m=0.0)
    if not net.area:
        raise NoLimitError("All of the site is kept for streets; nothing may be built there.")
    return net


def _plan_use(ground: Ground, site: BaseGeometry) -> str | None:
    """Return the planned use of a site, where it has one alone."""
    uses = limits(ground.zoned(site)).uses
    return uses[0] if len(uses) == 1 else None


def _lot(name: str, ground: BaseGeometry, **values: Any) -> Proposed:
    return Proposed("zone", name, ground, {column.name: values.get(column.name) for column in LAYERS["zone"].columns})


def _building(use: str, block: BaseGeometry, best: Allowance) -> Proposed:
    values: dict[str, Any] = dict.fromkeys(column.name for column in LAYERS["building"].columns)
    said = {"building_use": use, "storeys": best.storeys, "height_m": best.height_m, "floor_area_m2": best.floor_m2}
    return Proposed("building", "Khối công trình", block, values | said)


def _ground(seen: City, terms: Terms, *objects: Proposed) -> Ground:
    return Ground.read(lambda: seen, lambda: seen, Proposal("site", "", objects), terms)


def _options(ground: Ground, site: BaseGeometry, use: str, storey_m: float | None) -> list[Allowance]:
    allowances = Allowances(ground, site, use, storey_m or 1.0)
    allowed = allowances.limits
    if not storey_m:
        if not allowed.height_m or not allowed.storeys:
            raise NoLimitError("The zones of the site do not say both height and storeys; give storey_height_m.")
        allowances = Allowances(ground, site, use, allowed.height_m / allowed.storeys)
    unsaid = [
        words
        for words, limit in (("built share", allowed.built_m2), ("floor area ratio", allowed.floor_m2))
        if limit is None
    ]
    if unsaid or not allowances.most_storeys:
        said = " and ".join(unsaid) or "height or storeys"
        raise NoLimitError(
            f"The zones of the site ({', '.join(allowed.zones) or 'none'}) name no {said}; unknown, not 0."
        )
    return list(allowances.each())


def _shrunk(ground: BaseGeometry, footprint_m2: float) -> BaseGeometry:
    """Return a ground drawn in from its edges until it has an area, found by halving."""
    wanted = footprint_m2 * (1 - _SHAVED)
    if ground.area <= wanted:
        return ground
    near, far = 0.0, float(max(ground.bounds[2] - ground.bounds[0], ground.bounds[3] - ground.bounds[1]))
    for _ in range(_STEPS):
        middle = (near + far) / 2
        near, far = (
            (middle, far) if shapely.buffer(ground, -middle, join_style="mitre").area > wanted else (near, middle)
        )
    return shapely.buffer(ground, -far, join_style="mitre")


def _proof(seen: City, terms: Terms, lot: Proposed, building: Proposed) -> tuple[Verdict, ...]:
    if building.geometry.is_empty:
        return ()
    ground = _ground(seen, terms, lot, building)
    return tuple(verdict for check in CHECKS for verdict in check(ground))


def _quantities(best: Allowance, site_m2: float, net_m2: float) -> tuple[Quantity, ...]:
    # Where nothing finds room, neither does a storey.
    storeys, height_m = (best.storeys, best.height_m) if best.floor_m2 else (0, 0.0)
    return (
        Quantity("floor_m2", Words("Diện tích sàn lớn nhất", "Most floor area"), best.floor_m2, "m²"),
        Quantity("storeys", Words("Số tầng", "Storeys"), storeys, "storeys"),
        Quantity("height_m", Words("Chiều cao", "Height"), height_m, "m"),
        Quantity("footprint_m2", Words("Diện tích chiếm đất", "Footprint"), best.footprint_m2, "m²"),
        Quantity("site_m2", Words("Diện tích khu đất", "Site"), site_m2, "m²"),
        Quantity("net_m2", Words("Còn lại ngoài lộ giới", "Left without land of streets"), net_m2, "m²"),
    )


def _table(options: Sequence[Allowance]) -> Table:
    headings = (
        Heading("storeys", Words("Số tầng", "Storeys")),
        Heading("height_m", Words("Chiều cao", "Height"), "m"),
        Heading("open_ground_m2", Words("Phần được xây dựng", "Open ground"), "m²"),
        Heading("footprint_m2", Words("Chiếm đất", "Footprint"), "m²"),
        Heading("floor_m2", Words("Diện tích sàn", "Floor area"), "m²"),
        Heading("binding", Words("Yếu tố quyết định", "What binds")),
    )
    rows = tuple(
        (
            *(each.storeys, each.height_m, float(each.open_ground.area)),
            *(each.footprint_m2, each.floor_m2, _CONSTRAINTS[each.binding]),
        )
        for each in options
    )
    return Table("storeys", Words("Theo số tầng", "By storeys"), headings, rows)


def _features(name: str, site: BaseGeometry, best: Allowance, block: BaseGeometry) -> Iterator[Feature]:
    """Yield the ground that may be built on, the block with its heights, and the site."""
    yield Feature(Subject("site", name), best.open_ground, {}, _OPEN)
    yield Feature(Subject("building", "Khối công trình"), block, {"base_m": 0.0, "top_m": best.height_m}, _BLOCK)
    yield Feature(Subject("site", name), site, {"area_m2": float(site.area)}, _SITE)
