-- name: unit
-- Read the area of a ward or a plan of a code; several rows of one code are one area.
-- {unit} is the layer of the units, wards or plans.
--   code  text  code of the unit
SELECT
    min(name) AS name,
    ST_AsBinary(ST_Union(geom)) AS geometry
FROM {unit}
WHERE code = %(code)s
HAVING count(*) > 0

-- name: codes
-- Read the codes there are of wards or plans, and what they are called.
-- {unit} is the layer of the units.
SELECT
    code,
    min(name) AS name
FROM {unit}
GROUP BY code
ORDER BY code
LIMIT 5000
