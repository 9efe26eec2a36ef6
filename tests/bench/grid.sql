-- name: lay
-- Lay the streets of a grid whose junctions are a little out of place: each piece between two of them is a road.
--   side     integer           junctions on a side
--   apart_m  double precision  how far apart they are, m
WITH junction AS (
    SELECT
        east,
        north,
        530000 + %(apart_m)s * (east + 0.3 * (hashint4(east * 100003 + north) / 2147483648.0 - 0.5)) AS easting_m,
        1755000 + %(apart_m)s * (north + 0.3 * (hashint4(north * 100019 + east) / 2147483648.0 - 0.5)) AS northing_m
    FROM generate_series(0, %(side)s::integer - 1) AS east
    CROSS JOIN generate_series(0, %(side)s::integer - 1) AS north
)

INSERT INTO city.road (name, road_class, oneway, walkable, stage, source, geom)
SELECT
    CASE WHEN there.east = here.east THEN 'Phố dọc ' || here.east ELSE 'Phố ngang ' || here.north END,
    CASE
        WHEN greatest(here.east, 0) %% 10 = 0 AND there.east = here.east THEN 'city_main'
        WHEN here.north %% 10 = 0 AND there.north = here.north THEN 'city_main'
        WHEN here.north %% 5 = 0 THEN 'district'
        ELSE 'sub_district'
    END,
    CASE WHEN here.east %% 7 = 3 AND there.east = here.east THEN 'forward' ELSE 'both' END,
    TRUE,
    'existing',
    'bench',
    ST_Multi(
        ST_SetSRID(
            ST_MakeLine(
                ST_MakePoint(here.easting_m, here.northing_m),
                ST_MakePoint(there.easting_m, there.northing_m)
            ),
            5899
        )
    )
FROM junction AS here
CROSS JOIN (VALUES (1, 0), (0, 1)) AS step (east, north)
INNER JOIN junction AS there
    ON there.east = here.east + step.east AND there.north = here.north + step.north
