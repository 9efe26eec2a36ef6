-- name: by_use
-- Sum the area of a layer by a code, of all features or of what lies within a place; null stands for no code.
-- {layer} is the layer, {code} the column of the code, {chosen} which of its features count; it may
-- bind the code of a plan, `plan`.
--   place  bytea  the place as WKB in EPSG:5899; null where all of them count
WITH place AS MATERIALIZED (
    SELECT ST_GeomFromWKB(%(place)s::bytea, 5899) AS geom
),
part AS (
    SELECT
        each.{code} AS code,
        CASE
            WHEN place.geom IS NULL OR ST_Covers(place.geom, each.geom) THEN ST_Area(each.geom)
            ELSE ST_Area(ST_Intersection(each.geom, place.geom))
        END AS area_m2
    FROM {layer} AS each
    CROSS JOIN place
    WHERE
        (place.geom IS NULL OR (each.geom && place.geom AND ST_Intersects(each.geom, place.geom)))
        AND {chosen}
)
SELECT
    code,
    count(*) AS features,
    sum(area_m2) AS area_m2
FROM part
WHERE area_m2 > 0
GROUP BY code
ORDER BY code NULLS LAST
