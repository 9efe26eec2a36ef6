-- name: marked
-- Read the marked blocks of a layer between some columns and rows, each once, the finest first; nulls where everything
-- is marked.
--   layer         text     name of the layer
--   level         integer  level of the blocks; null for all
--   first_column  integer  first column of that level; null for all
--   last_column   integer  last column
--   first_row     integer  first row
--   last_row      integer  last row
--   most          bigint   most blocks to read; null for all
SELECT DISTINCT
    level,
    block_column,
    block_row
FROM overview.mark
WHERE layer = %(layer)s
    AND (
        level IS NULL
        OR %(level)s::integer IS NULL
        OR (
            level = %(level)s
            AND block_column BETWEEN %(first_column)s AND %(last_column)s
            AND block_row BETWEEN %(first_row)s AND %(last_row)s
        )
    )
ORDER BY level DESC NULLS FIRST, block_column, block_row
LIMIT %(most)s;

-- name: take
-- Remove the marks of some blocks of a level.
--   layer    text       name of the layer
--   level    integer    level of the blocks
--   columns  integer[]  columns of the blocks
--   rows     integer[]  their rows, one for each column
DELETE FROM overview.mark
USING unnest(%(columns)s::integer[], %(rows)s::integer[]) AS block (block_column, block_row)
WHERE mark.layer = %(layer)s
    AND mark.level = %(level)s
    AND mark.block_column = block.block_column
    AND mark.block_row = block.block_row
RETURNING
    mark.level,
    mark.block_column,
    mark.block_row;

-- name: take_everything
-- Remove the marks that mean everything.
--   layer  text  name of the layer
DELETE FROM overview.mark
WHERE layer = %(layer)s
    AND level IS NULL;

-- name: mark_everything
-- Mark everything.
--   layer  text  name of the layer
INSERT INTO overview.mark (layer)
VALUES (%(layer)s);

-- name: mark
-- Mark some blocks of a level.
--   layer    text       name of the layer
--   level    integer    level of the blocks
--   columns  integer[]  columns of the blocks
--   rows     integer[]  their rows, one for each column
INSERT INTO overview.mark (layer, level, block_column, block_row)
SELECT
    %(layer)s,
    %(level)s,
    block_column,
    block_row
FROM unnest(%(columns)s::integer[], %(rows)s::integer[]) AS block (block_column, block_row);

-- name: remove_of_other_level
-- Remove an overview that was made when the layer was declared to be gathered below another zoom.
--   layer  text     name of the layer
--   level  integer  base level as it is declared now
WITH finest AS (
    SELECT max(level) AS level
    FROM overview.share
    WHERE layer = %(layer)s
),
former_share AS (
    DELETE FROM overview.share
    USING finest
    WHERE share.layer = %(layer)s
        AND finest.level <> %(level)s
)
DELETE FROM overview.patch
USING finest
WHERE patch.layer = %(layer)s
    AND finest.level <> %(level)s;

-- name: spans
-- Read from which to which column and row features, and shares of the overview, are spread: each such span once.
-- What lies where the service finds nothing (see city.searched) is left out. {layer} is the layer's table.
--   name     text              name of the layer
--   level    integer           its base level
--   west     double precision  west side of the grid, metres in EPSG:3857
--   north    double precision  north side of the grid
--   side_m   double precision  side of a block
--   reach_m  double precision  by how much features are widened
WITH region AS (
    SELECT
        area,
        city.searched(area) AS search
    FROM ST_MakeEnvelope(10686671, 0, 13358339, 3503550, 3857) AS area
)
SELECT DISTINCT
    floor((greatest(ST_XMin(web_geom), ST_XMin(area)) - %(reach_m)s - %(west)s) / %(side_m)s)::bigint AS first_column,
    floor((least(ST_XMax(web_geom), ST_XMax(area)) + %(reach_m)s - %(west)s) / %(side_m)s)::bigint AS last_column,
    floor((%(north)s - least(ST_YMax(web_geom), ST_YMax(area)) - %(reach_m)s) / %(side_m)s)::bigint AS first_row,
    floor((%(north)s - greatest(ST_YMin(web_geom), ST_YMin(area)) + %(reach_m)s) / %(side_m)s)::bigint AS last_row
FROM {layer}, region
WHERE geom && search
    AND web_geom && area
UNION
SELECT
    block_column,
    block_column,
    block_row,
    block_row
FROM overview.share
WHERE layer = %(name)s
    AND level = %(level)s;
