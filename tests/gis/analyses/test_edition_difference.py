"""What QCVN 01:2026 changes for the town: 1,000 people, 400 in the west."""

from __future__ import annotations

from pathlib import Path

import pytest

from gis.analyses.edition_difference import edition_difference
from gis.db import City
from gis.standards import UnknownEditionError
from tests.gis.proposed import building, lot, written


def test_land_is_needed_by_the_norms_of_each_edition(town: City):
    totals = edition_difference(town).table("totals").set_index("service")
    # 40 pupils of 1,000 on 10 m² are 0.4 m² a person; 0.6 from 2027 on. Class I asks for 8 m² of green, then for 7.
    assert totals.loc["Upper secondary schools", ["before_m2", "after_m2", "change_m2"]].tolist() == [400, 600, 200]
    assert totals.loc["Public green", ["before_m2", "after_m2", "change_m2", "have_m2"]].tolist() == [
        8_000,
        7_000,
        -1_000,
        10_000,
    ]
    assert totals.loc["Kindergartens", "change_m2"] == 0


def test_what_one_edition_alone_says_is_no_change_of_zero(town: City):
    finding = edition_difference(town)
    hospitals = finding.table("totals").set_index("service").loc["Hospitals"]
    assert (hospitals["before_m2"], hospitals.isna()["after_m2"], hospitals.isna()["change_m2"]) == (400, True, True)
    rules = finding.table("rules").set_index("rule")
    assert rules.loc["setback", ["after", "changed"]].tolist() == ["not known here", "Not known whether it changes"]
    assert rules.loc["unit_green", ["before", "after", "changed"]].tolist() == ["≥ 2", "≥ 2", "Stays"]
    assert rules.loc["city_green", ["before", "after", "changed"]].tolist() == ["≥ 7 · 6 · 5 · 4", "≥ 5", "Changes"]


def test_the_same_edition_changes_nothing(town: City):
    finding = edition_difference(town, after="01:2021")
    assert finding.quantity("rules_changed").value == 0
    assert finding.quantity("rules_unknown").value == 0
    assert set(finding.table("totals")["change_m2"].dropna()) == {0.0}


def test_verdicts_on_a_proposal_that_change_are_listed(town: City, tmp_path: Path):
    proposal = written(
        tmp_path,
        lot((200, 120, 300, 200), code="L1"),
        building((210, 130, 230, 190), "apartment", name="T1", height_m=15, storeys=4),
    )
    finding = edition_difference(town, proposal=proposal)
    verdicts = finding.table("verdicts").set_index("title")
    row = verdicts.loc["Built share, standard"]
    assert (row["outcome_before"], row["outcome_after"]) == ("Pass", "Cannot be decided")
    assert finding.quantity("verdicts_changed").value == len(verdicts)
    assert "Height of the building" not in verdicts.index


def test_an_edition_that_is_none_is_refused(town: City):
    with pytest.raises(UnknownEditionError, match=r"no edition '01:2019'"):
        edition_difference(town, before="01:2019")
