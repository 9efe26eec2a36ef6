"""An EPANET file into the layers node and pipe, by the same way as any delivery; its text is kept beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any  # geopandas takes shapes that may be missing

import geopandas
from shapely.geometry.base import BaseGeometry

from gis.db import City
from gis.intake.loading import Manner, load_layers
from gis.intake.report import Report
from gis.networks.supply.delivered import Values, delivered
from gis.networks.supply.errors import InpError
from gis.networks.supply.faults import Fault, checked
from gis.networks.supply.inp import Inp
from gis.networks.supply.kept import keep
from gis.networks.supply.model import read_inp
from gis.networks.supply.reading import network_of
from gis.schema import STORED_SRID
from layers import LAYERS
from layers.model import Horizon

_LAYERS = ("pipe", "node")
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a file: the reports of both layers, what is wrong with its network, what is kept beside it."""

    inp: Inp
    crs: str
    reports: tuple[Report, ...]
    faults: tuple[Fault, ...]
    beside: tuple[str, ...]


def load_inp(
    city: City, path: Path, *, crs: str = "", mode: str = "append", stage: Horizon = Horizon.EXISTING
) -> Loaded:
    """Load an EPANET file into the layers of water supply of a city, or of the scenario it is seen in.

    Parameters
    ----------
    crs : coordinate system of its coordinates; that which the file names where none is given.
    mode : append, or replace the nodes and pipes that are there.
    stage : from when on what it describes stands.

    Raises
    ------
    InpError, IntakeError
        When it cannot be loaded as a whole.
    """
    inp, _ = read_inp(str(path))
    system = crs or inp.crs
    if not system:
        raise InpError(inp.name, "it names no coordinate system; say which its coordinates are in, as --crs EPSG:5899")
    network = network_of(inp, crs=system)
    rows = delivered(inp, network)
    _refuse_unplaced(inp, rows.node_shapes)
    with TemporaryDirectory(prefix="supply-") as folder, city.connection.transaction():
        given = Path(folder) / f"{Path(inp.name).stem or 'net'}.gpkg"
        constants = {"source": inp.name[:100], "stage": stage.value}
        _write(given, "node", rows.nodes, rows.node_shapes, constants)
        _write(given, "pipe", rows.pipes, rows.pipe_shapes, constants)
        reports = tuple(
            report
            for layer in _LAYERS
            for report in load_layers(city, given, layers=(layer,), mode=mode, source_layer=layer, manner=Manner())
        )
        for report in reports:
            if report.delivery is not None:
                keep(city.connection, report.delivery, inp, crs=system)
    return Loaded(inp, system, reports, checked(network).faults, tuple(_beside(inp)))


def _refuse_unplaced(inp: Inp, shapes: Mapping[str, BaseGeometry | None]) -> None:
    bare = [code for code, shape in shapes.items() if shape is None]
    if bare:
        some = ", ".join(bare[:_SHOWN]) + (" …" if len(bare) > _SHOWN else "")
        raise InpError(
            inp.name,
            f"{len(bare)} of its nodes have no coordinates ({some}); a layer holds what lies somewhere. "
            "Questions take such a file as it is (network=FILE)",
        )


def _write(
    path: Path,
    layer: str,
    rows: Mapping[str, Values],
    shapes: Mapping[str, BaseGeometry | None],
    constants: Mapping[str, str],
) -> None:
    declared = {column.name for column in LAYERS[layer].columns}
    names = [name for name in dict.fromkeys(name for values in rows.values() for name in values) if name in declared]
    columns = {name: [values.get(name) for values in rows.values()] for name in names}
    same = {name: [value] * len(rows) for name, value in constants.items()}
    drawn: Any = [shapes[code] for code in rows]
    frame = geopandas.GeoDataFrame({**columns, **same}, geometry=drawn, crs=STORED_SRID)
    frame.to_file(path, layer=layer, driver="GPKG")


_HELD = frozenset({
    *("", "TITLE", "JUNCTIONS", "RESERVOIRS", "TANKS", "PIPES", "PUMPS", "VALVES", "COORDINATES", "VERTICES"),
    "END",
})  # fmt: skip


def _beside(inp: Inp) -> list[str]:
    """Return the sections that say something the layers do not hold."""
    return [
        name for name in dict.fromkeys(each.name for each in inp.sections) if name not in _HELD and any(inp.rows(name))
    ]
