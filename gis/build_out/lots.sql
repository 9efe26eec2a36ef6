-- name: parcels
-- Read the parcels whose inner point lies in an area.
--   place  bytea  the area as WKB in EPSG:5899
SELECT
    each.uid AS uid,
    each.map_sheet AS map_sheet,
    each.parcel_number AS parcel_number,
    ST_Area(each.geom) AS area_m2,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM parcel AS each
WHERE
    each.geom && ST_GeomFromWKB(%(place)s::bytea, 5899)
    AND ST_Intersects(ST_PointOnSurface(each.geom), ST_GeomFromWKB(%(place)s::bytea, 5899))
ORDER BY each.uid
