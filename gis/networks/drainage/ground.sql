-- name: present
-- Read the parcels as they stand: what each is used for, and its geometry.
SELECT
    each.land_use_code AS code,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM parcel AS each

-- name: planned
-- Read the zones of a plan: the planned use and the geometry of each.
--   plan  text  code of the plan
SELECT
    each.plan_use AS code,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM zone AS each
WHERE each.plan_code = %(plan)s
