-- name: changes
-- Read what differs between two sights of a layer: how, the use before and after, and both geometries.
-- {difference} is a relation of what differs, {former} and {latter} are the layer in both sights, {use} its column
-- of uses.
--   most  integer  how many are read at most
SELECT
    each.uid AS uid,
    each.change AS change,
    former.{use} AS use_before,
    latter.{use} AS use_after,
    ST_AsBinary(former.geom, 'NDR') AS before,
    ST_AsBinary(latter.geom, 'NDR') AS after,
    to_jsonb(former) AS values_before,
    to_jsonb(latter) AS values_after
FROM ({difference}) AS each
LEFT JOIN {former} AS former
    ON former.uid = each.uid
LEFT JOIN {latter} AS latter
    ON latter.uid = each.uid
ORDER BY each.uid
LIMIT %(most)s
