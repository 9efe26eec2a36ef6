-- name: changing
-- Pick from the scenarios of a lineage those that have a table of changes of a layer.
--   names  text[]  names of the scenarios, the oldest first
--   table  text  name of the table
SELECT name
FROM unnest(%(names)s::text[]) WITH ORDINALITY AS line (name, generation)
WHERE to_regclass(format('scenario_%%s.%%I', name, %(table)s::text)) IS NOT NULL
ORDER BY generation

-- name: turn
-- Take turns in the layout of a scenario and of those that go back to the same one, until the transaction ends.
-- 1904 is the room of these locks.
--   root  text  name of the scenario they go back to
SELECT pg_advisory_xact_lock(1904, hashtext(%(root)s))

-- name: descendants
-- List the scenarios that go back to one, itself left out, parents before children.
--   name  text  its name
WITH RECURSIVE descendant AS (
    SELECT
        name,
        1 AS generation
    FROM register.scenario
    WHERE parent = %(name)s
    UNION ALL
    SELECT
        younger.name,
        generation + 1
    FROM descendant
    JOIN register.scenario AS younger ON younger.parent = descendant.name
)
SELECT name
FROM descendant
ORDER BY
    generation,
    name
