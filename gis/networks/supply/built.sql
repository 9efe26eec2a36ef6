-- name: zones
-- Read the zones of a plan that have one of some codes.
--   plan   text    code of the plan
--   codes  text[]  codes of the zones
SELECT
    each.uid AS uid,
    each.code AS code,
    each.plan_use AS plan_use,
    each.max_floor_area_ratio AS max_floor_area_ratio,
    each.population::double precision AS population,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM zone AS each
WHERE
    each.plan_code = %(plan)s
    AND each.code = ANY(%(codes)s)
ORDER BY each.uid

-- name: codes
-- Read the codes of the zones of a plan.
--   plan  text  code of the plan
SELECT DISTINCT each.code AS code
FROM zone AS each
WHERE
    each.plan_code = %(plan)s
    AND each.code IS NOT NULL
ORDER BY each.code
LIMIT 20000

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
