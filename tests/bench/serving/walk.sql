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
