-- name: outside
-- Pick from geometries, by their places from 1, those that meet neither the city nor one of its wards, which are drawn
-- finer; none for as long as no boundary is stored.
--   geometries  bytea[]  WKB in EPSG:5899
WITH given AS (
    SELECT
        ST_GeomFromWKB(wkb, 5899) AS geom,
        place
    FROM unnest(%(geometries)s::bytea[]) WITH ORDINALITY AS sent (wkb, place)
)
SELECT given.place
FROM given
WHERE EXISTS (SELECT FROM city.city)
    AND NOT EXISTS (
        SELECT
        FROM city.city AS whole
        WHERE ST_Intersects(whole.geom, given.geom)
    )
    AND NOT EXISTS (
        SELECT
        FROM city.ward AS ward
        WHERE ST_Intersects(ward.geom, given.geom)
    )
ORDER BY given.place
