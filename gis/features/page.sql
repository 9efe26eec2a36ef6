-- name: feature
-- Read one feature of a layer by its uid.
-- {layer} is the layer, {columns} what is read of it.
--   uid  bigint  unique name of the feature
SELECT
    {columns}
FROM {layer}
WHERE uid = %(uid)s
