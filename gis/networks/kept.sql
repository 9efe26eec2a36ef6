-- name: moment
-- Name the state of the database that is seen, and say whether the transaction that asks has changed it itself.
SELECT
    pg_current_snapshot()::text AS snapshot,
    coalesce((SELECT max(change.number) FROM register.change AS change), 0) AS number,
    pg_current_xact_id_if_assigned() IS NOT NULL AS is_own;

-- name: is_stale
-- Say whether anything that is visible now and was not in an earlier state has changed layers, as far as the log tells.
--   seen       text    snapshot of the earlier state, as pg_current_snapshot() wrote it
--   first      bigint  first transaction that was running in it
--   number     bigint  number of its latest change
--   most       bigint  most changes after which the log is believed to be whole
--   layers     text[]  names in the log
--   scenarios  text[]  names in the log, besides the baseline
SELECT
    EXISTS (
        SELECT 1
        FROM register.change AS change
        WHERE
            change.transaction >= %(first)s
            AND change.transaction < pg_snapshot_xmax(pg_current_snapshot())::text::bigint
            AND change.layer = ANY(%(layers)s)
            AND (change.scenario IS NULL OR change.scenario = ANY(%(scenarios)s))
            AND NOT pg_visible_in_snapshot(change.transaction::text::xid8, %(seen)s::text::pg_snapshot)
    )
    OR coalesce((SELECT max(change.number) FROM register.change AS change), 0)
    NOT BETWEEN %(number)s::bigint AND %(number)s::bigint + %(most)s::bigint AS is_stale
