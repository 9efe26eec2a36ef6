"""FlatGeobuf as a stream: without an index, so that nothing has to be kept until the last feature is known.

An index stands before the features and needs all their boxes; whoever wants one exports a file.
"""

from __future__ import annotations

import io
from collections.abc import Generator
from contextlib import closing
from typing import Any  # Arrow's arrays are generic over what they hold

import pyarrow as pa

from gis.copy import GEOMETRY
from gis.streams.batches import batches, schema
from gis.streams.chunks import gathered
from gis.streams.flat_features import features
from gis.streams.traversal import Traversal
from layers.model import Layer


def flatgeobuf(traversal: Traversal) -> Generator[bytes]:
    """Yield features as FlatGeobuf, their number unknown in its head.

    References
    ----------
    FlatGeobuf 3.x, `header.fbs` and `feature.fbs`.
    """
    return gathered(_pieces(traversal))


def _pieces(traversal: Traversal) -> Generator[bytes]:
    layer = traversal.part.layer
    yield head(layer, schema(traversal), traversal.part.system.srid)
    with closing(batches(traversal)) as read:
        for batch in read:
            yield from features(batch, layer.geometry)


def head(layer: Layer, fields: pa.Schema, srid: int) -> bytes:
    """Return the head of a FlatGeobuf: columns with title and meaning, geometry type, coordinate system.

    It is what GDAL writes when there are no features.
    """
    import pyogrio  # noqa: PLC0415 - with pandas and GDAL, 100 MiB of which every worker would need its own

    sink = io.BytesIO()
    nothing: Any = pa.Table.from_batches([], fields)
    pyogrio.write_arrow(
        nothing,
        sink,
        layer=layer.name,
        driver="FlatGeobuf",
        geometry_name=GEOMETRY,
        geometry_type=layer.geometry.value,
        crs=f"EPSG:{srid}",
        layer_options={"SPATIAL_INDEX": "NO", "TITLE": f"{layer.title.vi} | {layer.title.en}"},
    )
    return sink.getvalue()
