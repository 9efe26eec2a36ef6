-- name: state
-- Name the state of the database that this transaction sees.
SELECT pg_current_snapshot()::text AS state
