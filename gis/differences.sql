-- name: difference
-- Show the features of a layer that differ between two sights of the city.
-- Each feature is looked up in the other sight by its uid: the planner takes the few for many, and would read all.
-- {former} and {latter} are where the layer is read, {shown} its columns, {compared} those that are compared,
-- {former_compared} and {opposite} the same of the other sight, {candidate} which features may differ, {wanted} which are of interest.
SELECT
    {shown},
    CASE WHEN other.uid IS NULL THEN 'added' ELSE 'changed' END AS change
FROM {latter} AS layer
LEFT JOIN LATERAL (
    SELECT
        former.uid,
        {former_compared}
    FROM {former} AS former
    WHERE former.uid = layer.uid
    LIMIT 1
) AS other ON TRUE
WHERE {candidate}
    AND {wanted}
    AND (other.uid IS NULL OR ROW({compared}) IS DISTINCT FROM ROW({opposite}))
UNION ALL
SELECT
    {shown},
    'removed' AS change
FROM {former} AS layer
WHERE {candidate}
    AND {wanted}
    AND NOT EXISTS (
        SELECT
        FROM {latter} AS kept
        WHERE kept.uid = layer.uid
    )

-- name: horizons
-- Show the features of a layer that stand at only one of two horizons of the same scenario.
-- {former} and {latter} are where the layer is read, {shown} its columns, {then} and {now} the conditions under which a
-- feature stands at the former and at the latter horizon, {wanted} which are of interest.
SELECT
    {shown},
    'added' AS change
FROM {latter} AS layer
WHERE ({then}) IS NOT TRUE
    AND {wanted}
UNION ALL
SELECT
    {shown},
    'removed' AS change
FROM {former} AS layer
WHERE ({now}) IS NOT TRUE
    AND {wanted}
