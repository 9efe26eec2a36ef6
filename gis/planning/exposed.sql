-- name: parcels
-- Read the geometry and the use of the parcels whose box meets that of a place.
--   place  bytea  the place as WKB in EPSG:5899; null where all of them count
SELECT
    each.land_use_code AS code,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM parcel AS each
WHERE %(place)s::bytea IS NULL OR each.geom && ST_GeomFromWKB(%(place)s::bytea, 5899)

-- name: zones
-- Read the geometry and the planned use of the zones of a plan whose box meets that of a place.
--   plan   text   code of the plan
--   place  bytea  the place as WKB in EPSG:5899; null where all of them count
SELECT
    each.plan_use AS code,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM zone AS each
WHERE
    each.plan_code = %(plan)s
    AND (%(place)s::bytea IS NULL OR each.geom && ST_GeomFromWKB(%(place)s::bytea, 5899))

-- name: roads
-- Read the centre lines of streets whose box meets that of a place; bridges and tunnels do not lie on the ground.
--   place  bytea  the place as WKB in EPSG:5899; null where all of them count
SELECT ST_AsBinary(each.geom, 'NDR') AS geometry
FROM road AS each
WHERE
    NOT coalesce(each.bridge, FALSE)
    AND NOT coalesce(each.tunnel, FALSE)
    AND (%(place)s::bytea IS NULL OR each.geom && ST_GeomFromWKB(%(place)s::bytea, 5899))

-- name: schools
-- Read where schools stand that lie in the box of a place.
--   kinds  text[]  types of facilities that are schools
--   place  bytea   the place as WKB in EPSG:5899; null where all of them count
SELECT
    each.uid AS uid,
    each.facility_type AS facility_type,
    each.name AS name,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM facility AS each
WHERE
    each.facility_type = ANY(%(kinds)s)
    AND (%(place)s::bytea IS NULL OR each.geom && ST_GeomFromWKB(%(place)s::bytea, 5899))
ORDER BY each.uid
