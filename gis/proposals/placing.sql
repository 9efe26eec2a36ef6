-- name: boundary
-- Read where the city lies: its boundary; null where none is loaded.
SELECT ST_AsBinary(ST_Union(each.geom), 'NDR') AS geometry
FROM city.city AS each
