-- name: floods
-- Read the flood zones, with their return period and depth class.
SELECT
    return_period_years,
    min_depth_m,
    max_depth_m,
    ST_AsBinary(geom, 'NDR') AS geometry
FROM flood_zone
ORDER BY return_period_years, min_depth_m NULLS LAST, uid

-- name: corridors
-- Read the protected corridors, with their type.
SELECT
    corridor_type,
    ST_AsBinary(geom, 'NDR') AS geometry
FROM corridor
ORDER BY corridor_type, uid

-- name: parcels
-- Read the geometry of the parcels whose box meets that of a place.
--   place  bytea  the place as WKB in EPSG:5899; null where all of them count
SELECT ST_AsBinary(each.geom, 'NDR') AS geometry
FROM parcel AS each
WHERE %(place)s::bytea IS NULL OR each.geom && ST_GeomFromWKB(%(place)s::bytea, 5899)

-- name: facilities
-- Read the facilities whose position lies in the box of a place.
--   place  bytea  the place as WKB in EPSG:5899; null where all of them count
SELECT
    each.uid AS uid,
    each.facility_type AS facility_type,
    each.name AS name,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM facility AS each
WHERE %(place)s::bytea IS NULL OR each.geom && ST_GeomFromWKB(%(place)s::bytea, 5899)
ORDER BY each.uid
