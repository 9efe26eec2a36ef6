"""The convention names uses that there are, and shares that can be."""

from __future__ import annotations

from pathlib import Path

import pytest

from gis.networks.drainage.conventions import conventions
from gis.written import WrittenError
from layers.land import LAND_USES
from layers.model import DATA
from layers.zoning import PLAN_USES

TEXT = (DATA / "conventions" / "drainage.toml").read_text(encoding="utf-8")


def test_it_says_that_it_is_a_convention_of_ours():
    assert conventions().certainty.value == "assumed"
    assert "quyhoach" in conventions().title.en


def test_every_planned_use_has_a_paved_share():
    assert set(conventions().paved_share["plan_use"]) == set(PLAN_USES.values)


def test_every_use_either_has_a_place_in_the_norm_of_floods_or_is_left_open_on_purpose():
    left_open = set(PLAN_USES.values) - set(conventions().flood_ground)
    assert left_open == {
        "DAT_HTXH_CayxanhCC", "DAT_Cayxanhhanche", "DAT_Cayxanhchuyendung", "DAT_Anninh", "DAT_Quocphong",
        "DAT_HTKT_DuongGT", "DAT_HTKT_Baidoxe", "DAT_HTKT_Nghiatrang", "DAT_SX_Vatlieu",
    }  # fmt: skip
    assert set(conventions().flood_ground) <= set(PLAN_USES.values) | set(LAND_USES.values)


def test_more_runs_off_of_paved_ground():
    paved, open_ = conventions().paved, conventions().open
    assert paved.coefficient > open_.coefficient
    assert paved.curve_number > open_.curve_number


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("ODT = 0.85", "ODT = 1.85", "a share, 0-1"),
        ("ODT = 0.85", "ODX = 0.85", "unknown entry ODX"),
        ("curve_number = 98", "curve_number = 101", "at most 100"),
        ('"DAT_Coquan", ', '"DAT_Coquanx", ', "which is no use"),
        ('none = [', 'none = [\n    "ODT",', "stands under"),
    ],
)  # fmt: skip
def test_a_file_that_is_wrong_is_refused(tmp_path: Path, old: str, new: str, why: str):
    path = tmp_path / "drainage.toml"
    assert old in TEXT
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(WrittenError, match=why):
        conventions(path)
