-- name: holds_any
-- Say whether a layer holds a feature, at any horizon.
-- {layer} is the stored table.
SELECT EXISTS (SELECT FROM {layer}) AS held;
