"""Water in and water out for zones that are built, as a part of the answer."""

from __future__ import annotations

from collections.abc import Iterator

from gis.build_out.chapter import Chapter, unanswered
from gis.build_out.lots import Lots
from gis.build_out.supply import Supplied, need_quantities, water_need
from gis.build_out.zones import Built
from gis.conformance.norms import norm
from gis.db import City
from gis.findings import Quantity
from gis.findings.figures import said
from gis.networks.supply.errors import SupplyError
from gis.networks.supply.need import Need
from gis.networks.supply.telling import ENGINE, network_source
from gis.standards import Edition, UnknownRuleError
from layers.model import Words

_PRESSURE = Words("Áp lực tại các nút cấp cho ô quy hoạch", "Pressure at the nodes that supply the zone")
_NEED = Words("Nhu cầu nước", "Need of water")
_WASTEWATER = Words("Nước thải thêm", "More wastewater")


def water_chapter(city: City, zones: Built, parcels: Lots, standard: Edition) -> Chapter:
    """Simulate the water supply of the city as it is seen, without those who come and with them.

    Where the edition does not say the need, or the network cannot be simulated, the chapter says so.
    """
    try:
        asked = water_need(zones, standard)
    except UnknownRuleError:
        reason = Words(f"{standard.code}: chưa có giá trị", f"{standard.code}: its value is not known here")
        return unanswered("domestic_water", _NEED, zones.code, reference=standard.code, reason=reason)
    quantities = (*need_quantities(asked), *_wastewater(asked, standard))
    try:
        found = Supplied.of(city, zones, parcels, standard)
    except SupplyError as why:
        reason = Words(f"Không mô phỏng được mạng cấp nước: {why}", str(why))
        chapter = unanswered("free_pressure", _PRESSURE, zones.code, reference=standard.code, reason=reason)
        return Chapter(quantities, (asked.table,), chapter.verdicts)
    return Chapter(
        (*found.quantities, *_wastewater(asked, standard)),
        (asked.table, found.table),
        tuple(found.verdicts),
        tuple(found.parcels()),
        tuple(found.notes),
        (network_source(found.model), ENGINE),
    )


def _wastewater(asked: Need, standard: Edition) -> Iterator[Quantity]:
    """Yield the wastewater of those who come: a share of the water that reaches them, without what is lost."""
    share = norm(standard, "wastewater_share", {})
    if share is None:
        yield Quantity("wastewater_m3_day", _WASTEWATER, None, "m³/day")
        return
    reaches = asked.with_others_m3_day + asked.industry_m3_day
    wastewater = share.least * reaches
    note = said(
        "{share} % của {water} m³ nước đến nơi dùng ({clause})",
        "{share} % of {water} m³ that reach their users ({clause})",
        share=100 * share.least,
        water=reaches,
        clause=share.rule.reference,
    )
    yield Quantity("wastewater_m3_day", _WASTEWATER, wastewater, "m³/day", note=note)
