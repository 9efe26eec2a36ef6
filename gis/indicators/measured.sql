-- name: present
-- Add up the areas of present use by ward and code.
-- {layer} is the layer of areas of present use, or of parcels where there are none.
SELECT
    ward_code AS ward,
    land_use_code AS code,
    sum(ST_Area(geom)) AS area_m2
FROM {layer}
GROUP BY ward_code, land_use_code

-- name: holds_any
-- Say whether there are areas of present use.
SELECT EXISTS (SELECT FROM land_use) AS holds

-- name: facilities
-- Add up the land of the facilities of a type by ward; where they stand decides it.
--   kind  text  type of the facilities
SELECT
    ward.code AS ward,
    sum(facility.land_area_m2) AS area_m2,
    count(*) FILTER (WHERE facility.land_area_m2 IS NULL) AS without
FROM facility
INNER JOIN ward
    ON ward.geom && facility.geom
    AND ST_Covers(ward.geom, facility.geom)
WHERE facility.facility_type = %(kind)s
GROUP BY ward.code

-- name: housing_floors
-- Add up the floor area of dwellings by ward; those that do not say it count with their ground times their storeys.
SELECT
    ward.code AS ward,
    sum(coalesce(building.floor_area_m2, building.storeys * ST_Area(building.geom))) AS floor_m2,
    count(*) FILTER (WHERE building.floor_area_m2 IS NULL AND building.storeys IS NULL) AS without
FROM building
INNER JOIN ward
    ON ward.geom && building.geom
    AND ST_Covers(ward.geom, ST_PointOnSurface(building.geom))
WHERE building.building_use IN ('house', 'apartment')
GROUP BY ward.code

-- name: planned
-- Read the zones of a plan: the use and the geometry of each.
--   plan  text  code of the plan
SELECT
    each.plan_use AS code,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM zone AS each
WHERE each.plan_code = %(plan)s

-- name: stops
-- Read where passengers board and leave.
SELECT ST_AsBinary(geom, 'NDR') AS geometry
FROM transit_stop
