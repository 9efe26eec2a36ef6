"""Where the use of land is read: of parcels as they stand, or of the zones of a plan."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql

from layers import LAYERS
from layers.model import Horizon

HOUSING = ("DAT_O_Nhomnhao", "DAT_O_Langxom")
"""Planned uses that are for housing alone."""
INDUSTRY = ("DAT_SX_Congnghiep",)
"""Planned uses that are for industry."""


@dataclass(frozen=True, slots=True)
class Uses:
    """A layer, its column of uses, and the horizon at which the city is seen.

    Statements place them as `{layer}`, `{code}` and `{chosen}`, which reads the layer as `each` and binds `plan`.
    """

    layer: str
    column: str
    horizon: Horizon

    @property
    def layer_sql(self) -> sql.Composable:
        """The layer, as the search path shows it."""
        return sql.Identifier(self.layer)

    @property
    def column_sql(self) -> sql.Composable:
        """The column of the use."""
        return sql.Identifier(self.column)

    @property
    def chosen_sql(self) -> sql.Composable:
        """Which features count: all, or the zones of one plan at one horizon."""
        if not LAYERS[self.layer].planned:
            return sql.SQL("TRUE")
        return sql.SQL("each.horizon = {} AND each.plan_code = %(plan)s").format(sql.Literal(self.horizon.value))


def planned_at(horizon: Horizon) -> Uses:
    """Return where the use is read that plans give the land at a horizon."""
    return Uses("zone", "plan_use", horizon)
