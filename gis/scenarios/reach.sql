-- name: changing
-- List the tables of changes of scenarios: the layer, and whose it is, in the order of the names given.
--   names  text[]  names of the scenarios, the oldest first
SELECT
    left(class.relname, -length('_change')) AS layer,
    line.name
FROM unnest(%(names)s::text[]) WITH ORDINALITY AS line (name, generation)
JOIN pg_namespace AS space ON space.nspname = 'scenario_' || line.name
JOIN pg_class AS class ON class.relnamespace = space.oid
WHERE class.relkind = 'r'
    AND right(class.relname, length('_change')) = '_change'
ORDER BY line.generation

-- name: place
-- Draw a box around changes of a layer, and around the features of the baseline whose place they take.
-- {changes} is a query for uid and web_geom of the changes, {layer} the layer of the baseline.
WITH change AS (
    {changes}
),
place AS (
    SELECT web_geom
    FROM change
    UNION ALL
    SELECT layer.web_geom
    FROM {layer} AS layer
    WHERE layer.uid IN (SELECT change.uid FROM change)
),
box AS (
    SELECT ST_Extent(web_geom) AS extent
    FROM place
)
SELECT
    ST_XMin(extent) AS west,
    ST_YMin(extent) AS south,
    ST_XMax(extent) AS east,
    ST_YMax(extent) AS north
FROM box
