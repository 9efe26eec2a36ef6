"""The engine, in a process of its own: it keeps all it knows in global memory, and may end the process it runs in.

It is started by its path, with a folder that holds `model.inp`. It says on its output how far it has come, a share
(0-1) a line, and leaves `results.json` in the folder: what was found, in the units of the model, or what was wrong.
"""

from __future__ import annotations

import json
import math
import resource
import sys
from pathlib import Path
from typing import Any  # the engine has no stubs

_MOST_MEMORY, _MOST_FILE = 6 * 1024**3, 2 * 1024**3
_STRIDES = 100
_NODE = ("maxDepth", "maxInflow", "maxOverflow", "volFlooded", "timeFlooded", "timeSurcharged")
_LINK = ("maxFlow", "maxVeloc", "maxDepth", "timeFullUpstream", "timeFullDnstream", "timeSurcharged")
_AREA = ("precip", "runoff", "maxFlow")
_ROUTED = (
    "dwInflow",
    "wwInflow",
    "gwInflow",
    "iiInflow",
    "exInflow",
    "flooding",
    "outflow",
    "initStorage",
    "finalStorage",
)
_RAINED = ("rainfall", "evap", "infil", "runoff")


def main(folder: Path, most_s: int) -> None:
    """Run the model of a folder."""
    for kind, most in (
        (resource.RLIMIT_AS, _MOST_MEMORY),
        (resource.RLIMIT_FSIZE, _MOST_FILE),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, 4 * most_s),
    ):
        resource.setrlimit(kind, (most, most))
    try:
        found = _run(folder)
    except Exception as wrong:  # noqa: BLE001 - the engine raises nothing more exact; its report says what was wrong
        found = {"error": str(wrong).strip(), "complaints": _complaints(folder / "model.rpt")}
    (folder / "results.json").write_text(json.dumps(_plain(found), allow_nan=False), encoding="utf-8")


def _run(folder: Path) -> dict[str, Any]:
    from swmm.toolkit import shared_enum, solver  # noqa: PLC0415 - only here, never in the service itself

    engine: Any = solver
    kinds: Any = shared_enum.ObjectType
    try:
        engine.swmm_open(*(str(folder / f"model.{suffix}") for suffix in ("inp", "rpt", "out")))
        engine.swmm_start(1)
        _step(engine, shared_enum)
        units = [
            _whole(engine.simulation_get_unit(each))
            for each in (shared_enum.UnitProperty.SYSTEM_UNIT, shared_enum.UnitProperty.FLOW_UNIT)
        ]
        links = _named(engine, kinds.LINK)
        # Without links nothing is routed, and the engine ends the process when it is asked about nodes.
        nodes = _named(engine, kinds.NODE) if links else []
        found: dict[str, Any] = {
            "units": units,
            "nodes": [_node(engine, place, name) for place, name in nodes],
            "links": [_link(engine, place, name) for place, name in links],
            "areas": [
                {"name": name, **_values(engine.subcatch_get_stats(place), _AREA)}
                for place, name in _named(engine, kinds.SUBCATCH)
            ],
            "routed": _values(engine.system_get_routing_totals(), _ROUTED),
            "rained": _values(engine.system_get_runoff_totals(), _RAINED),
        }
        engine.swmm_end()
        found["errors"] = [float(each) for each in engine.swmm_get_mass_balance()]
    finally:
        engine.swmm_close()
    return found


def _step(engine: Any, shared_enum: Any) -> None:
    """Go through the time of the model, saying how far it has come."""
    begin, end = (
        engine.simulation_get_datetime(each)
        for each in (shared_enum.TimeProperty.START_DATE, shared_enum.TimeProperty.END_DATE)
    )
    whole_s = (_datetime(end) - _datetime(begin)).total_seconds()
    stride = max(1, math.ceil(whole_s / _STRIDES))
    done = 0.0
    while engine.swmm_stride(stride) > 0:
        done += stride
        print(min(done / max(whole_s, 1.0), 1.0), flush=True)  # noqa: T201 - how it speaks to who started it


def _datetime(said: Any) -> Any:
    import datetime  # noqa: PLC0415 - as above

    return said if isinstance(said, datetime.datetime) else datetime.datetime(*said)  # noqa: DTZ001 - a time of the model


def _named(engine: Any, kind: Any) -> list[tuple[int, str]]:
    return [(place, engine.project_get_id(kind, place)) for place in range(engine.project_get_count(kind))]


def _node(engine: Any, place: int, name: str) -> dict[str, Any]:
    values = _values(engine.node_get_stats(place), _NODE)
    depth, floor = (float(engine.node_get_parameter(place, each)) for each in (1, 0))
    return {"name": name, "kind": _whole(engine.node_get_type(place)), "invert": floor, "fullDepth": depth, **values}


def _link(engine: Any, place: int, name: str) -> dict[str, Any]:
    ends = [engine.project_get_id(2, node) for node in engine.link_get_connections(place)]
    return {
        "name": name,
        "kind": _whole(engine.link_get_type(place)),
        "ends": ends,
        **_values(engine.link_get_stats(place), _LINK),
    }


def _whole(said: Any) -> int:
    """Return the number of what the engine says as an enumeration, or as a number."""
    return int(getattr(said, "value", said))


def _values(said: Any, names: tuple[str, ...]) -> dict[str, float]:
    return {name: float(getattr(said, name)) for name in names}


def _complaints(report: Path) -> list[str]:
    """Return what the engine's report says was wrong, with the lines of the model it quotes."""
    if not report.exists():
        return []
    lines = [line.strip() for line in report.read_text(encoding="utf-8", errors="replace").splitlines()]
    found = [place for place, line in enumerate(lines) if line.startswith("ERROR")]
    return [" ".join(lines[place : place + 2]).strip() for place in found[:20]]


def _plain(said: Any) -> Any:
    """Return values as JSON holds them; what is no number is none."""
    if isinstance(said, dict):
        return {name: _plain(value) for name, value in said.items()}
    if isinstance(said, list):
        return [_plain(each) for each in said]
    return None if isinstance(said, float) and not math.isfinite(said) else said


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
