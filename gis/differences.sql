-- name: difference
-- Show the features of a layer that differ between two sights of the city.
-- {former} and {latter} are where the layer is read, {columns} its columns, {compared} those that are compared,
-- {other} the same of the other sight, {candidate} which features may differ, {chosen} which are of interest.
SELECT
    {columns},
    CASE WHEN other.uid IS NULL THEN 'added' ELSE 'changed' END AS change
FROM {latter} AS layer
LEFT JOIN {former} AS other ON other.uid = layer.uid
WHERE {candidate}
    AND {chosen}
    AND (other.uid IS NULL OR ROW({compared}) IS DISTINCT FROM ROW({other}))
UNION ALL
SELECT
    {columns},
    'removed' AS change
FROM {former} AS layer
WHERE {candidate}
    AND {chosen}
    AND NOT EXISTS (
        SELECT
        FROM {latter} AS kept
        WHERE kept.uid = layer.uid
    )
