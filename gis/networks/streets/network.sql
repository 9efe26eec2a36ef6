-- name: streets
-- Read the centre lines of streets, with what says who may go there, and how fast.
SELECT
    each.uid AS uid,
    each.road_class AS road_class,
    each.oneway AS oneway,
    each.max_speed_kmh AS max_speed_kmh,
    coalesce(each.walkable, TRUE) AS walkable,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM road AS each
ORDER BY each.uid
