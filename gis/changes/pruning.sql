-- name: ended
-- Name the transaction before which every one has ended, so that all who look see what it changed.
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS transaction;

-- name: prune
-- Remove the oldest changes.
--   before  bigint   of transactions before this one
--   kept    bigint   but none of so many latest changes
--   most    integer  changes to remove at once
DELETE FROM register.change
WHERE number IN (
    SELECT number
    FROM register.change
    WHERE
        transaction < %(before)s::bigint
        AND number <= (SELECT number FROM register.change ORDER BY number DESC OFFSET %(kept)s::bigint LIMIT 1)
    ORDER BY number
    LIMIT %(most)s
)
