-- name: names
-- Read the names of streets.
--   uids  bigint[]  their names in the database
SELECT
    each.uid AS uid,
    each.name AS name
FROM road AS each
WHERE each.uid = ANY(%(uids)s)
