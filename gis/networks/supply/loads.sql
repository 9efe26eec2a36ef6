-- name: industry
-- Read the land of industry as it stands.
--   uses   text[]  codes of land use of industrial parks and clusters
SELECT
    each.land_use_code AS code,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM parcel AS each
WHERE each.land_use_code = ANY(%(uses)s)

-- name: planned_industry
-- Read the zones of a plan that are for industry.
--   plan  text    code of the plan
--   uses  text[]  codes of planned use
SELECT
    each.plan_use AS code,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM zone AS each
WHERE
    each.plan_code = %(plan)s
    AND each.plan_use = ANY(%(uses)s)
