-- name: features
-- Read code and geometry of the features of a layer that meet a place, or of all of them.
-- {layer} is the layer, {code} the column of the code, {chosen} which of its features count; it may
-- bind the code of a plan, `plan`.
--   place  bytea  the place as WKB in EPSG:5899; null where all of them count
SELECT
    each.{code} AS code,
    ST_AsBinary(each.geom, 'NDR') AS geometry
FROM {layer} AS each
WHERE
    (%(place)s::bytea IS NULL OR each.geom && ST_GeomFromWKB(%(place)s::bytea, 5899))
    AND {chosen}
