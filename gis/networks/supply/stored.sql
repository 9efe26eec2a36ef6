-- name: nodes
-- Read the nodes of water supply with all that a model takes of them.
SELECT
    each.uid AS uid,
    each.code AS code,
    each.node_type AS node_type,
    each.elevation_m AS elevation_m,
    each.demand_m3_day AS demand_m3_day,
    each.head_m AS head_m,
    each.tank_diameter_m AS tank_diameter_m,
    each.tank_min_level_m AS tank_min_level_m,
    each.tank_initial_level_m AS tank_initial_level_m,
    each.tank_max_level_m AS tank_max_level_m,
    each.pump_flow_m3_h AS pump_flow_m3_h,
    each.pump_head_m AS pump_head_m,
    each.valve_type AS valve_type,
    each.valve_setting AS valve_setting,
    coalesce(each.closed, FALSE) AS closed,
    coalesce(each.broken, FALSE) AS broken,
    each.delivery AS delivery,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM node AS each
ORDER BY each.uid

-- name: pipes
-- Read the pipes of water supply; a pipe of several lines has the first and the last of their ends.
SELECT
    each.uid AS uid,
    each.code AS code,
    each.start_node AS start_node,
    each.end_node AS end_node,
    each.diameter_mm AS diameter_mm,
    each.roughness_hw AS roughness_hw,
    each.length_m AS length_m,
    coalesce(each.closed, FALSE) AS closed,
    each.delivery AS delivery,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM pipe AS each
ORDER BY each.uid
