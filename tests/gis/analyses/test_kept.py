"""A finding that was kept is the finding it was."""

from __future__ import annotations

import json

import pytest

from gis.asking import ask
from gis.db import City
from gis.findings import Finding
from gis.findings.kept import finding_of, packed, unpacked
from layers.model import Horizon, Words
from tests.gis.conftest import lonlat_box

PROPOSAL = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"layer": "zone", "plan_use": "DAT_O_Nhomnhao", "max_built_share": 0.95},
            "geometry": json.loads(lonlat_box(10, 10, 90, 90)),
        }
    ],
}
ASKED = {
    "parcel_extract": {"parcel": "1"},
    "plan_conformance": {"proposal": json.dumps(PROPOSAL), "edition": "01:2021"},
    "land_balance": {"within": "ward:WEST"},
    "land_use_change": {},
    "exposure": {},
    "service_provision": {},
}


@pytest.mark.parametrize("question", ASKED)
def test_a_finding_is_kept_with_its_hash(town: City, question: str):
    arguments = dict(ASKED[question])
    if question == "parcel_extract":
        row = town.connection.execute("SELECT uid FROM parcel ORDER BY uid LIMIT 1").fetchone()
        assert row
        arguments["parcel"] = str(row[0])
    found = ask(town, question, **arguments)
    again = finding_of(unpacked(packed(found)))
    assert again.document == found.document
    assert again.hash == found.hash
    assert [each.geometry.wkt for each in finding_of(again.document).features] == [
        each.geometry.wkt for each in again.features
    ]
    assert len(again.geojson()["features"]) == len(found.features)


def test_a_finding_without_anything_is_kept_too():
    empty = Finding("x", Words("Trống", "Empty"), {"a": 1.5, "b": None}, Horizon.H2045, "park")
    again = finding_of(unpacked(packed(empty)))
    assert again == empty
