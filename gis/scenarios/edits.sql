-- name: keep
-- Keep a scenario in the register until the transaction ends.
--   name  text  its name
SELECT name
FROM register.scenario
WHERE name = %(name)s
FOR KEY SHARE

-- name: add
-- Store a new feature; it gets the next uid of the city.
-- {layer} is the layer as the scenario stores it, {columns} the stored columns, {given} the same of what is given.
--   attributes  jsonb  values by column
--   geometry    bytea  WKB in EPSG:5899
INSERT INTO {layer} ({columns}, geom)
SELECT
    {given},
    ST_GeomFromWKB(%(geometry)s::bytea, 5899)
FROM jsonb_populate_record(NULL::{layer}, %(attributes)s::jsonb) AS given
RETURNING
    uid,
    coalesce(valid_to < valid_from, FALSE) AS ends_early

-- name: change
-- Give a feature other values or another geometry.
-- {layer} is the layer as the scenario stores it, {columns} the stored columns, {given} the same with what is given.
--   attributes  jsonb  values by column; what is not named stays
--   geometry    bytea  WKB in EPSG:5899, or NULL where it stays
--   uid         bigint  the feature
UPDATE {layer} AS kept
SET ({columns}, geom) = (
    SELECT
        {given},
        coalesce(ST_GeomFromWKB(%(geometry)s::bytea, 5899), kept.geom)
    FROM jsonb_populate_record(kept, %(attributes)s::jsonb) AS given
)
WHERE uid = %(uid)s
RETURNING
    uid,
    coalesce(valid_to < valid_from, FALSE) AS ends_early

-- name: remove
-- Remove a feature.
-- {layer} is the layer as the scenario stores it.
--   uid  bigint  the feature
DELETE FROM {layer}
WHERE uid = %(uid)s
RETURNING uid

-- name: restore
-- Undo the change of a feature.
-- {change} is the table of changes.
--   uid  bigint  the feature
DELETE FROM {change}
WHERE uid = %(uid)s
RETURNING uid
