-- name: refuse
-- Take out the rows that name no feature, or more than one, and tell them.
-- {incoming} is the table in which the delivery waits, {layer} the layer as it is stored.
-- {is_new} tells a row that names none since it is new, {key_missing} one that should name one; {key} are the columns of
-- the key, {same_key} holds where two rows agree in them; {must_be_there}: whether a feature of that key must be there.
WITH fault AS (
    SELECT
        row_number,
        CASE
            WHEN {is_new} THEN NULL
            WHEN {key_missing} THEN 'missing_key'
            WHEN count(*) OVER (PARTITION BY {key}) > 1 THEN 'twice'
            WHEN (SELECT count(*) FROM {layer} AS kept WHERE {same_key}) > 1 THEN 'several'
            WHEN {must_be_there} AND NOT EXISTS (SELECT FROM {layer} AS kept WHERE {same_key}) THEN 'none'
        END AS fault
    FROM {incoming} AS incoming
)
DELETE FROM {incoming} AS incoming
USING fault
WHERE fault.row_number = incoming.row_number AND fault.fault IS NOT NULL
RETURNING
    incoming.row_number,
    fault.fault,
    (to_jsonb(incoming) - 'geom' - 'row_number')::text,
    ST_AsBinary(incoming.geom)

-- name: remove
-- Remove the features that the delivery does not hold.
DELETE FROM {layer} AS kept
WHERE NOT EXISTS (SELECT FROM {incoming} AS incoming WHERE {same_key})

-- name: unchanged
-- Take out the rows that change nothing.
-- {incoming_values} and {kept_values} are what is compared of both.
DELETE FROM {incoming} AS incoming
USING {layer} AS kept
WHERE {same_key} AND ({incoming_values}, incoming.geom::bytea) IS NOT DISTINCT FROM ({kept_values}, kept.geom::bytea)

-- name: update
-- Give the features that are there the values of their rows.
-- {assigned} are the columns that are given, {incoming_assigned} the same of a row.
UPDATE {layer} AS kept
SET ({assigned}, geom) = ROW({incoming_assigned}, incoming.geom)
FROM {incoming} AS incoming
WHERE {same_key}

-- name: insert
-- Store the rows that are new.
-- {inserted} are the columns that a new feature gets.
INSERT INTO {layer} ({inserted}, geom)
SELECT
    {inserted},
    geom
FROM {incoming} AS incoming
WHERE NOT EXISTS (SELECT FROM {layer} AS kept WHERE {same_key})
