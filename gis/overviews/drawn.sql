-- name: patches
-- Read what is drawn of a layer at a level and a horizon in a box; finer blocks in the place of one that is out of step.
-- {of_layer} is the name of the layer, {at_level} the level, {base} its base level, {at_horizon} the horizon, {reach} the
-- box in EPSG:3857, {first_column}, {last_column}, {first_row} and {last_row} what it meets of the base level.
WITH stale AS MATERIALIZED (
    SELECT DISTINCT
        above.level,
        mark.block_column >> (mark.level - above.level) AS block_column,
        mark.block_row >> (mark.level - above.level) AS block_row
    FROM overview.mark AS mark,
        generate_series({at_level}, mark.level) AS above (level)
    WHERE mark.layer = {of_layer}
        AND mark.level BETWEEN {at_level} AND {base} - 1
        AND mark.block_column BETWEEN {first_column} >> ({base} - mark.level) AND {last_column} >> ({base} - mark.level)
        AND mark.block_row BETWEEN {first_row} >> ({base} - mark.level) AND {last_row} >> ({base} - mark.level)
),
finer AS MATERIALIZED (
    SELECT
        level + 1 AS level,
        2 * block_column + east AS block_column,
        2 * block_row + south AS block_row
    FROM stale,
        generate_series(0, 1) AS east,
        generate_series(0, 1) AS south
    EXCEPT
    SELECT
        level,
        block_column,
        block_row
    FROM stale
)
SELECT
    patch.code,
    patch.area_m2,
    patch.features,
    patch.web_geom
FROM overview.patch AS patch
WHERE patch.layer = {of_layer}
    AND patch.level = {at_level}
    AND {at_horizon} = ANY (patch.horizons)
    AND patch.web_geom && {reach}
    AND NOT EXISTS (
        SELECT
        FROM stale
        WHERE stale.level = patch.level
            AND stale.block_column = patch.block_column
            AND stale.block_row = patch.block_row
    )
UNION ALL
SELECT
    patch.code,
    patch.area_m2,
    patch.features,
    patch.web_geom
FROM finer
JOIN overview.patch AS patch
    ON patch.layer = {of_layer}
    AND patch.level = finer.level
    AND patch.block_column = finer.block_column
    AND patch.block_row = finer.block_row
WHERE {at_horizon} = ANY (patch.horizons)
    AND patch.web_geom && {reach};

-- name: marks
-- Name the marks of a layer's base level between some columns and rows, by number; null where there are none, a star
-- where they are of many blocks, or too many themselves, or one means everything.
-- {of_layer} is the name of the layer, {base} that level, {first_column}, {last_column}, {first_row} and {last_row} are
-- the bounds, {most} is of how many blocks they are named, {most_marks} how many.
SELECT
    CASE
        WHEN count(*) > {most_marks} OR bool_or(level IS NULL) THEN '*'
        WHEN count(*) > {most} AND count(DISTINCT (block_column, block_row)) > {most} THEN '*'
        ELSE string_agg(number::text, ',')
    END AS marks
FROM (
    SELECT
        number,
        level,
        block_column,
        block_row
    FROM overview.mark
    WHERE layer = {of_layer}
        AND (
            level IS NULL
            OR (
                level = {base}
                AND block_column BETWEEN {first_column} AND {last_column}
                AND block_row BETWEEN {first_row} AND {last_row}
            )
        )
    LIMIT {most_marks} + 1
) AS found;
