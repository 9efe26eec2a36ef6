-- name: walkable
-- Read the centre lines that people may walk along.
SELECT ST_AsBinary(each.geom, 'NDR') AS geometry
FROM road AS each
WHERE
    each.walkable IS DISTINCT FROM FALSE
    AND each.road_class <> 'expressway'
