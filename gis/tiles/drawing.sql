-- name: tile
-- Draw one layer on one tile: what meets the tile or its margin, in the order of uid, cut at the margin.
-- The search is as wide as the margin, so that a symbol which stands just outside is whole on the border.
-- A polygon of a few corners that lies inside, and is large enough to stay one, is only moved to the grain of the tile:
-- ST_AsMVTGeom, which also cuts and mends, takes three times as long for the same rings. To materialise the rows would
-- cost a sixth of the whole; what is the same for all rows is worked out once, because a kept plan would do so for each.
-- {layer} is where the layer is read, {name} its name inside the tile, {attributes} its public columns, {drawn} its
-- geometry in the coordinate system of the grid, {srid} that system, {movable} whether it is stored (each mention would
-- bring it over anew), {chosen} the condition on what is drawn at this zoom, {most} one more than the most features to draw.
--   west          double precision  square of the tile, in units of the grid
--   south         double precision  square of the tile, in units of the grid
--   east          double precision  square of the tile, in units of the grid
--   north         double precision  square of the tile, in units of the grid
--   reach_west    double precision  the square with its margin, in units of the grid
--   reach_south   double precision  the square with its margin, in units of the grid
--   reach_east    double precision  the square with its margin, in units of the grid
--   reach_north   double precision  the square with its margin, in units of the grid
--   search_west   double precision  box around the reach, metres in EPSG:5899
--   search_south  double precision  box around the reach, metres in EPSG:5899
--   search_east   double precision  box around the reach, metres in EPSG:5899
--   search_north  double precision  box around the reach, metres in EPSG:5899
WITH sheet AS MATERIALIZED (
    SELECT
        ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, {srid})::box2d AS square,
        ST_MakeEnvelope(%(reach_west)s, %(reach_south)s, %(reach_east)s, %(reach_north)s, {srid}) AS reach,
        ST_MakeEnvelope(%(search_west)s, %(search_south)s, %(search_east)s, %(search_north)s, 5899) AS search,
        16 * (%(east)s::double precision - %(west)s)^2 / 4096^2 AS least_area,
        4096 / (%(east)s::double precision - %(west)s) AS eastwards,
        4096 / (%(south)s::double precision - %(north)s) AS southwards,
        -%(west)s::double precision * (4096 / (%(east)s::double precision - %(west)s)) AS from_west,
        -%(north)s::double precision * (4096 / (%(south)s::double precision - %(north)s)) AS from_north
),
feature AS NOT MATERIALIZED (
    SELECT
        uid,
        {attributes},
        CASE
            WHEN {movable}
                AND {drawn} @ (SELECT reach FROM sheet)
                AND ST_NPoints({drawn}) <= 64
                AND ST_Area({drawn}) >= (SELECT least_area FROM sheet)
            THEN ST_SnapToGrid(
                ST_Affine(
                    ST_ForcePolygonCW({drawn}),
                    (SELECT eastwards FROM sheet), 0, 0,
                    0, (SELECT southwards FROM sheet), 0,
                    0, 0, 1,
                    (SELECT from_west FROM sheet), (SELECT from_north FROM sheet), 0
                ),
                1
            )
            ELSE ST_AsMVTGeom({drawn}, (SELECT square FROM sheet), 4096, 64)
        END AS drawn
    FROM {layer}
    WHERE
        geom && (SELECT search FROM sheet)
        AND {drawn} && (SELECT reach FROM sheet)
        AND {chosen}
    LIMIT {most}
)
SELECT
    ST_AsMVT(feature, {name}, 4096, 'drawn', 'uid' ORDER BY uid) AS tile,
    count(*) AS features
FROM feature

-- name: largest
-- Draw one layer on one tile as `tile` does, but the largest features of too many.
-- {layer}, {name}, {attributes}, {drawn}, {srid}, {chosen} and the parameters are those of `tile`; {most} is the most
-- features to draw.
--   west          double precision  square of the tile, in units of the grid
--   south         double precision  square of the tile, in units of the grid
--   east          double precision  square of the tile, in units of the grid
--   north         double precision  square of the tile, in units of the grid
--   reach_west    double precision  the square with its margin, in units of the grid
--   reach_south   double precision  the square with its margin, in units of the grid
--   reach_east    double precision  the square with its margin, in units of the grid
--   reach_north   double precision  the square with its margin, in units of the grid
--   search_west   double precision  box around the reach, metres in EPSG:5899
--   search_south  double precision  box around the reach, metres in EPSG:5899
--   search_east   double precision  box around the reach, metres in EPSG:5899
--   search_north  double precision  box around the reach, metres in EPSG:5899
WITH found AS MATERIALIZED (
    SELECT
        uid,
        ST_Area(Box2D(geom)::geometry) + ST_Perimeter(Box2D(geom)::geometry) AS size
    FROM {layer}
    WHERE
        geom && ST_MakeEnvelope(%(search_west)s, %(search_south)s, %(search_east)s, %(search_north)s, 5899)
        AND {drawn} && ST_MakeEnvelope(%(reach_west)s, %(reach_south)s, %(reach_east)s, %(reach_north)s, {srid})
        AND {chosen}
),
largest AS (
    SELECT uid
    FROM found
    ORDER BY size DESC, uid
    LIMIT {most}
),
feature AS MATERIALIZED (
    SELECT
        uid,
        {attributes},
        ST_AsMVTGeom({drawn}, ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, {srid}), 4096, 64) AS drawn
    FROM {layer}
    JOIN largest USING (uid)
)
SELECT
    ST_AsMVT(feature, {name}, 4096, 'drawn', 'uid' ORDER BY uid) AS tile,
    (SELECT count(*) FROM found) AS features
FROM feature

-- name: gathered
-- Draw one layer on one tile from its overview; nothing, and -1 features, where the overview is out of step.
-- {patches} is what the overview shows, {out_of_step} names what is out of step and is null where nothing is,
-- {as_it_is} whether it is drawn all the same, {name} is the name of the layer, {code} the column it is painted by,
-- {drawn} the geometry in the coordinate system of the grid, {srid} that system.
--   west   double precision  square of the tile, in units of the grid
--   south  double precision  square of the tile, in units of the grid
--   east   double precision  square of the tile, in units of the grid
--   north  double precision  square of the tile, in units of the grid
WITH overview AS MATERIALIZED (
    SELECT
        marks,
        {as_it_is} OR marks IS NULL AS is_drawn
    FROM ({out_of_step}) AS found
),
patch AS MATERIALIZED (
    SELECT
        code AS {code},
        area_m2,
        features,
        ST_AsMVTGeom({drawn}, ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, {srid}), 4096, 64) AS drawn
    FROM ({patches}) AS found
    WHERE (SELECT is_drawn FROM overview)
    ORDER BY code, ST_XMin(web_geom), ST_YMin(web_geom)
)
SELECT
    ST_AsMVT(patch, {name}, 4096, 'drawn') AS tile,
    CASE WHEN (SELECT is_drawn FROM overview) THEN count(*) ELSE -1 END AS features,
    (SELECT marks FROM overview) AS marks
FROM patch
