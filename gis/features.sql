-- name: page
-- Read the features of a layer in the order of their uid: those after one of them, that meet a box.
-- {layer} is the layer, {attributes} its public columns, {chosen} a condition on coded columns.
--   after  bigint            uid after which the page begins; 0 for the first page
--   west   double precision  box, metres in EPSG:3857
--   south  double precision  box, metres in EPSG:3857
--   east   double precision  box, metres in EPSG:3857
--   north  double precision  box, metres in EPSG:3857
--   rows   bigint            most features to read
WITH box AS (
    SELECT
        ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 3857) AS outline,
        city.searched(ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 3857)) AS search
),
chosen AS (
    SELECT
        uid,
        geom,
        {attributes}
    FROM {layer}, box
    WHERE
        uid > %(after)s
        AND geom && search
        AND (web_geom @ outline OR ST_Intersects(web_geom, outline))
        AND {chosen}
    ORDER BY uid
    LIMIT %(rows)s
)
SELECT
    uid,
    json_build_object(
        'type', 'Feature',
        'id', uid,
        'geometry', ST_AsGeoJSON(ST_ForcePolygonCCW(ST_Transform(geom, 4326)), 7)::json,
        'properties', to_json((SELECT attribute FROM (SELECT {attributes}) AS attribute))
    )::text AS feature
FROM chosen
ORDER BY uid

-- name: feature
-- Read one feature of a layer by its uid.
-- {layer} is the layer, {attributes} its public columns.
--   uid  bigint  unique name of the feature
SELECT
    json_build_object(
        'type', 'Feature',
        'id', uid,
        'geometry', ST_AsGeoJSON(ST_ForcePolygonCCW(ST_Transform(geom, 4326)), 7)::json,
        'properties', to_json((SELECT attribute FROM (SELECT {attributes}) AS attribute))
    )::text AS feature
FROM {layer}
WHERE uid = %(uid)s

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
