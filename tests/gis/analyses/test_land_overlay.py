"""The two sides of the overlay: on the town they find the same areas, which the plan of the town says."""

from __future__ import annotations

import pytest

from gis.sample.town_plan import PLAN
from tests.bench.evaluating.pawns import SIDES


def test_both_sides_find_the_same_areas(town_url: str) -> None:
    ours, theirs = SIDES["ours"](town_url), SIDES["theirs"](town_url, PLAN)
    assert ours["2030_ha DAT_O_Nhomnhao"] == pytest.approx(5.5)
    assert {name: area for name, area in ours.items() if area} == pytest.approx(
        {name: area for name, area in theirs.items() if area}
    )
