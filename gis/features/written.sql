-- name: features
-- Write features as GeoJSON, each with the keys by which it is ordered, in the order of the query.
-- {query} yields the features and binds its own; {drawn} is their geometry in the system of the answer, {decimals} its
-- decimals, {attributes} what is shown, {keys} the keys.
SELECT
    '{{"type":"Feature","id":' || uid
    || ',"geometry":' || coalesce(ST_AsGeoJSON({drawn}, {decimals}, 0), 'null')
    || ',"properties":' || to_json((SELECT attribute FROM (SELECT {attributes}) AS attribute))
    || '}}' AS written,
    {keys}
FROM ({query}) AS feature
