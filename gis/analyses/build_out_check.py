"""Whether the city holds when zones are built out: people, schools, water, drains, streets, in one answer."""

from __future__ import annotations

from typing import Literal

from gis.answering import part, positive
from gis.build_out.chapter import Chapter, together
from gis.build_out.drains import drain_chapter
from gis.build_out.ground import Ground
from gis.build_out.limits import plan_verdicts
from gis.build_out.schools import Schools
from gis.build_out.streets import street_chapter
from gis.build_out.telling import outlines, zone_quantities
from gis.build_out.water import water_chapter
from gis.build_out.zones import built
from gis.days import day
from gis.db import City
from gis.findings import Finding
from gis.findings.sources import plan_source, standard_source
from gis.networks.drainage.held import Terms
from gis.networks.drainage.rain import rain as rain_given
from gis.planning.people import people
from gis.planning.plans import plan_in_force
from gis.standards import edition as edition_named
from gis.standards import in_force
from layers.model import Words

_TITLE = Words(
    "Khi xây dựng hết ô quy hoạch, hạ tầng có đáp ứng không", "Whether the city holds when a zone is built out"
)


def build_out_check(
    city: City,
    *,
    zone: str = "",
    floor_area_ratio: float | None = None,
    dwelling_m2: float | None = None,
    household: float | None = None,
    rain: str = "",
    trips_per_person: float | None = None,
    urban_class: Literal["special", "I", "II", "III", "IV", "V"] = "I",
    plan: str = "",
    edition: str = "",
) -> Finding:
    """Build zones of the plan out, and hold schools, water, drains and streets against the norms with those who come.

    Zones are named, or they are those that a scenario has and the city has not. Each is built to the floor area ratio
    of the plan, or all to one that is given. Those who come beside the people of today need places in schools, water
    and sewers by the norm; their ground is paved as the plan uses it. Schools within the norm's walk are shared by all
    who reach them (2SFCA). The network of water is simulated for a day before and after, and the sewers that carry the
    rain of the ground are held against the rain of their return period. Today the zones of 2030 are built on the
    networks as they stand. What cannot be answered is told, and does not keep the rest from being answered.

    Parameters
    ----------
    zone : codes of zones of the plan, with commas; the zones that the scenario changes where none is given.
    floor_area_ratio : floor area over ground, to which they are built; that of the plan where none is given.
    dwelling_m2 : floor area for each dwelling in zones for housing, in m², circulation included; not known without.
    household : people for each dwelling; not known where none is given.
    rain : constants of TCVN 7957 (l/s/ha, min) as `A=… C=… b=… n=…`, or mm/h as `i=…`; without it no drain is judged.
    trips_per_person : trips of a person in a day; not known without, as no standard says it.
    urban_class : class of the city, on which the return period depends; the former Đà Nẵng was of class I.
    plan : code of the plan; the approved general plan where none is given.
    edition : the edition of QCVN 01, such as `01:2021`; the one in force today where none is given.

    Returns
    -------
    Finding
        Tables `schools` (places per 1,000 people before and after), `need` (m³/day), `nodes` (m before and after),
        `sewers` (m³/s before and after); a verdict for each norm; parcels by the pressure at their node.

    Raises
    ------
    BuildOutError
        When there is no such zone, or its people cannot be told.
    RainError, PlanError, UnknownEditionError, NotPositiveError
        When there is no such rain, plan or edition, or a size is none.
    """
    standard = edition_named(edition) if edition else in_force(on=day(""))
    of_plan, storm = plan_in_force(city, plan), rain_given(rain)
    trips = positive("trips_per_person", trips_per_person)
    dwelling = (positive("dwelling_m2", dwelling_m2), positive("household", household))
    zones = built(city, codes=zone, plan=of_plan, floor_area_ratio=floor_area_ratio, dwelling=dwelling)
    with part(0.05, 0.3):
        ground = Ground.read(city, zones)
        schools = Schools.of(city, ground, of_plan, standard).chapter
    with part(0.3, 0.6):
        water = water_chapter(city, zones, ground.lots, standard)
    with part(0.6, 0.8):
        drains = drain_chapter(city, zones, Terms(of_plan, standard, urban_class, storm))
    with part(0.8, 1.0):
        streets = street_chapter(city, ground, of_plan, standard, trips_per_person=trips)
    who = Chapter(
        quantities=tuple(zone_quantities(zones)),
        verdicts=tuple(plan_verdicts(zones, of_plan, standard)),
        features=tuple(outlines(zones)),
        notes=(people(city, of_plan).counted, *zones.notes),
        sources=(plan_source(of_plan), standard_source(standard)),
    )
    whole = together((who, schools, water, drains, streets))
    sizes = {"floor_area_ratio": floor_area_ratio, "dwelling_m2": dwelling_m2, "household": household}
    given = {"zone": zone, **sizes, "rain": rain.strip(), "trips_per_person": trips_per_person}
    return Finding(
        question="build_out_check",
        title=_TITLE,
        arguments={**given, "urban_class": urban_class, "plan": of_plan.code, "edition": standard.number},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=whole.quantities,
        tables=whole.tables,
        verdicts=whole.verdicts,
        # Parcels are drawn first, what lies on them after.
        features=together((water, drains, who, schools)).features,
        notes=whole.notes,
        sources=whole.sources,
        argument_words={"plan": of_plan.label, "edition": standard.label},
    )
