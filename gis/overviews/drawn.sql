-- name: patches
-- Read what is drawn of a layer at a level and a horizon in a box.
-- {of_layer} is the name of the layer, {at_level} the level, {at_horizon} the horizon, {reach} the box in EPSG:3857.
SELECT
    patch.code,
    patch.area_m2,
    patch.features,
    patch.web_geom
FROM overview.patch AS patch
WHERE patch.layer = {of_layer}
    AND patch.level = {at_level}
    AND {at_horizon} = ANY (patch.horizons)
    AND patch.web_geom && {reach};

-- name: is_stale
-- Say whether any block of a layer's base level is marked between some columns and rows.
-- {of_layer} is the name of the layer, {first_column}, {last_column}, {first_row} and {last_row} are the bounds.
SELECT EXISTS (
    SELECT 1
    FROM overview.mark
    WHERE layer = {of_layer}
        AND (
            block_column IS NULL
            OR (
                block_column BETWEEN {first_column} AND {last_column}
                AND block_row BETWEEN {first_row} AND {last_row}
            )
        )
) AS is_stale;
