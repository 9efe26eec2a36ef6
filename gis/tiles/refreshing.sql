-- name: left
-- Read which of some marks are still there.
--   numbers  bigint[]  numbers of the marks
SELECT number
FROM overview.mark
WHERE number = ANY (%(numbers)s::bigint[])
