-- name: middle
-- Find the middle of a layer's features: half of them lie west of it, half south; nothing where the layer is empty.
-- {layer} is the layer. The answer is in metres of EPSG:3857.
SELECT
    percentile_disc(0.5) WITHIN GROUP (ORDER BY (ST_XMin(web_geom) + ST_XMax(web_geom)) / 2) AS easting_m,
    percentile_disc(0.5) WITHIN GROUP (ORDER BY (ST_YMin(web_geom) + ST_YMax(web_geom)) / 2) AS northing_m
FROM {layer}

-- name: meeting
-- Count the features of a layer that meet a box.
-- {layer} is the layer.
--   west   double precision  box, metres in EPSG:3857
--   south  double precision  box, metres in EPSG:3857
--   east   double precision  box, metres in EPSG:3857
--   north  double precision  box, metres in EPSG:3857
WITH box AS (
    SELECT
        ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 3857) AS outline,
        city.searched(ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 3857)) AS search
)
SELECT count(*) AS features
FROM {layer}, box
WHERE geom && search AND (web_geom @ outline OR ST_Intersects(web_geom, outline))

-- name: nearest
-- Read the features that meet a box, the nearest to a point first where there are more than wanted; in the order of uid.
-- {layer} is the layer, {attributes} its public columns. Outlines are GeoJSON in degrees, to a tenth of a metre.
--   west        double precision  box, metres in EPSG:3857
--   south       double precision  box, metres in EPSG:3857
--   east        double precision  box, metres in EPSG:3857
--   north       double precision  box, metres in EPSG:3857
--   easting_m   double precision  point, metres in EPSG:3857
--   northing_m  double precision  point, metres in EPSG:3857
--   rows        bigint            most features to read
WITH box AS (
    SELECT
        ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 3857) AS outline,
        city.searched(ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 3857)) AS search,
        ST_Transform(ST_SetSRID(ST_MakePoint(%(easting_m)s, %(northing_m)s), 3857), 5899) AS middle
),
chosen AS (
    SELECT
        uid,
        geom,
        source,
        json_build_array({attributes}) AS attributes
    FROM {layer}, box
    WHERE geom && search AND (web_geom @ outline OR ST_Intersects(web_geom, outline))
    ORDER BY geom <-> middle, uid
    LIMIT %(rows)s
),
placed AS (
    SELECT
        uid,
        source,
        attributes,
        ST_Transform(geom, 4326) AS place
    FROM chosen
)
SELECT
    uid,
    source,
    attributes,
    ST_AsGeoJSON(place, 6) AS outline,
    ST_XMin(place) AS west,
    ST_YMin(place) AS south,
    ST_XMax(place) AS east,
    ST_YMax(place) AS north
FROM placed
ORDER BY uid

-- name: context
-- Read the outlines that meet a box, simplified to a tolerance; the largest where there are more than wanted.
-- {layer} is the layer. Outlines are GeoJSON in degrees, to a metre.
--   west         double precision  box, metres in EPSG:3857
--   south        double precision  box, metres in EPSG:3857
--   east         double precision  box, metres in EPSG:3857
--   north        double precision  box, metres in EPSG:3857
--   tolerance_m  double precision  most a line may move, metres in EPSG:3857
--   rows         bigint            most features to read
WITH box AS (
    SELECT
        ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 3857) AS outline,
        city.searched(ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 3857)) AS search
),
near AS (
    SELECT
        uid,
        ST_Simplify(web_geom, %(tolerance_m)s, TRUE) AS place
    FROM {layer}, box
    WHERE geom && search AND web_geom && outline
    ORDER BY ST_XMax(web_geom) - ST_XMin(web_geom) + ST_YMax(web_geom) - ST_YMin(web_geom) DESC, uid
    LIMIT %(rows)s
)
SELECT ST_AsGeoJSON(ST_Transform(place, 4326), 5) AS outline
FROM near
WHERE NOT ST_IsEmpty(place)
ORDER BY uid

-- name: tally
-- Count the features of a layer that meet a box by what they are painted by and by who delivered them, with the box
-- around each such part, in degrees.
-- {layer} is the layer, {code} the column it is painted by.
--   west   double precision  box, metres in EPSG:3857
--   south  double precision  box, metres in EPSG:3857
--   east   double precision  box, metres in EPSG:3857
--   north  double precision  box, metres in EPSG:3857
WITH box AS (
    SELECT
        ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 3857) AS outline,
        city.searched(ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 3857)) AS search
),
counted AS (
    SELECT
        {code} AS code,
        source,
        count(*) AS features,
        ST_Transform(ST_SetSRID(ST_Extent(web_geom)::geometry, 3857), 4326) AS reach
    FROM {layer}, box
    WHERE geom && search AND (web_geom @ outline OR ST_Intersects(web_geom, outline))
    GROUP BY code, source
)
SELECT
    code,
    source,
    features,
    ST_XMin(reach) AS west,
    ST_YMin(reach) AS south,
    ST_XMax(reach) AS east,
    ST_YMax(reach) AS north
FROM counted
ORDER BY code, source
