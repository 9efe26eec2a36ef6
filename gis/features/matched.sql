-- name: bounded
-- Count the features of a layer that meet a condition, as far as a bound.
-- {layer} is the layer, {chosen} the condition, which binds its own.
--   bound  bigint  where counting ends
SELECT count(*) AS features
FROM (
    SELECT
    FROM {layer}
    WHERE {chosen}
    LIMIT %(bound)s
) AS found

-- name: meant
-- Name the features of a layer that meet a condition; never run, for the planner says how many it expects.
-- {layer} is the layer, {chosen} the condition, which binds its own.
SELECT uid
FROM {layer}
WHERE {chosen}
