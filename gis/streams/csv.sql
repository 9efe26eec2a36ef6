-- name: features
-- Read the features of a query with their geometry as well-known text, last.
-- {query} yields the features and binds its own; {attributes} is what is shown, {drawn} the geometry in the system of
-- the answer, {decimals} its decimals.
SELECT
    {attributes},
    ST_AsText({drawn}, {decimals}) AS geometry
FROM ({query}) AS feature
