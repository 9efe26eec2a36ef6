-- name: shares
-- Read the shares of some blocks of a level, in the order in which they were made.
--   layer    text       name of the layer
--   level    integer    level of the blocks
--   columns  integer[]  their columns
--   rows     integer[]  their rows, one for each column
SELECT
    share.block_column,
    share.block_row,
    share.code,
    share.horizons,
    share.area_m2,
    share.features,
    share.pixels
FROM unnest(%(columns)s::integer[], %(rows)s::integer[]) AS block (block_column, block_row)
JOIN overview.share AS share USING (block_column, block_row)
WHERE share.layer = %(layer)s
    AND share.level = %(level)s
ORDER BY share.number;

-- name: remove_shares
-- Remove the shares of a block.
--   layer   text     name of the layer
--   level   integer  level of the block
--   column  integer  its column
--   row     integer  its row
DELETE FROM overview.share
WHERE layer = %(layer)s
    AND level = %(level)s
    AND block_column = %(column)s
    AND block_row = %(row)s;

-- name: remove_patches
-- Remove the patches of a block.
--   layer   text     name of the layer
--   level   integer  level of the block
--   column  integer  its column
--   row     integer  its row
DELETE FROM overview.patch
WHERE layer = %(layer)s
    AND level = %(level)s
    AND block_column = %(column)s
    AND block_row = %(row)s;

-- name: add_share
-- Add a share to a block.
--   layer     text              name of the layer
--   level     integer           level of the block
--   column    integer           its column
--   row       integer           its row
--   code      text              code of the features
--   horizons  text[]            horizons at which they are seen
--   area_m2   double precision  what they cover of the block, square metres in EPSG:5899
--   features  bigint            how many have their middle in it
--   pixels    bytea             what they cover of each pixel: 64 x 64 floats of 4 bytes, compressed
INSERT INTO overview.share (layer, level, block_column, block_row, code, horizons, area_m2, features, pixels)
VALUES (
    %(layer)s,
    %(level)s,
    %(column)s,
    %(row)s,
    %(code)s,
    %(horizons)s,
    %(area_m2)s,
    %(features)s,
    %(pixels)s
);

-- name: add_patch
-- Add a patch to a block.
--   layer     text              name of the layer
--   level     integer           level of the block
--   column    integer           its column
--   row       integer           its row
--   horizons  text[]            horizons at which it is seen
--   code      text              code of what is gathered in it
--   area_m2   double precision  what it stands for, square metres in EPSG:5899
--   features  bigint            how many features it stands for
--   shape     bytea             where it is drawn, well-known binary in EPSG:3857
INSERT INTO overview.patch (layer, level, block_column, block_row, horizons, code, area_m2, features, web_geom)
VALUES (
    %(layer)s,
    %(level)s,
    %(column)s,
    %(row)s,
    %(horizons)s,
    %(code)s,
    %(area_m2)s,
    %(features)s,
    ST_Multi(ST_GeomFromWKB(%(shape)s, 3857))
);
