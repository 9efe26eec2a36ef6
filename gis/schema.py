"""Where things stand in the database: schemas, coordinate systems, the columns of a layer's table."""

from __future__ import annotations

from psycopg import sql

from layers.kernel import KERNEL
from layers.model import Column, Horizon, Layer

CITY_SCHEMA = "city"
"""Where the layers are stored."""
HISTORY_SCHEMA = "history"
"""Where superseded rows are kept."""
REGISTER_SCHEMA = "register"
"""Where the system keeps its books."""
BASELINE = "baseline"
"""What is seen where no scenario is named; no scenario may bear this name."""
OVERVIEW_SCHEMA = "overview"
"""Where layers are kept as they are drawn from far away."""
STORED_SRID = 5899
"""VN-2000 / TM-3 107-45, in which everything is measured."""
WEB_SRID = 3857
"""Web Mercator, for tiles; nothing is measured in it."""
_SHORT_NAME = 10


def horizon_schema(horizon: Horizon) -> str:
    """Return the schema whose views show the city at this horizon."""
    return f"at_{horizon.value}"


def scenario_schema(scenario: str) -> str:
    """Return the schema that holds what a scenario changes, and its layers as stored."""
    return f"scenario_{scenario}"


def scenario_horizon_schema(scenario: str, horizon: Horizon) -> str:
    """Return the schema whose views show at this horizon the layers a scenario changes.

    It begins unlike `scenario_schema`, so that no name of a scenario leads into the schema of another.
    """
    return f"{horizon_schema(horizon)}_in_{scenario}"


def stands_at(layer: Layer, horizon: Horizon) -> sql.Composable:
    """Return the condition under which a feature of the layer is seen at this horizon."""
    conditions: list[sql.Composable] = []
    if layer.staged:
        reached = sql.SQL(", ").join(sql.Literal(stage.value) for stage in horizon.reached)
        conditions.append(sql.SQL("stage IN ({})").format(reached))
        conditions.append(sql.SQL("(stage_end IS NULL OR stage_end NOT IN ({}))").format(reached))
    if layer.planned:
        conditions.append(sql.SQL("horizon = {}").format(sql.Literal(horizon.value)))
    return sql.SQL(" AND ").join(conditions) if conditions else sql.SQL("TRUE")


def stored_columns(layer: Layer) -> tuple[Column, ...]:
    """Return the columns of a layer as stored: the declared ones, then those every feature carries."""
    return (*layer.columns, *KERNEL)


def seen_columns(layer: Layer) -> tuple[str, ...]:
    """Return the name of every column of a layer's table, in order."""
    return ("uid", *(column.name for column in stored_columns(layer)), "recorded_at", "geom", "web_geom")


def short_names(names: list[str]) -> dict[str, str]:
    """Return for each name what a Shapefile keeps of it, ten letters, all of them different.

    >>> short_names(["uid", "source_document", "source_date", "source_docket"])
    {'uid': 'uid', 'source_document': 'source_doc', 'source_date': 'source_dat', 'source_docket': 'source_d_2'}
    """
    short: dict[str, str] = {}
    for name in names:
        candidate, number = name[:_SHORT_NAME], 1
        while candidate in short.values():
            number += 1
            candidate = f"{name[: _SHORT_NAME - len(str(number)) - 1]}_{number}"
        short[name] = candidate
    return short
