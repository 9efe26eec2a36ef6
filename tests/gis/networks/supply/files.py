"""Networks for the tests: those that come with wntr, and small ones written by hand."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from gis.networks.supply.inp import parsed
from gis.networks.supply.model import Model, model
from gis.networks.supply.network import NOWHERE, Network, Valves, texts
from gis.networks.supply.reading import network_of

NEEDS_WNTR = pytest.mark.skipif(find_spec("wntr") is None, reason="wntr has no wheel for this machine")
_FOLDERS = ("library/networks", "tests/networks_for_testing")


def wntr_file(name: str) -> Path:
    """The path of a network that is installed with wntr."""
    found = find_spec("wntr")
    if found is None or found.origin is None:
        pytest.skip("wntr has no wheel for this machine")
    paths = [Path(found.origin).parent / folder / f"{name}.inp" for folder in _FOLDERS]
    there = [path for path in paths if path.is_file()]
    if not there:
        pytest.skip(f"{name}.inp is not in the installed wntr")
    return there[0]


def of_wntr(name: str) -> Model:
    return model(None, network=str(wntr_file(name)))  # type: ignore[arg-type]


def written(  # noqa: PLR0917 - sections in the order of a file
    junctions: str = "",
    pipes: str = "",
    reservoirs: str = "R 50",
    tanks: str = "",
    pumps: str = "",
    valves: str = "",
    more: str = "",
    units: str = "LPS",
) -> str:
    """The text of a file by its sections; rows are separated by semicolons."""
    sections = {
        "JUNCTIONS": junctions,
        "RESERVOIRS": reservoirs,
        "TANKS": tanks,
        "PIPES": pipes,
        "PUMPS": pumps,
        "VALVES": valves,
        "OPTIONS": f"UNITS {units}; HEADLOSS H-W",
    }
    rows = [line for name, text in sections.items() for line in (f"[{name}]", *map(str.strip, text.split(";")), "")]
    return "\n".join([*rows, more, "[END]", ""])


def network(text: str, *, crs: str = "") -> Network:
    return network_of(parsed("by hand", text), crs=crs)


def valves(of: Network, pairs: list[tuple[str, str]], *, operable: bool = True, closed: bool = False) -> Valves:
    """Valves by the node and the link that each of them parts."""
    node = np.array([of.node_places[node] for node, _ in pairs], dtype=np.int64)
    link = np.array([of.link_places[link] for _, link in pairs], dtype=np.int64)
    marks = np.ones(len(pairs), dtype=np.bool_)
    return Valves(
        texts([f"{node}:{link}" for node, link in pairs]),
        node,
        link,
        marks if operable else ~marks,
        marks if closed else ~marks,
        np.full(len(pairs), NOWHERE, dtype=np.int64),
    )


def with_valves(of: Network, pairs: list[tuple[str, str]], **states: bool) -> Network:
    return replace(of, valves=valves(of, pairs, **states))


CCWI17 = [("n1", "p1"), ("n4", "p4"), ("n5", "p7"), ("n6", "p7"), ("n6", "p8")]
"""The five valves of CCWI17-HermanMahmoud: one of them stands within a loop and bounds nothing."""
