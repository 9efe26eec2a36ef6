-- name: empty
-- Read features without a height, in the order of their names.
--   after  bigint  uid after which to go on
--   most  bigint  how many at once
SELECT
    uid,
    ST_AsBinary(geom) AS shape
FROM {layer}
WHERE {height} IS NULL AND uid > %(after)s
ORDER BY uid
LIMIT %(most)s
