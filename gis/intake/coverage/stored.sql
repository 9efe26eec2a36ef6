-- name: reach
-- Find the box in which the features of one delivery lie, in EPSG:5899.
--   delivery  bigint  number of the delivery
SELECT
    ST_XMin(box) AS west_m,
    ST_YMin(box) AS south_m,
    ST_XMax(box) AS east_m,
    ST_YMax(box) AS north_m
FROM (
    SELECT ST_Extent(geom) AS box
    FROM {layer}
    WHERE delivery = %(delivery)s
) AS extent

-- name: crowd
-- Count the features that meet a box, no further than a limit.
--   west_m  double precision  western edge, EPSG:5899
--   south_m  double precision  southern edge
--   east_m  double precision  eastern edge
--   north_m  double precision  northern edge
--   most  bigint  where counting stops
SELECT count(*) AS features
FROM (
    SELECT uid
    FROM {layer}
    WHERE geom && ST_MakeEnvelope(%(west_m)s, %(south_m)s, %(east_m)s, %(north_m)s, 5899)
    LIMIT %(most)s
) AS met

-- name: window
-- Read the features that meet a box, all in one row: names, whether they are of this delivery, a digest of what they
-- may not overlap within, and their geometries as one collection in the same order.
--   delivery  bigint  number of the delivery
--   west_m  double precision  western edge, EPSG:5899
--   south_m  double precision  southern edge
--   east_m  double precision  eastern edge
--   north_m  double precision  northern edge
SELECT
    array_agg(uid) AS uids,
    array_agg(CASE WHEN delivery = %(delivery)s THEN 1 ELSE 0 END) AS are_new,
    array_agg(hashtextextended(({together})::text, 0)) AS together,
    ST_AsBinary(ST_ForceCollection(ST_Collect(geom))) AS shapes
FROM {layer}
WHERE geom && ST_MakeEnvelope(%(west_m)s, %(south_m)s, %(east_m)s, %(north_m)s, 5899)

-- name: uids
-- Tell the uids of rows of a delivery by the order in which they were stored, counted from 0: uids were taken from the
-- sequence in that order.
--   delivery  bigint  number of the delivery
--   places  bigint[]  places among the rows of the delivery
SELECT
    place,
    uid
FROM (
    SELECT
        uid,
        row_number() OVER (ORDER BY uid) - 1 AS place
    FROM {layer}
    WHERE delivery = %(delivery)s
) AS stored
WHERE place = ANY(%(places)s)
