-- name: facilities
-- Read where the facilities of some types stand.
--   kinds  text[]  types of facilities
SELECT ST_AsBinary(each.geom, 'NDR') AS geometry
FROM facility AS each
WHERE each.facility_type = ANY(%(kinds)s)
ORDER BY each.uid

-- name: stops
-- Read where passengers board and leave.
SELECT ST_AsBinary(each.geom, 'NDR') AS geometry
FROM transit_stop AS each
ORDER BY each.uid
