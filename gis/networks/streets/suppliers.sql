-- name: facilities
-- Read where the facilities of a type stand, and how much each can take.
--   kind  text  type of facilities
SELECT
    each.uid AS uid,
    each.name AS name,
    each.capacity AS capacity,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM facility AS each
WHERE each.facility_type = %(kind)s
ORDER BY each.uid

-- name: stops
-- Read where passengers board and leave.
SELECT
    each.uid AS uid,
    each.name AS name,
    NULL::integer AS capacity,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM transit_stop AS each
ORDER BY each.uid
