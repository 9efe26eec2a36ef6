-- name: zones
-- Read the zones of a plan, of some codes or all.
--   plan   text    code of the plan
--   codes  text[]  codes of the zones; null where all of them count
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
    AND (%(codes)s::text[] IS NULL OR each.code = ANY(%(codes)s::text[]))
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
