-- name: extents
-- Box around everything stored in each layer, at all horizons, read from the spatial index.
-- Layers that hold nothing are left out.
--   layers  text[]  names of the layers
WITH extent AS (
    SELECT
        layer,
        ST_Transform(ST_SetSRID(ST_EstimatedExtent('city', layer, 'geom')::geometry, 5899), 4326) AS outline
    FROM unnest(%(layers)s::text[]) AS asked (layer)
)
SELECT
    layer,
    ST_XMin(outline) AS west,
    ST_YMin(outline) AS south,
    ST_XMax(outline) AS east,
    ST_YMax(outline) AS north
FROM extent
WHERE outline IS NOT NULL

-- name: interval
-- First and last day a layer's features hold, at all horizons; NULL where one of them has no such day.
-- The search for one without a day ends at the first.
-- {table} is the stored table.
SELECT
    CASE WHEN NOT EXISTS (SELECT FROM {table} WHERE valid_from IS NULL) THEN
        (SELECT min(valid_from)::text FROM {table})
    END AS first_day,
    CASE WHEN NOT EXISTS (SELECT FROM {table} WHERE valid_to IS NULL) THEN
        (SELECT max(valid_to)::text FROM {table})
    END AS last_day
