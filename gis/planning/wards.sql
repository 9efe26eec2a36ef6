-- name: wards
-- Read the wards and communes with their people.
--   ward  text  code of one; empty where all of them count
SELECT
    code,
    name,
    unit_type,
    population,
    ST_AsBinary(geom, 'NDR') AS geometry
FROM ward
WHERE %(ward)s = '' OR code = %(ward)s
ORDER BY code
