-- name: middles
-- Count the parcels of today by the web tile their middle lies in.
--   z  integer  zoom level of the tiles
WITH middle AS (
    SELECT ST_Centroid(web_geom) AS place
    FROM at_existing.parcel
),
address AS (
    SELECT
        floor((ST_X(place) / 40075016.685578488 + 0.5) * (1 << %(z)s))::integer AS x,
        floor((0.5 - ST_Y(place) / 40075016.685578488) * (1 << %(z)s))::integer AS y
    FROM middle
)
SELECT
    x,
    y,
    count(*) AS parcels
FROM address
GROUP BY x, y

-- name: area
-- Measure what the parcels of today cover of a web tile, in square metres of the web's projection.
--   z  integer  zoom level of the tile
--   x  integer  its column
--   y  integer  its row
SELECT coalesce(sum(ST_Area(ST_Intersection(parcel.web_geom, tile.envelope))), 0) AS area
FROM ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS tile (envelope)
JOIN at_existing.parcel ON parcel.web_geom && tile.envelope
