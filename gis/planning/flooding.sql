-- name: floods
-- Read the flood zones, with their return period and the level of the water where they say it.
SELECT
    each.return_period_years AS return_period_years,
    each.water_level_m AS water_level_m,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM flood_zone AS each
ORDER BY each.return_period_years, each.uid

-- name: covers
-- Read where manholes stand whose cover has a level.
SELECT
    each.ground_level_m AS ground_level_m,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM manhole AS each
WHERE each.ground_level_m IS NOT NULL
ORDER BY each.uid

-- name: zones
-- Read the zones of a plan that meet a place.
--   plan   text   code of the plan
--   place  bytea  the place as WKB in EPSG:5899; null where all of them count
SELECT
    each.uid AS uid,
    coalesce(each.code, each.uid::text) AS label,
    each.plan_use AS code,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM zone AS each
WHERE
    each.plan_code = %(plan)s
    AND (
        %(place)s::bytea IS NULL
        OR (
            each.geom && ST_GeomFromWKB(%(place)s::bytea, 5899)
            AND ST_Intersects(each.geom, ST_GeomFromWKB(%(place)s::bytea, 5899))
        )
    )
ORDER BY each.uid

-- name: parcels
-- Read the parcels that meet a place, at most so many.
--   place  bytea   the place as WKB in EPSG:5899; null where all of them count
--   most   bigint  how many
SELECT
    each.uid AS uid,
    concat_ws('/', coalesce(each.ward_code, '?'), each.map_sheet, each.parcel_number) AS label,
    each.land_use_code AS code,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM parcel AS each
WHERE
    %(place)s::bytea IS NULL
    OR (
        each.geom && ST_GeomFromWKB(%(place)s::bytea, 5899)
        AND ST_Intersects(each.geom, ST_GeomFromWKB(%(place)s::bytea, 5899))
    )
ORDER BY each.uid
LIMIT %(most)s
