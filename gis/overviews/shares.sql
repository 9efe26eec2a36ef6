-- name: features
-- Read the features of a layer that meet a box, in the order of uid.
-- {layer} is its table, {code} the column it is painted by, {flags} what tells the horizons it is seen at: the sum of
-- 1 for the first, 2 for the second, 4 for the third.
--   west   double precision  west side, metres in EPSG:3857
--   south  double precision  south side
--   east   double precision  east side
--   north  double precision  north side
WITH block AS (
    SELECT
        box,
        city.searched(box) AS search
    FROM ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 3857) AS box
)
SELECT
    {code} AS code,
    {flags} AS seen,
    ST_Area(geom) AS area_m2,
    ST_AsBinary(web_geom) AS shape
FROM {layer}, block
WHERE geom && search
    AND web_geom && box
    AND {flags} > 0
ORDER BY uid
