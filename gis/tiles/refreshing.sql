-- name: left
-- Read which of some marks are still there.
--   numbers  bigint[]  numbers of the marks
SELECT number
FROM overview.mark
WHERE number = ANY (%(numbers)s::bigint[])

-- name: keepers
-- Count the keepers at work for this database: none, or the one that holds the lock of keepers.
--   key  integer  first key of the advisory lock; the second is 0
SELECT count(*)
FROM pg_locks AS held
JOIN pg_database AS ours ON ours.oid = held.database
WHERE
    ours.datname = current_database()
    AND held.locktype = 'advisory'
    AND held.classid = %(key)s::integer
    AND held.objid = 0
    AND held.objsubid = 2
    AND held.granted
