-- name: keep_ahead
-- Move the city-wide sequence past the uids a table holds, so that no new feature gets the name of another.
-- {layer} is the table.
SELECT setval('city.uid', greatest((SELECT max(uid) FROM {layer}), (SELECT last_value FROM city.uid))) AS last;

-- name: secondary_indexes
-- List the indexes of a table that keep nothing unique, with what would make them again.
--   table  text  name of the table, with its schema
SELECT
    space.nspname AS schema,
    class.relname AS name,
    pg_get_indexdef(index.indexrelid) AS definition
FROM pg_index AS index
JOIN pg_class AS class ON class.oid = index.indexrelid
JOIN pg_namespace AS space ON space.oid = class.relnamespace
WHERE index.indrelid = to_regclass(%(table)s)
    AND NOT index.indisunique
    AND NOT index.indisprimary
ORDER BY class.relname;
