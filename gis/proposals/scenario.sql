-- name: proposed
-- Read the features that a scenario adds or changes.
-- {difference} is a relation of what differs from the baseline, {attributes} the columns of the layer.
--   most  integer  how many are read at most
SELECT
    each.uid AS uid,
    ST_AsBinary(each.geom, 'NDR') AS geometry,
    {attributes}
FROM ({difference}) AS each
WHERE each.change IN ('added', 'changed')
ORDER BY each.uid
LIMIT %(most)s
