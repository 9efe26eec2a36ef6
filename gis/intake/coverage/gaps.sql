-- name: together
-- Read what the features of a layer may not overlap within, each once, with the number of its features.
SELECT
    ({together})::text AS together,
    count(*) AS features
FROM {layer}
GROUP BY together
ORDER BY together

-- name: members
-- Read the features that may not overlap each other.
--   together  text  what they share
SELECT ST_AsBinary(geom) AS shape
FROM {layer}
WHERE ({together})::text IS NOT DISTINCT FROM %(together)s
