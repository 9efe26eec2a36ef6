-- name: facility
-- Read where a facility stands, or all those of a type.
--   uid    bigint  name of a facility in the database; null for all of a type
--   which  text    type of facilities
SELECT
    each.uid AS uid,
    each.name AS name,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM facility AS each
WHERE
    CASE
        WHEN %(uid)s::bigint IS NULL THEN each.facility_type = %(which)s
        ELSE each.uid = %(uid)s::bigint
    END
ORDER BY each.uid
LIMIT 20001

-- name: ward
-- Read a ward, or all of them.
--   uid    bigint  not asked
--   which  text    code of a ward; empty for all of them
SELECT
    each.uid AS uid,
    each.name AS name,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM ward AS each
WHERE %(uid)s::bigint IS NULL AND (%(which)s = '' OR each.code = %(which)s)
ORDER BY each.code
