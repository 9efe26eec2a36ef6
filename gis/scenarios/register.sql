-- name: scenarios
-- List every scenario in the order in which they were opened.
SELECT
    name,
    number,
    title,
    coalesce(parent, 'baseline') AS parent,
    note,
    opened_at
FROM register.scenario
ORDER BY number

-- name: open
-- Enter a scenario into the register.
--   name  text  its name
--   title  text  title people read, or NULL
--   parent  text  scenario it is opened from, or NULL for the baseline
--   note  text  what it is for, or NULL
INSERT INTO register.scenario (name, title, parent, note)
VALUES (%(name)s, %(title)s, %(parent)s, %(note)s)
RETURNING
    name,
    number,
    title,
    coalesce(parent, 'baseline') AS parent,
    note,
    opened_at

-- name: children
-- List the scenarios that were opened from one.
--   name  text  its name
SELECT name
FROM register.scenario
WHERE parent = %(name)s
ORDER BY number

-- name: claim
-- Have a scenario alone until the transaction ends; wait for those who share it (see gis/lineage.sql).
--   name  text  its name
SELECT pg_advisory_xact_lock(1903, hashtext(%(name)s))

-- name: drop
-- Take a scenario out of the register; those who edit it are waited for.
--   name  text  its name
DELETE FROM register.scenario
WHERE name = %(name)s

-- name: scenario
-- Find a scenario.
--   name  text  its name
SELECT
    name,
    number,
    title,
    coalesce(parent, 'baseline') AS parent,
    note,
    opened_at
FROM register.scenario
WHERE name = %(name)s

-- name: log_everything
-- Log that all of a scenario changed, and tell who listens.
--   layer     text  name that stands for every layer
--   scenario  text  its name
--   channel   text  where listeners hear of it
WITH logged AS (
    INSERT INTO register.change (layer, scenario)
    VALUES (%(layer)s, %(scenario)s)
    RETURNING number
)
SELECT pg_notify(%(channel)s, '')
FROM logged
