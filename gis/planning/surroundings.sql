-- name: about
-- Read the features of a layer whose boxes lie within reach of those of any of some places, each once: a large polygon
-- is unpacked once, and not for each place beside it. Few are read one by one: the planner takes them for so many that
-- it would rather read all of the layer.
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
CROSS JOIN LATERAL (
    SELECT *
    FROM {layer} AS named
    WHERE named.uid = near.uid
    OFFSET 0
) AS each
ORDER BY each.uid

-- name: cut_about
-- Read what features of a layer have about one site: large ones cut to a box around it, so that what lies far away is
-- neither sent nor looked at. Their size is that in which they are stored, so that none is unpacked to tell it.
-- {layer} is the layer as the search path shows it, {attributes} its columns.
--   site        bytea             the site as WKB in EPSG:5899
--   reach_m     double precision  how far from the box of the site, m
--   most_bytes  integer           features of that size are left whole
WITH site AS MATERIALIZED (
    SELECT ST_Expand(ST_GeomFromWKB(%(site)s, 5899), %(reach_m)s::double precision)::box2d AS box
)
SELECT
    each.uid AS uid,
    ST_AsBinary(cut.geom, 'NDR') AS geometry,
    {attributes}
FROM site
INNER JOIN {layer} AS each
    ON each.geom && ST_SetSRID(site.box, 5899)
CROSS JOIN LATERAL (
    SELECT
        CASE
            WHEN pg_column_size(each.geom) > %(most_bytes)s THEN ST_ClipByBox2D(each.geom, site.box)
            ELSE each.geom
        END AS geom
    OFFSET 0
) AS cut
WHERE NOT ST_IsEmpty(cut.geom)
ORDER BY each.uid
