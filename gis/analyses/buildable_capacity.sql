-- name: zones
-- Read the zones of a plan whose box meets that of a place, with their limits.
--   plan   text   code of the plan
--   place  bytea  the place as WKB in EPSG:5899; null where all of them count
SELECT
    each.uid AS uid,
    each.code AS code,
    each.plan_use AS plan_use,
    each.max_built_share AS max_built_share,
    each.max_floor_area_ratio AS max_floor_area_ratio,
    each.max_storeys AS max_storeys,
    each.max_height_m AS max_height_m,
    each.setback_m AS setback_m,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM zone AS each
WHERE
    each.plan_code = %(plan)s
    AND (%(place)s::bytea IS NULL OR each.geom && ST_GeomFromWKB(%(place)s::bytea, 5899))
ORDER BY each.uid

-- name: floors
-- Read where the buildings stand and their floor area; null where it is not known.
--   place  bytea  the place as WKB in EPSG:5899, whose box they meet; null where all of them count
SELECT
    coalesce(each.floor_area_m2, each.storeys * ST_Area(each.geom)) AS floor_m2,
    ST_AsBinary(ST_PointOnSurface(each.geom), 'NDR') AS geometry
FROM building AS each
WHERE %(place)s::bytea IS NULL OR each.geom && ST_GeomFromWKB(%(place)s::bytea, 5899)
