-- name: tallies
-- Number of rows of each layer as the last vacuum or analysis counted it; layers it has not seen are left out.
--   schema  text    where the layers are stored
--   layers  text[]  names of the layers
SELECT
    pg_class.relname AS layer,
    pg_class.reltuples::bigint AS features
FROM pg_class
INNER JOIN pg_namespace ON pg_namespace.oid = pg_class.relnamespace
WHERE
    pg_namespace.nspname = %(schema)s
    AND pg_class.relname = ANY(%(layers)s::text[])
    AND pg_class.relkind = 'r'
    AND pg_class.reltuples >= 0
