-- name: context
-- Read the outlines of a layer that meet a box, simplified and cut to it; the largest where there are more than wanted.
-- {layer} is the layer. Outlines are in metres of EPSG:5899; what is too small to be seen is left out.
--   west         double precision  box, metres in EPSG:5899
--   south        double precision  box, metres in EPSG:5899
--   east         double precision  box, metres in EPSG:5899
--   north        double precision  box, metres in EPSG:5899
--   tolerance_m  double precision  most a line may move
--   rows         bigint            most features to read
WITH box AS (
    SELECT ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 5899) AS outline
),
near AS (
    SELECT
        uid,
        ST_ClipByBox2D(ST_Simplify(geom, %(tolerance_m)s), outline) AS place
    FROM {layer}, box
    WHERE geom && outline
    ORDER BY ST_XMax(geom) - ST_XMin(geom) + ST_YMax(geom) - ST_YMin(geom) DESC, uid
    LIMIT %(rows)s
)
SELECT ST_AsBinary(place) AS outline
FROM near
WHERE NOT ST_IsEmpty(place)
ORDER BY uid
