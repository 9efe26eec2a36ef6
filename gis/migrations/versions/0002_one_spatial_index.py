"""Features are found by the geometry they are measured in; the one that is drawn needs neither index nor statistics."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_LAYERS = (
    *("city", "district", "ward", "land_use", "parcel", "building", "facility"),
    *("plan", "zone", "corridor", "road_reserve", "road", "rail", "transit_stop", "transit_route", "parking"),
    *("pipe", "node", "plant", "sewer", "manhole", "outfall", "channel", "water_body", "catchment", "flood_zone"),
)


def upgrade() -> None:
    """Drop the index on what is drawn."""
    for layer in _LAYERS:
        op.drop_index(f"{layer}_web_geom", layer, schema="city")
        op.execute(f"ALTER TABLE city.{layer} ALTER COLUMN web_geom SET STATISTICS 0")


def downgrade() -> None:
    """Make the index again."""
    for layer in _LAYERS:
        op.execute(f"ALTER TABLE city.{layer} ALTER COLUMN web_geom SET STATISTICS -1")
        op.create_index(f"{layer}_web_geom", layer, ["web_geom"], schema="city", postgresql_using="gist")
