-- name: sums
-- Add up streets by ward and class: length, land between the red lines, length of those whose width is not known. A row
-- without a ward is of all the city.
WITH piece AS (
    SELECT
        ward.code AS ward,
        road.road_class AS road_class,
        road.red_line_width_m AS width_m,
        ST_Length(ST_Intersection(road.geom, ward.geom)) AS length_m
    FROM road
    INNER JOIN ward ON road.geom && ward.geom AND ST_Intersects(road.geom, ward.geom)
    UNION ALL
    SELECT
        NULL AS ward,
        road.road_class AS road_class,
        road.red_line_width_m AS width_m,
        ST_Length(road.geom) AS length_m
    FROM road
)

SELECT
    piece.ward AS ward,
    piece.road_class AS road_class,
    sum(piece.length_m) AS length_m,
    coalesce(sum(piece.length_m * piece.width_m), 0) AS land_m2,
    coalesce(sum(piece.length_m) FILTER (WHERE piece.width_m IS NULL), 0) AS unknown_m
FROM piece
GROUP BY piece.ward, piece.road_class
ORDER BY piece.ward NULLS FIRST, piece.road_class
