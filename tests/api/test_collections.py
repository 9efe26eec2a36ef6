"""How a layer is described."""

from __future__ import annotations

from api.collections import collection
from gis.features import Box
from layers import LAYERS

AROUND = Box(108.1, 16.0, 108.3, 16.1)


def test_a_layer_reaches_as_far_as_its_first_and_last_day():
    described = collection(LAYERS["parcel"], "vi", root="", extent=AROUND, interval=("2021-06-01", None))
    assert described["extent"] == {
        "spatial": {"bbox": [[108.1, 16.0, 108.3, 16.1]], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"},
        "temporal": {
            "interval": [["2021-06-01T00:00:00Z", None]],
            "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
        },
    }


def test_a_layer_that_holds_on_any_day_says_nothing_of_days():
    described = collection(LAYERS["parcel"], "vi", root="", extent=AROUND, interval=(None, None))
    extent = described["extent"]
    assert isinstance(extent, dict)
    assert set(extent) == {"spatial"}


def test_a_layer_that_holds_nothing_has_no_extent():
    assert "extent" not in collection(LAYERS["parcel"], "vi", root="", extent=None)
