-- name: by_uid
-- Read a parcel by the name it has in the database.
-- {attributes} are its columns.
--   uid  bigint  name of the parcel
SELECT
    each.uid AS uid,
    ST_AsBinary(each.geom, 'NDR') AS geometry,
    {attributes}
FROM parcel AS each
WHERE each.uid = %(uid)s

-- name: by_number
-- Read the parcels of a number on a map sheet of a ward; there may be several.
-- {attributes} are their columns.
--   ward    text  code of the ward
--   sheet   text  number of the cadastral map sheet
--   number  text  number of the parcel on it
SELECT
    each.uid AS uid,
    ST_AsBinary(each.geom, 'NDR') AS geometry,
    {attributes}
FROM parcel AS each
WHERE
    each.ward_code = %(ward)s
    AND each.map_sheet = %(sheet)s
    AND each.parcel_number = %(number)s
ORDER BY each.uid
LIMIT 100

-- name: at_position
-- Read the parcels that hold a position, its border included.
-- {attributes} are their columns.
--   easting_m   double precision  easting in EPSG:5899, m
--   northing_m  double precision  northing in EPSG:5899, m
SELECT
    each.uid AS uid,
    ST_AsBinary(each.geom, 'NDR') AS geometry,
    {attributes}
FROM parcel AS each
WHERE ST_Intersects(each.geom, ST_SetSRID(ST_MakePoint(%(easting_m)s, %(northing_m)s), 5899))
ORDER BY each.uid
LIMIT 100

-- name: ward_name
-- Read what a ward is called.
--   ward  text  code of the ward
SELECT each.name AS name
FROM ward AS each
WHERE each.code = %(ward)s

-- name: nearest
-- Read the parcel that lies nearest to a position: ward, map sheet, number, uid, and how far it is in m.
--   easting_m   double precision  easting in EPSG:5899, m
--   northing_m  double precision  northing in EPSG:5899, m
SELECT
    each.ward_code AS ward,
    each.map_sheet AS sheet,
    each.parcel_number AS number,
    each.uid AS uid,
    ST_Distance(each.geom, ST_SetSRID(ST_MakePoint(%(easting_m)s, %(northing_m)s), 5899)) AS distance_m
FROM parcel AS each
ORDER BY each.geom <-> ST_SetSRID(ST_MakePoint(%(easting_m)s, %(northing_m)s), 5899)
LIMIT 1

-- name: counted
-- Count the parcels of a ward, and those on a map sheet of it.
--   ward   text  code of the ward
--   sheet  text  number of the cadastral map sheet
SELECT
    count(*) AS of_ward,
    count(*) FILTER (WHERE each.map_sheet = %(sheet)s) AS of_sheet
FROM parcel AS each
WHERE each.ward_code = %(ward)s
