-- name: tile
-- Draw one tile of one layer: what meets the tile or its margin, in the order of uid, cut at the margin.
-- The search is as wide as the margin, so that a symbol which stands just outside is whole on the border.
-- {layer} is the layer, {name} its name inside the tile, {attributes} its public columns.
--   z  integer  zoom level, 0-22
--   x  integer  column from the west, 0 to 2^z - 1
--   y  integer  row from the north, 0 to 2^z - 1
WITH tile AS (
    SELECT
        ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS square,
        ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => 64 / 4096.0) AS reach,
        city.searched(ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => 64 / 4096.0)) AS search
),
feature AS MATERIALIZED (
    SELECT
        uid,
        {attributes},
        ST_AsMVTGeom(web_geom, square, 4096, 64, TRUE) AS drawn
    FROM {layer}, tile
    WHERE geom && search AND web_geom && reach
)
SELECT ST_AsMVT(feature, {name}, 4096, 'drawn', 'uid' ORDER BY uid) AS tile
FROM feature
