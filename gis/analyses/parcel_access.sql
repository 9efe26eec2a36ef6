-- name: parcels
-- Read a point on each parcel whose box meets that of a place.
--   place  bytea  the place as WKB in EPSG:5899; null where all of them count
SELECT
    inner_point.uid AS uid,
    ST_X(inner_point.geom) AS easting_m,
    ST_Y(inner_point.geom) AS northing_m
FROM (
    SELECT
        each.uid AS uid,
        ST_PointOnSurface(each.geom) AS geom
    FROM parcel AS each
    WHERE %(place)s::bytea IS NULL OR each.geom && ST_GeomFromWKB(%(place)s::bytea, 5899)
) AS inner_point
ORDER BY inner_point.uid

-- name: named
-- Read what parcels are called.
--   uids  bigint[]  their names in the database
SELECT
    each.uid AS uid,
    concat_ws('/', coalesce(each.ward_code, '?'), each.map_sheet, each.parcel_number) AS name,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM parcel AS each
WHERE each.uid = ANY(%(uids)s)
ORDER BY each.uid
