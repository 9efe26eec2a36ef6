-- name: news
-- Read the current snapshot, and every change that is visible in it and was not in an earlier one; one row with nulls
-- where there is none. Transactions that are still to come are those of another server, from which this log was copied.
--   seen   text    the earlier snapshot, as pg_current_snapshot() wrote it
--   first  bigint  first transaction that was running in it
SELECT
    current.snapshot,
    change.transaction,
    change.layer,
    change.scenario,
    change.west,
    change.south,
    change.east,
    change.north
FROM (
    SELECT
        pg_current_snapshot()::text AS snapshot,
        pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS following
) AS current
LEFT JOIN register.change AS change
    ON change.transaction >= %(first)s
    AND change.transaction < current.following
    AND NOT pg_visible_in_snapshot(change.transaction::text::xid8, %(seen)s::text::pg_snapshot);

-- name: recent
-- Read the current snapshot and the changes of the latest transactions; one row with nulls where there is none.
--   most  bigint  most changes to read
SELECT
    current.snapshot,
    change.transaction,
    change.layer,
    change.scenario,
    change.west,
    change.south,
    change.east,
    change.north
FROM (SELECT pg_current_snapshot()::text AS snapshot) AS current
LEFT JOIN (
    SELECT
        transaction,
        layer,
        scenario,
        west,
        south,
        east,
        north
    FROM register.change
    WHERE transaction < pg_snapshot_xmax(pg_current_snapshot())::text::bigint
    ORDER BY transaction DESC
    LIMIT %(most)s
) AS change ON TRUE;

-- name: life
-- Name the life of the database since its last start or crash. A crash of one of its processes does not start the
-- server anew, but its statistics begin again.
SELECT
    concat_ws(
        '/',
        database.oid,
        extract(EPOCH FROM pg_postmaster_start_time()),
        extract(EPOCH FROM writer.stats_reset)
    ) AS reign
FROM pg_stat_bgwriter AS writer
CROSS JOIN pg_database AS database
WHERE database.datname = current_database();
