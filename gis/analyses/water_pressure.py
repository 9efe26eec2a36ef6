"""What pressure the water supply has where water is drawn, hour by hour."""

from __future__ import annotations

from typing import Annotated, Literal

from gis.answering import FILE, told
from gis.conformance.norms import norm
from gis.days import day
from gis.db import City
from gis.findings import Finding, Table
from gis.findings.sources import standard_source
from gis.networks.supply.answer import Answer
from gis.networks.supply.drawing import with_demand
from gis.networks.supply.listing import tables
from gis.networks.supply.loads import FAR_M, load
from gis.networks.supply.model import Model, model
from gis.networks.supply.need import READING, Norms
from gis.networks.supply.running import Drive
from gis.networks.supply.simulation import simulate
from gis.networks.supply.telling import ENGINE, fault_table, network_source, repair_table
from gis.planning.plans import plan_in_force
from gis.standards import Edition, in_force
from gis.standards import edition as edition_named
from layers.model import Words

_TITLE = Words("Áp lực nước cấp", "Pressure of the water supply")


def water_pressure(
    city: City,
    *,
    network: Annotated[str, FILE] = "",
    crs: str = "",
    hours: float = 24.0,
    demand: Literal["recorded", "norm"] = "recorded",
    method: Literal["demand_driven", "pressure_driven"] = "demand_driven",
    repair_m: float = 0.0,
    edition: str = "",
) -> Finding:
    """Simulate the water supply, and hold the pressure at every node with demand against the norm.

    Pressure is judged only where water is drawn; what is cut off from every source has none that is known, and the
    reason is said. Without a pattern of the day demand is constant. Flows are added up: what reservoirs give is what is
    drawn and what tanks store.

    Parameters
    ----------
    network : an EPANET file (.inp), its path or its text; the layers of the city where it is empty.
    crs : coordinate system of the file, such as EPSG:5899; what the file names where none is given.
    hours : how long is simulated, in hours; 0 for one moment.
    demand : the demand that is recorded at the nodes, or that of people and industry by the norm.
    method : demand is drawn whatever the pressure, or less of it where pressure is below the norm.
    repair_m : parts without a source are joined to what lies so near, in m; 0 mends nothing.
    edition : the edition of QCVN 01, such as `01:2021`; the one in force today where none is given.

    Returns
    -------
    Finding
        Tables `pressure` (by class), `nodes` (m, hours), `velocity`, `sources`, `series`, `faults`, `repairs`; with
        demand by the norm `need`. A feature for each node with demand, and for the pipes.

    Raises
    ------
    SupplyError
        When there is no network, no source, no engine, or the network cannot be simulated.
    UnknownEditionError, UnknownRuleError
        When there is no such edition, or it does not say what is needed.
    """
    standard = edition_named(edition) if edition else in_force(on=day(""))
    asked = model(city, network=network, crs=crs, repair_m=repair_m)
    told(0.05)
    asked, more, notes = _by_norm(city, asked, standard) if demand == "norm" else (asked, (), ())
    drive = Drive(0.0, standard.rule("free_pressure").norm().least) if method == "pressure_driven" else None
    found = simulate(asked, hours=hours, drive=drive, begin=0.1)
    answer = Answer(asked, found, norm(standard, "free_pressure", {}), standard)
    arguments = {"network": asked.argument, "crs": crs, "hours": hours, "demand": demand, "method": method}
    return Finding(
        question="water_pressure",
        title=_TITLE,
        arguments={**arguments, "repair_m": repair_m, "edition": standard.number},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=tuple(answer.quantities),
        tables=(*tables(answer), *more, fault_table(asked.checked.faults), *_repairs(asked)),
        verdicts=tuple(answer.verdicts),
        features=tuple(answer.features()),
        notes=(*asked.notes, *asked.day, *notes, *answer.notes),
        sources=(standard_source(standard), network_source(asked), ENGINE),
    )


def _repairs(asked: Model) -> tuple[Table, ...]:
    return (repair_table(asked),) if asked.repairs else ()


def _by_norm(city: City, asked: Model, standard: Edition) -> tuple[Model, tuple[Table, ...], tuple[Words, ...]]:
    plan = plan_in_force(city)
    found = load(city, asked.network, plan=plan, norms=Norms(standard))
    far = Words(
        f"{found.far_people:.0f} người ở cách nút dùng nước gần nhất hơn {FAR_M:g} m",
        f"{found.far_people:,.0f} people live more than {FAR_M:g} m from the nearest node with demand",
    )
    notes = (found.need.arithmetic, READING, *((far,) if found.far_people >= 1 else ()))
    return with_demand(asked, found.demand_m3_s), (found.need.table,), notes
