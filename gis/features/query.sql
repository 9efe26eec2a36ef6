-- name: features
-- Read the features of a layer that meet a condition, in an order.
-- {layer} is the layer, {columns} what is read of it, {chosen} the condition, {order} the order; each binds its own.
SELECT
    {columns}
FROM {layer}
WHERE {chosen}
ORDER BY {order}

-- name: first_features
-- Read the first features of a layer that meet a condition, in an order.
-- {layer} is the layer, {columns} what is read of it, {chosen} the condition, {order} the order; each binds its own.
--   rows  bigint  most features to read
SELECT
    {columns}
FROM {layer}
WHERE {chosen}
ORDER BY {order}
LIMIT %(rows)s
