-- name: keep_ahead
-- Move the city-wide sequence past the uids a table holds, so that no new feature gets the name of another.
-- {layer} is the table.
SELECT setval('city.uid', greatest((SELECT max(uid) FROM {layer}), (SELECT last_value FROM city.uid))) AS last;
