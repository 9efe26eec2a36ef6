-- name: lineage
-- List the scenarios that make one: those it was opened from, the oldest first, and itself.
--   name  text  its name
WITH RECURSIVE lineage AS (
    SELECT
        name,
        parent,
        0 AS generations_back
    FROM register.scenario
    WHERE name = %(name)s
    UNION ALL
    SELECT
        older.name,
        older.parent,
        generations_back + 1
    FROM lineage
    JOIN register.scenario AS older ON older.name = lineage.parent
)
SELECT name
FROM lineage
ORDER BY generations_back DESC

-- name: names
-- List the names of the scenarios, the newest first, as many as a hint may need.
SELECT name
FROM register.scenario
ORDER BY number DESC
LIMIT 1000

-- name: hold
-- Share scenarios with all who read them, until the session lets go; wait for one that is being dropped.
-- 1903 is the room of these locks.
--   names  text[]  names of the scenarios
SELECT pg_advisory_lock_shared(1903, hashtext(name))
FROM unnest(%(names)s::text[]) AS name

-- name: release
-- Let scenarios go that this session shares.
--   names  text[]  names of the scenarios
SELECT pg_advisory_unlock_shared(1903, hashtext(name))
FROM unnest(%(names)s::text[]) AS name
