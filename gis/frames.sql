-- name: features
-- Read the features of a query with their geometry as WKB, last, as it is stored.
-- {query} yields the features and binds its own; {attributes} is what is shown of each.
SELECT
    {attributes},
    ST_AsBinary(geom, 'NDR') AS geometry
FROM ({query}) AS feature
