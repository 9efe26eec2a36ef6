-- name: features
-- Read the features of a query with their geometry as WKB, last.
-- {query} yields the features and binds its own; {attributes} is what is shown, {drawn} the geometry in the system of
-- the answer.
SELECT
    {attributes},
    ST_AsBinary({drawn}, 'NDR') AS geometry
FROM ({query}) AS feature
