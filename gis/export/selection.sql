-- name: features
-- Read the features of a layer, all of them or those that meet a box, in the order of their uid.
-- {layer} is the layer, {columns} its columns.
--   boxed  boolean           whether only what meets the box is read
--   west   double precision  box, metres in EPSG:3857
--   south  double precision  box, metres in EPSG:3857
--   east   double precision  box, metres in EPSG:3857
--   north  double precision  box, metres in EPSG:3857
--   srid   integer           coordinate system the geometry is read in
SELECT
    {columns},
    ST_AsBinary(ST_Transform(geom, %(srid)s), 'NDR') AS geometry
FROM {layer}
WHERE
    NOT %(boxed)s
    OR (
        geom && city.searched(ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 3857))
        AND ST_Intersects(web_geom, ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 3857))
    )
ORDER BY uid

-- name: sources
-- Count the features of a layer, all of them or those that meet a box, by who delivered them and what they rest on;
-- the most frequent sources first, each with the count of all.
-- {layer} is the layer.
--   boxed  boolean           whether only what meets the box is counted
--   west   double precision  box, metres in EPSG:3857
--   south  double precision  box, metres in EPSG:3857
--   east   double precision  box, metres in EPSG:3857
--   north  double precision  box, metres in EPSG:3857
--   most   bigint            most sources to return
SELECT
    source,
    source_document,
    count(*) AS features,
    (sum(count(*)) OVER ())::bigint AS total
FROM {layer}
WHERE
    NOT %(boxed)s
    OR (
        geom && city.searched(ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 3857))
        AND ST_Intersects(web_geom, ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 3857))
    )
GROUP BY source, source_document
ORDER BY features DESC, source, source_document
LIMIT %(most)s

-- name: lengths
-- Measure what a file of fixed width needs: vertices, and the longest text of each column in bytes.
-- {layer} is the layer, {longest} the longest of each text column.
--   boxed  boolean           whether only what meets the box is measured
--   west   double precision  box, metres in EPSG:3857
--   south  double precision  box, metres in EPSG:3857
--   east   double precision  box, metres in EPSG:3857
--   north  double precision  box, metres in EPSG:3857
SELECT
    coalesce(sum(ST_NPoints(geom)), 0)::bigint AS vertices,
    {longest}
FROM {layer}
WHERE
    NOT %(boxed)s
    OR (
        geom && city.searched(ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 3857))
        AND ST_Intersects(web_geom, ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 3857))
    )

-- name: holds_system
-- Say whether the database can transform to a coordinate system.
--   srid  integer  EPSG code
SELECT EXISTS (
    SELECT 1
    FROM spatial_ref_sys
    WHERE srid = %(srid)s
)
