-- name: dwelling_land
-- Add up the land people live on, by ward, as the city is seen; wards without any are there with none.
--   uses  text[]  codes of land use on which people live
SELECT
    ward.code AS ward,
    ward.population AS people,
    ward.population_year AS year,
    coalesce(land.area_m2, 0) AS dwelling_m2
FROM ward
LEFT JOIN (
    SELECT
        ward_code,
        sum(ST_Area(geom)) AS area_m2
    FROM parcel
    WHERE land_use_code = ANY(%(uses)s)
    GROUP BY ward_code
) AS land
    ON land.ward_code = ward.code
ORDER BY ward.code

-- name: dwellings
-- Read the parcels people live on: the ward and the geometry of each.
--   uses   text[]  codes of land use on which people live
--   place  bytea   the place as WKB in EPSG:5899, whose box they meet; null where all of them count
SELECT
    each.ward_code AS ward,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM parcel AS each
WHERE
    each.land_use_code = ANY(%(uses)s)
    AND (%(place)s::bytea IS NULL OR each.geom && ST_GeomFromWKB(%(place)s::bytea, 5899))

-- name: planned
-- Read the zones of a plan for which it says how many people: the number and the geometry of each.
--   plan   text   code of the plan
--   place  bytea  the place as WKB in EPSG:5899, whose box they meet; null where all of them count
SELECT
    each.population::double precision AS people,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM zone AS each
WHERE
    each.plan_code = %(plan)s
    AND each.population IS NOT NULL
    AND (%(place)s::bytea IS NULL OR each.geom && ST_GeomFromWKB(%(place)s::bytea, 5899))
