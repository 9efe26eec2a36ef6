"""What comes to each sewer, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from gis.db import City, seen_at
from gis.findings import Outcome
from gis.networks.drainage.capacity import Capacity, capacity
from gis.networks.drainage.faults import Kind
from gis.networks.drainage.ground import Runoff, runoff
from gis.networks.drainage.inlets import Catching, catching
from gis.networks.drainage.network import Network
from gis.networks.drainage.parts import Parts
from gis.networks.drainage.periods import Periods
from gis.networks.drainage.rain import rain
from gis.planning.plans import RegisteredPlan, plan_in_force
from gis.standards import edition
from layers.model import Horizon
from tests.gis.networks.drainage.drains import catchment, chain, manhole, outfall, sewer

NO_PLAN = RegisteredPlan("none", "", "general", "construction", "approved", None, None, None)
FULL = 0.274594  # a pipe of 600 mm at two in a thousand, n = 0.013


def held(
    city: City, given: str = "", *, reading: str = "catchment", plan: RegisteredPlan = NO_PLAN, method: str = "rational"
):
    network = Network.read(city, "storm")
    parts = Parts(network)
    caught = catching(city, network, parts)
    ground = runoff(city, caught.inlets, plan, reading=reading)
    found = capacity(
        network, parts, caught.inlets, ground=ground, rain=rain(given),
        periods=Periods.of(edition("01:2021"), "I"), method=method,
    )  # fmt: skip
    return network, caught, ground, found


def by_code(network: Network, values) -> dict[str, float]:
    return dict(zip(network.sewers.code.tolist(), np.asarray(values).tolist(), strict=True))


def test_the_land_of_the_town_is_led_to_the_manholes_its_catchments_name(town: City):
    network, caught, _, found = held(town)
    assert [network.nodes.code[node] for node in caught.inlets.node] == ["M1", "M2"]
    assert by_code(network, found.area_m2) == {"M1-M2": 45_000, "M2-M3": 90_000, "M3-O1": 90_000}
    # farthest corners: (450, 200) from M1 (200, 100), and (0, 0) from M2 (300, 100)
    assert caught.inlets.farthest_m.tolist() == pytest.approx([269.258, 316.228], abs=1e-3)


# Paved: today C1 = 1 ha park x 0.2 + 0.5 school x 0.55 + 0.5 market x 0.9 + 1 shops x 0.85 + 1 flats x 0.85 + 0.5 park
# x 0.2 = 2.725 ha of 4.5; C2 = 2 ha houses x 0.85 + 1 factory x 0.8 + 1.5 fields x 0.02 = 2.53 ha. C·A = 0.2 x 4.5 +
# 0.7 x paved. By the plan of 2030 C1 = 0.2 + 0.55 + 0.8 + 1.5 x 0.85 = 2.825, C2 = 4.5 ha houses x 0.8 = 3.6; of 2045
# C1 = 0.2 + 0.55 + 2.5 x 0.85 = 2.875, C2 = 4 x 0.8 + 0.5 x 0.85 = 3.625.
@pytest.mark.parametrize(
    ("horizon", "first", "second"),
    [
        (Horizon.EXISTING, 0.9 + 0.7 * 2.725, 0.9 + 0.7 * 2.53),
        (Horizon.H2030, 0.9 + 0.7 * 2.825, 0.9 + 0.7 * 3.6),
        (Horizon.H2045, 0.9 + 0.7 * 2.875, 0.9 + 0.7 * 3.625),
    ],
)
def test_more_roofs_bring_more_run_off(town: City, horizon: Horizon, first: float, second: float):
    seen = seen_at(town.connection, horizon)
    try:
        network, _, ground, found = held(seen, "i=20", reading="land_use", plan=plan_in_force(seen))
        assert ground.known_share == pytest.approx(1)
        for values in (found.load_least, found.load_most):
            assert by_code(network, 100 * values) == pytest.approx(
                {"M1-M2": first, "M2-M3": first + second, "M3-O1": first + second}, rel=1e-6
            )
        assert by_code(network, found.flow_most) == pytest.approx(
            {"M1-M2": 0.0556 * first, "M2-M3": 0.0556 * (first + second), "M3-O1": 0.0556 * (first + second)}, rel=1e-6
        )
        assert [each.value for each in found.outcome] == ["pass", "fail", "fail"]
    finally:
        seen_at(town.connection, Horizon.EXISTING)


def test_what_a_catchment_says_of_itself_counts_where_that_is_asked(town: City):
    # C = 0.2 + 0.7 x 0.5 = 0.55: 2.475 ha from each; 0.274594 = 0.278 i 0.02475 at 39.9 mm/h
    network, _, ground, found = held(town)
    assert ground.said_share == 1
    assert by_code(network, found.held_mm_h) == pytest.approx(
        {"M1-M2": FULL / (0.278 * 0.02475), "M2-M3": FULL / (0.278 * 0.0495), "M3-O1": FULL / (0.278 * 0.0495)},
        rel=1e-5,
    )
    # the fourth answer: no rain, nothing decided
    assert set(found.outcome) == {Outcome.UNDECIDED}


def test_a_rain_that_a_sewer_just_carries_passes_and_a_little_more_fails(town: City):
    assert held(town, "i=39.9")[3].outcome[0] is Outcome.PASS
    assert held(town, "i=39.95")[3].outcome[0] is Outcome.FAIL


def test_the_longest_way_counts_for_a_rain_that_weakens_with_its_length(town: City):
    # Over ground to M1 0.0195 x 269.258^0.77 x 0.002^-0.385 = 15.86 min, to M2 0.0195 x 316.228^0.77 x 10.943 = 17.95.
    # Through M1-M2 100 m at about 0.97-1.1 m/s: 1.6 min; so that at M2 17.95 min count, and at M3 1.7 more.
    network, _, _, found = held(town, "A=2000 C=0.5 b=10 n=1")
    times = by_code(network, found.time_min)
    assert times["M1-M2"] == pytest.approx(15.86, abs=0.02)
    assert times["M2-M3"] == pytest.approx(17.95, abs=0.02)
    # full at 0.97118 m/s: 100 m in 1.7161 min
    assert times["M3-O1"] - times["M2-M3"] == pytest.approx(1.7161, abs=1e-3)
    # M1-M2 is a branch, once a year: i = 0.36 x 2000 / (15.86 + 10); Q = 0.278 i 0.02475
    assert by_code(network, found.flow_most)["M1-M2"] == pytest.approx(0.278 * 720 / 25.86 * 0.02475, rel=1e-3)


def test_a_main_sewer_is_held_against_five_years_and_a_branch_against_one(city: City):
    manhole(city, "A", (0, 0))
    manhole(city, "B", (100, 0))
    outfall(city, "Z", (200, 0))
    sewer(city, "A", "B", (0, 0), (100, 0))
    sewer(city, "B", "Z", (100, 0), (200, 0), diameter_mm=1200)
    catchment(city, "C", "A", (0, 0, 100, 100), impervious_share=1.0, slope_share=0.01)
    network, _, _, found = held(city, "A=2000 C=1 b=0 n=0.5")
    assert by_code(network, found.years) == {"A-B": 1, "B-Z": 5}
    ratio = found.flow_most[1] / found.flow_most[0]
    # lg 5 = 0.699; and the rain is weaker after the way through A-B
    assert ratio == pytest.approx(1.69897 * (found.time_min[0] / found.time_min[1]) ** 0.5, rel=1e-6)


def test_run_off_by_curve_number_comes_as_a_triangle(town: City):
    # CN 80 of both: 60 mm -> S = 63.5, (60 - 12.7)² / (60 + 50.8) = 20.192 mm; 4.5 ha; D = 60 min, tc = 15.86 min
    network, _, _, found = held(town, "i=60 t=60", method="scs")
    expected = 0.208 * 0.045 * 20.192 / (0.5 + 0.6 * 15.86 / 60)
    assert by_code(network, found.flow_most)["M1-M2"] == pytest.approx(expected, rel=1e-3)


def test_a_catchment_of_an_outfall_goes_to_the_nearest_manholes_that_lead_there(city: City):
    # A 0, B 100, C 200, outfall Z 300 east; the land from -50 to 300 east: 100 m to A, 100 m to B, and 150 m to C
    chain(city)
    catchment(city, "C1", "Z", (-50, -50, 300, 50), impervious_share=0.5)
    network, caught, _, found = held(city)
    areas = dict(zip([network.nodes.code[node] for node in caught.inlets.node], caught.inlets.area_m2, strict=True))
    assert areas == pytest.approx({"A": 10_000, "B": 10_000, "C": 15_000})
    assert by_code(network, found.area_m2) == pytest.approx({"A-B": 10_000, "B-C": 20_000, "C-Z": 35_000})


def test_a_catchment_of_an_outfall_without_sewers_loads_none(city: City):
    outfall(city, "Y", (0, 500))
    chain(city)
    catchment(city, "C1", "Y", (0, 400, 100, 500), impervious_share=0.5)
    _, caught, _, found = held(city, "i=10")
    assert caught.inlets.area_m2.tolist() == [10_000]
    assert np.nansum(found.area_m2) == 0
    assert {each.en for each in found.reason} == {"No catchment is led to this sewer or above it"}


def test_a_catchment_whose_outlet_is_not_there_is_told_and_its_land_is_counted(city: City):
    chain(city)
    manhole(city, "S", (0, 90), system="sanitary")
    for number, outlet in enumerate((None, "X", "S")):
        catchment(city, f"C{number}", outlet, (0, 100 * number, 100, 100 * number + 100))
    caught: Catching = held(city)[1]
    assert [(each.label, each.kind) for each in caught.faults] == [
        ("C0", Kind.OUTLET_UNNAMED),
        ("C1", Kind.OUTLET_MISSING),
        ("C2", Kind.OUTLET_OF_WASTEWATER),
    ]
    assert (caught.lost_m2, len(caught.inlets)) == (30_000, 0)


def test_ground_of_which_nothing_is_known_lies_between_two_bounds(city: City):
    # 1 ha that is anything: C between 0.2 and 0.9, so that 100 mm/h bring 0.0556 to 0.2502 m³/s
    chain(city)
    catchment(city, "C1", "A", (0, 0, 100, 100))
    network, _, ground, found = held(city, "i=100")
    assert (ground.known_share, ground.said_share) == (0, 0)
    assert by_code(network, found.flow_least)["A-B"] == pytest.approx(0.278 * 100 * 0.2 * 0.01)
    assert by_code(network, found.flow_most)["A-B"] == pytest.approx(0.278 * 100 * 0.9 * 0.01)
    # a full pipe carries 0.2746: 100 mm/h pass, 500 fail whatever the ground is, 300 cannot be decided
    outcomes = [held(city, f"i={each}")[3].outcome[0].value for each in (100, 300, 500)]
    assert outcomes == ["pass", "cannot_be_decided", "fail"]


def test_what_comes_out_of_a_loop_has_no_upper_bound_and_never_passes(city: City):
    chain(city)
    sewer(city, "C", "A", (200, 0), (100, 80), (0, 0), code="back")
    catchment(city, "C1", "A", (0, 0, 10, 10), impervious_share=0.5)
    found: Capacity = held(city, "i=1")[3]
    assert set(found.outcome) == {Outcome.UNDECIDED}
    assert not np.isnan(found.flow_least).any()


def test_below_a_sewer_whose_upper_node_is_missing_nothing_passes_but_what_is_too_much_fails(city: City):
    chain(city)
    sewer(city, "X", "B", (100, 100), (100, 0), code="lost")
    catchment(city, "C1", "A", (0, 0, 100, 100), impervious_share=1.0)
    network, _, _, found = held(city, "i=1")
    assert dict(zip(network.sewers.code, found.outcome, strict=True)) == {
        "A-B": Outcome.PASS, "B-C": Outcome.UNDECIDED, "C-Z": Outcome.UNDECIDED, "lost": Outcome.UNDECIDED,
    }  # fmt: skip
    outcomes = dict(zip(network.sewers.code, held(city, "i=500")[3].outcome, strict=True))
    assert [outcomes[code] for code in ("A-B", "B-C", "C-Z")] == [Outcome.FAIL] * 3


def test_water_divides_by_what_the_sewers_carry(city: City):
    # 1,200 mm carry (1200/600)^(8/3) = 6.3496 times what 600 mm carry
    chain(city)
    sewer(city, "A", "B", (0, 0), (50, 40), (100, 0), diameter_mm=1200, code="wide")
    catchment(city, "C1", "A", (0, 0, 100, 100), impervious_share=1.0)
    network, _, _, found = held(city, "i=10")
    flows = by_code(network, found.flow_most)
    slope = (100 / network.sewers.length_m[list(network.sewers.code).index("wide")]) ** 0.5
    assert flows["wide"] / flows["A-B"] == pytest.approx(2 ** (8 / 3) * slope, rel=1e-6)
    assert flows["wide"] + flows["A-B"] == pytest.approx(flows["B-C"])
    assert by_code(network, found.is_divided) == {"A-B": True, "wide": True, "B-C": True, "C-Z": True}


def test_a_sewer_of_unknown_size_cannot_be_decided_and_those_below_it_count_its_water(city: City):
    chain(city)
    city.connection.execute("UPDATE city.sewer SET diameter_mm = NULL WHERE code = 'A-B'")
    catchment(city, "C1", "A", (0, 0, 100, 100), impervious_share=1.0, slope_share=0.01)
    network, _, _, found = held(city, "i=10")
    assert found.outcome[list(network.sewers.code).index("A-B")] is Outcome.UNDECIDED
    assert by_code(network, found.flow_most)["B-C"] == pytest.approx(0.278 * 10 * 0.9 * 0.01)
    # how long the water takes through it is not known: a rain that weakens with its length gives a bound alone
    _, _, _, weakening = held(city, "A=2000 C=0.5 b=10 n=1")
    assert by_code(network, weakening.flow_least)["B-C"] == 0
    assert by_code(network, weakening.flow_most)["B-C"] > 0


def test_an_edition_that_says_no_period_decides_nothing(town: City):
    network = Network.read(town, "storm")
    parts = Parts(network)
    inlets = catching(town, network, parts).inlets
    ground: Runoff = runoff(town, inlets, NO_PLAN, reading="catchment")
    periods = Periods.of(edition("01:2026"), "I")
    found = capacity(network, parts, inlets, ground=ground, rain=rain("i=1"), periods=periods, method="rational")
    assert periods.missing is not None
    assert set(found.outcome) == {Outcome.UNDECIDED}
