-- name: keep
-- Keep a scenario in the register until the transaction ends.
--   name  text  its name
SELECT name
FROM register.scenario
WHERE name = %(name)s
FOR KEY SHARE

-- name: add
-- Store a new feature; it gets the next uid of the city.
-- {change} is the table of changes, {columns} the stored columns, {given} the same of what is given.
--   attributes  jsonb  values by column
--   geometry    bytea  WKB in EPSG:5899
--   uid         bigint  NULL
INSERT INTO {change} ({columns}, geom)
SELECT
    {given},
    ST_GeomFromWKB(%(geometry)s::bytea, 5899)
FROM jsonb_populate_record(NULL::{change}, %(attributes)s::jsonb) AS given
WHERE %(uid)s::bigint IS NULL
RETURNING uid

-- name: put
-- Store a whole feature in the place of another that the scenario or its parent knows.
-- {change} is the table of changes, {under} the layer as the parent stores it, {columns} the stored columns,
-- {given} the same of what is given, {assignments} what they become.
--   attributes  jsonb  values by column
--   geometry    bytea  WKB in EPSG:5899
--   uid         bigint  the feature
INSERT INTO {change} ({columns}, uid, geom, based_on)
SELECT
    {given},
    known.uid,
    ST_GeomFromWKB(%(geometry)s::bytea, 5899),
    known.recorded_at
FROM jsonb_populate_record(NULL::{change}, %(attributes)s::jsonb) AS given
CROSS JOIN (
    SELECT
        uid,
        max(recorded_at) AS recorded_at
    FROM (
        SELECT
            uid,
            recorded_at
        FROM {under}
        WHERE uid = %(uid)s
        UNION ALL
        SELECT
            uid,
            NULL
        FROM {change}
        WHERE uid = %(uid)s
    ) AS bearer
    GROUP BY uid
) AS known
ON CONFLICT (uid) DO UPDATE SET
    {assignments},
    geom = EXCLUDED.geom,
    removed = FALSE
RETURNING uid

-- name: change
-- Give a feature other values or another geometry.
-- {change} is the table of changes, {under} the layer as the parent stores it, {layer} as the scenario stores it,
-- {columns} the stored columns, {given} the same with what is given, {assignments} what they become.
--   attributes  jsonb  values by column; what is not named stays
--   geometry    bytea  WKB in EPSG:5899, or NULL where it stays
--   uid         bigint  the feature
INSERT INTO {change} ({columns}, uid, geom, based_on)
SELECT
    {given},
    kept.uid,
    coalesce(ST_GeomFromWKB(%(geometry)s::bytea, 5899), kept.geom),
    (SELECT under.recorded_at FROM {under} AS under WHERE under.uid = kept.uid)
FROM {layer} AS kept, LATERAL jsonb_populate_record(kept, %(attributes)s::jsonb) AS given
WHERE kept.uid = %(uid)s
ON CONFLICT (uid) DO UPDATE SET
    {assignments},
    geom = EXCLUDED.geom
RETURNING uid

-- name: remove
-- Remove a feature that the parent shows; the change keeps it as it was.
-- {change} is the table of changes, {under} the layer as the parent stores it, {layer} as the scenario stores it,
-- {columns} the stored columns.
--   uid  bigint  the feature
INSERT INTO {change} ({columns}, uid, geom, removed, based_on)
SELECT
    {columns},
    uid,
    geom,
    TRUE,
    (SELECT under.recorded_at FROM {under} AS under WHERE under.uid = kept.uid)
FROM {layer} AS kept
WHERE uid = %(uid)s AND EXISTS (SELECT FROM {under} AS under WHERE under.uid = kept.uid)
ON CONFLICT (uid) DO UPDATE SET
    removed = TRUE
RETURNING uid

-- name: forget_own
-- Remove a feature that the scenario alone has.
-- {change} is the table of changes.
--   uid  bigint  the feature
DELETE FROM {change}
WHERE uid = %(uid)s AND NOT removed
RETURNING uid

-- name: restore
-- Undo the change of a feature.
-- {change} is the table of changes.
--   uid  bigint  the feature
DELETE FROM {change}
WHERE uid = %(uid)s
RETURNING uid
