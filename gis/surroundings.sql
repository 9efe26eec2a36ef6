-- name: about
-- Read the features of a layer whose boxes lie within reach of those of any of some places, each once: a large polygon
-- is unpacked once, and not for each place beside it.
-- {layer} is the layer as the search path shows it, {attributes} its columns.
--   places   bytea[]           the places as WKB in EPSG:5899
--   reach_m  double precision  how far away a feature may lie, m
WITH place AS MATERIALIZED (
    SELECT ST_GeomFromWKB(wkb, 5899) AS geom
    FROM unnest(%(places)s::bytea[]) AS given (wkb)
),
near AS MATERIALIZED (
    SELECT DISTINCT each.uid AS uid
    FROM place
    INNER JOIN {layer} AS each
        ON each.geom && ST_Expand(place.geom, %(reach_m)s::double precision)
)
SELECT
    each.uid AS uid,
    ST_AsBinary(each.geom, 'NDR') AS geometry,
    {attributes}
FROM near
INNER JOIN {layer} AS each
    ON each.uid = near.uid
ORDER BY each.uid
