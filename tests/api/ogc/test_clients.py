"""Programs that planners have, against the service as they would use it."""

from __future__ import annotations

from owslib.ogcapi.features import Features

from layers import LAYERS
from tests.api.conftest import Served
from tests.gis.hand import gdal


def test_owslib_finds_layers_and_reads_features(served: Served):
    client = Features(f"{served.root}/ogc/")
    assert set(client.feature_collections()) == {name for name, layer in LAYERS.items() if layer.public}
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in client.conformance()["conformsTo"]
    read = client.collection_items("ward", limit=1)
    assert (read["type"], len(read["features"])) == ("FeatureCollection", 1)
    alone = client.collection_item("ward", str(read["features"][0]["id"]))
    assert alone["properties"]["name"] == read["features"][0]["properties"]["name"]
    assert client.collection("ward")["id"] == "ward"
    assert "name" in client.collection_queryables("ward")["properties"]


def test_gdal_lists_the_layers_and_counts_the_features(served: Served):
    listed = gdal("ogrinfo", "-ro", f"OAPIF:{served.root}/ogc").stdout
    assert "parcel" in listed
    counted = gdal("ogrinfo", "-ro", "-so", f"OAPIF:{served.root}/ogc", "road").stdout
    assert "Feature Count: 3" in counted
    assert "road_class: String" in counted


def test_gdal_reads_every_feature_page_by_page(served: Served):
    read = gdal("ogrinfo", "-ro", "-q", "-oo", "PAGE_SIZE=2", f"OAPIF:{served.root}/ogc", "road").stdout
    assert [f"Đường {number}" in read for number in range(3)] == [True] * 3
    assert read.count("OGRFeature(road)") == 3


def test_gdal_lets_the_service_choose_by_the_columns_that_the_definition_names(served: Served):
    where = ("-where", "road_class = 'foot'")
    done = gdal("ogrinfo", "-ro", "-q", "--debug", "HTTP", *where, f"OAPIF:{served.root}/ogc", "road")
    assert done.stdout.count("OGRFeature(road)") == 1
    assert "&road_class=foot" in done.stderr
