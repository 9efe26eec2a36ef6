"""Features of a finding as GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any  # a document of JSON is of any kind

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from gis import crs
from gis.findings.feature import Feature

_DECIMALS = 7
"""Of a degree: about a centimetre."""


def collection(features: Sequence[Feature]) -> dict[str, Any]:
    """Return features as a collection of GeoJSON, with what they are and what was found of each."""
    drawn = zip(features, geometries([each.geometry for each in features]), strict=True)
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {
                    "layer": each.subject.layer,
                    "uid": each.subject.uid,
                    "label": each.subject.label,
                    **each.properties,
                },
                "geometry": geometry,
            }
            for each, geometry in drawn
        ],
    }


def degrees(positions: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return positions of EPSG:5899, (n, 2), in longitude and latitude, to about a centimetre."""
    lon, lat = crs.transformation(crs.LONLAT_SRID).delivered_lists(positions[:, 0].tolist(), positions[:, 1].tolist())
    return np.column_stack([np.round(lon, _DECIMALS), np.round(lat, _DECIMALS)])


def geometries(stored: Sequence[BaseGeometry]) -> list[dict[str, Any]]:
    """Return geometries of EPSG:5899 as GeoJSON writes them, in longitude and latitude."""
    if not stored:
        return []
    flat: Any = shapely.force_2d(np.array(stored, dtype=object))
    return [json.loads(written) for written in shapely.to_geojson(shapely.transform(flat, degrees))]
