-- name: routes
-- Read the paths of public transport.
SELECT ST_AsBinary(geom, 'NDR') AS geometry
FROM transit_route
ORDER BY uid
