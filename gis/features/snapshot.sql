-- name: state
-- Name the state of the database that this transaction sees.
SELECT pg_current_snapshot()::text AS state

-- name: unchanged
-- Say whether a layer is as it was in an earlier state: the log knows no change of it which that state did not see.
-- A state that has not come yet belongs to another database.
--   layer      text    the layer
--   scenarios  text[]  scenarios that make the one in which it is seen; what changes the baseline changes it too
--   earlier    text    the earlier state, as `state` named it
--   first      bigint  first transaction that was running in it
SELECT
    pg_snapshot_xmax(%(earlier)s::text::pg_snapshot) <= pg_snapshot_xmax(pg_current_snapshot())
    AND NOT EXISTS (
        SELECT
        FROM register.change
        WHERE transaction >= %(first)s
            AND layer IN (%(layer)s, '*')
            AND (scenario IS NULL OR scenario = ANY (%(scenarios)s))
            AND NOT pg_visible_in_snapshot(transaction::text::xid8, %(earlier)s::text::pg_snapshot)
    ) AS unchanged
