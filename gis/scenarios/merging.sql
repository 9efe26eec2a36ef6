-- name: write_parent
-- Let a session that sees a scenario write the baseline until the transaction ends (see gis/views.py).
SELECT set_config('quyhoach.scenario', 'baseline', TRUE)

-- name: conflicts
-- List the features that the parent changed, added or removed after the scenario had changed them.
-- {change} is the table of changes, {parent} the layer as the parent stores it.
SELECT
    change.uid,
    CASE
        WHEN kept.uid IS NULL THEN 'removed'
        WHEN change.based_on IS NULL THEN 'added'
        ELSE 'changed'
    END AS meanwhile
FROM {change} AS change
LEFT JOIN {parent} AS kept ON kept.uid = change.uid
WHERE
    CASE
        WHEN kept.uid IS NULL THEN change.based_on IS NOT NULL AND NOT change.removed
        ELSE change.based_on IS DISTINCT FROM kept.recorded_at
    END
ORDER BY change.uid

-- name: remove
-- Remove from the parent what the scenario removes.
-- {change} is the table of changes, {parent} the layer as the parent stores it.
--   left  bigint[]  uids of features that stay as they are
DELETE FROM {parent}
WHERE uid IN (
    SELECT change.uid
    FROM {change} AS change
    WHERE change.removed
        AND change.uid <> ALL (%(left)s)
)

-- name: change
-- Change in the parent what the scenario changes.
-- {change} is the table of changes, {parent} the layer as the parent stores it, {columns} its columns, {changed} the
-- same of the change.
--   left  bigint[]  uids of features that stay as they are
UPDATE {parent} AS kept
SET ({columns}) = ROW({changed})
FROM {change} AS change
WHERE change.uid = kept.uid
    AND NOT change.removed
    AND change.uid <> ALL (%(left)s)

-- name: add
-- Add to the parent what it does not have.
-- {change} is the table of changes, {parent} the layer as the parent stores it, {columns} its columns, {changed} the
-- same of the change.
--   left  bigint[]  uids of features that stay as they are
INSERT INTO {parent} (uid, {columns})
SELECT
    change.uid,
    {changed}
FROM {change} AS change
WHERE NOT change.removed
    AND change.uid <> ALL (%(left)s)
    AND NOT EXISTS (
        SELECT
        FROM {parent} AS kept
        WHERE kept.uid = change.uid
    )

-- name: settle
-- Forget the changes that are merged; they go to the superseded ones.
-- {change} is the table of changes.
--   left  bigint[]  uids of features whose changes stay
DELETE FROM {change}
WHERE uid <> ALL (%(left)s)
