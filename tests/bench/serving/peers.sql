-- name: schema
-- Make room for a table of the peers' own.
CREATE SCHEMA {schema}

-- name: table
-- Copy what our tiles of parcels show, with the web geometry stored, in the order it lies in.
-- {attributes} are the public columns of a tile.
CREATE TABLE {schema}.parcel AS
SELECT
    uid,
    {attributes},
    web_geom::geometry(MultiPolygon, 3857) AS geom
FROM at_existing.parcel
ORDER BY uid

-- name: key
-- Name each row by its uid.
ALTER TABLE {schema}.parcel ADD PRIMARY KEY (uid)

-- name: index
-- Find rows by their web geometry.
CREATE INDEX ON {schema}.parcel USING gist (geom)

-- name: statistics
-- Count what is in the table, and mark what everyone sees.
VACUUM (ANALYZE) {schema}.parcel

-- name: drop
-- Take the table away again.
DROP SCHEMA {schema} CASCADE
