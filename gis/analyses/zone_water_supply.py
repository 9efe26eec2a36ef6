"""Whether the water supply holds when a zone is built to a floor area ratio."""

from __future__ import annotations

from typing import Annotated

from gis.answering import FILE, positive
from gis.build_out.lots import lots
from gis.build_out.supply import Supplied
from gis.build_out.telling import outlines, zone_quantities
from gis.build_out.zones import built
from gis.days import day
from gis.db import City
from gis.findings import Finding
from gis.findings.sources import plan_source, standard_source
from gis.networks.supply.telling import ENGINE, fault_table, network_source
from gis.planning.plans import plan_in_force
from gis.standards import edition as edition_named
from gis.standards import in_force
from layers.model import Words

_TITLE = Words("Cấp nước khi xây dựng một ô quy hoạch", "Water supply of a zone that is built out")


def zone_water_supply(
    city: City,
    *,
    zone: str,
    floor_area_ratio: float,
    dwelling_m2: float | None = None,
    household: float | None = None,
    network: Annotated[str, FILE] = "",
    crs: str = "",
    plan: str = "",
    edition: str = "",
) -> Finding:
    """Build zones of the plan to a floor area ratio: how many people, how much water a day, what pressure is left.

    Those who come beside the people of today need water by the norm. It is drawn at the nodes nearest to the parcels of
    the zone, by their area, and the network is simulated for a day before and after. The water recorded at the nodes is
    taken for that of today's people, at every horizon.

    Parameters
    ----------
    zone : codes of zones of the plan, with commas.
    floor_area_ratio : floor area over ground, to which they are built.
    dwelling_m2 : floor area for each dwelling in zones for housing, in m², circulation included; not known without.
    household : people for each dwelling; not known where none is given.
    network : an EPANET file (.inp), its path or its text; the layers of the city where it is empty.
    crs : coordinate system of the file, such as EPSG:5899; what the file names where none is given.
    plan : code of the plan; the approved general plan where none is given.
    edition : the edition of QCVN 01, such as `01:2021`; the one in force today where none is given.

    Returns
    -------
    Finding
        Tables `need` (m³/day by step), `nodes` (m before and after), `faults`; a feature for each parcel by the
        pressure at its node afterwards.

    Raises
    ------
    BuildOutError, SupplyError
        When there is no such zone, its people cannot be told, or the network cannot be simulated.
    PlanError, UnknownEditionError, UnknownRuleError, NotPositiveError
        When there is no such plan or edition, it does not say what water is needed, or a size is none.
    """
    standard = edition_named(edition) if edition else in_force(on=day(""))
    of_plan = plan_in_force(city, plan)
    dwelling = (positive("dwelling_m2", dwelling_m2), positive("household", household))
    zones = built(city, codes=zone, plan=of_plan, floor_area_ratio=floor_area_ratio, dwelling=dwelling)
    found = Supplied.of(city, zones, lots(city, zones.ground), standard, network=network, crs=crs)
    arguments = {"zone": zone, "floor_area_ratio": floor_area_ratio, "dwelling_m2": dwelling_m2, "household": household}
    named = {"network": found.model.argument, "crs": crs, "plan": of_plan.code, "edition": standard.number}
    return Finding(
        question="zone_water_supply",
        title=_TITLE,
        arguments={**arguments, **named},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=(*zone_quantities(zones), *found.quantities),
        tables=(found.asked.table, found.table, fault_table(found.model.checked.faults)),
        verdicts=tuple(found.verdicts),
        features=(*found.pipes(), *outlines(zones), *found.parcels()),
        notes=(*zones.notes, *found.notes),
        sources=(plan_source(of_plan), standard_source(standard), network_source(found.model), ENGINE),
    )
