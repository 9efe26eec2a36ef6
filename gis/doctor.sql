-- name: versions
-- Say which PostgreSQL and PostGIS answer, and how much the database holds on disk.
SELECT
    current_setting('server_version') AS postgres,
    postgis_lib_version() AS postgis,
    pg_size_pretty(pg_database_size(current_database())) AS size;

-- name: estimates
-- Estimate the features of each layer from the planner's statistics, without counting them.
--   schema  text  schema of the layers
SELECT
    relation.relname AS layer,
    CASE
        WHEN relation.reltuples >= 0 THEN relation.reltuples::bigint
        ELSE statistics.n_live_tup
    END AS features
FROM pg_class AS relation
JOIN pg_namespace AS namespace ON namespace.oid = relation.relnamespace
LEFT JOIN pg_stat_user_tables AS statistics ON statistics.relid = relation.oid
WHERE namespace.nspname = %(schema)s
    AND relation.relkind = 'r';
