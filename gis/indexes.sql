-- name: indexes
-- List the indexes of a table, with what would make each again; the one that keeps the primary key as a constraint.
--   table  text  name of the table, with its schema
SELECT
    space.nspname AS schema,
    class.relname AS name,
    pg_get_indexdef(index.indexrelid) AS definition,
    pg_get_constraintdef(kept.oid) AS primary_key
FROM pg_index AS index
JOIN pg_class AS class ON class.oid = index.indexrelid
JOIN pg_namespace AS space ON space.oid = class.relnamespace
LEFT JOIN pg_constraint AS kept ON kept.conindid = index.indexrelid AND kept.contype = 'p'
WHERE index.indrelid = to_regclass(%(table)s)
    AND (kept.oid IS NOT NULL OR NOT index.indisunique)
ORDER BY class.relname;

-- name: trigger
-- Say whether a table has a trigger of that name that fires.
--   table    text  name of the table, with its schema
--   trigger  text  name of the trigger
SELECT TRUE AS fires
FROM pg_trigger
WHERE tgrelid = to_regclass(%(table)s)
    AND tgname = %(trigger)s
    AND tgenabled <> 'D';
