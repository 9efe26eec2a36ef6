-- name: facilities
-- Read where the facilities of some types stand.
--   kinds  text[]  types of facilities
SELECT
    each.uid AS uid,
    each.facility_type AS facility_type,
    each.name AS name,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM facility AS each
WHERE each.facility_type = ANY(%(kinds)s)
ORDER BY each.uid
