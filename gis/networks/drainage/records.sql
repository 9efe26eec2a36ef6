-- name: sewers
-- Read the sewers, with what says where they lead and how much they carry.
SELECT
    each.uid AS uid,
    each.code AS code,
    each.sewer_system AS sewer_system,
    each.start_node AS start_node,
    each.end_node AS end_node,
    each.shape AS shape,
    each.diameter_mm AS diameter_mm,
    each.width_m AS width_m,
    each.height_m AS height_m,
    each.invert_start_m AS invert_start_m,
    each.invert_end_m AS invert_end_m,
    each.roughness_n AS roughness_n,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM sewer AS each
ORDER BY each.uid

-- name: manholes
-- Read the manholes, with their levels.
SELECT
    each.uid AS uid,
    each.code AS code,
    each.sewer_system AS sewer_system,
    each.ground_level_m AS ground_level_m,
    each.invert_level_m AS invert_level_m,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM manhole AS each
ORDER BY each.uid

-- name: outfalls
-- Read the outfalls, with the water that receives them.
SELECT
    each.uid AS uid,
    each.code AS code,
    each.sewer_system AS sewer_system,
    each.invert_level_m AS invert_level_m,
    each.receiving_water AS receiving_water,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM outfall AS each
ORDER BY each.uid

-- name: channels
-- Read the centre lines of open channels, with what says how much they carry.
SELECT
    each.uid AS uid,
    each.name AS name,
    each.channel_type AS channel_type,
    each.bed_width_m AS bed_width_m,
    each.depth_m AS depth_m,
    each.side_slope AS side_slope,
    each.invert_start_m AS invert_start_m,
    each.invert_end_m AS invert_end_m,
    each.roughness_n AS roughness_n,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM channel AS each
ORDER BY each.uid

-- name: catchments
-- Read the catchments, with where their rain goes.
SELECT
    each.uid AS uid,
    each.code AS code,
    each.outlet AS outlet,
    each.impervious_share AS impervious_share,
    each.curve_number AS curve_number,
    each.slope_share AS slope_share,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM catchment AS each
ORDER BY each.uid

-- name: levels
-- Read the normal level of waters that have a name.
SELECT
    each.name AS name,
    each.normal_level_m AS normal_level_m
FROM water_body AS each
WHERE each.name IS NOT NULL AND each.normal_level_m IS NOT NULL
ORDER BY each.name, each.normal_level_m
