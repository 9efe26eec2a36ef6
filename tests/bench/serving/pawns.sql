-- name: choose
-- Choose parcels of today spread over the city, none very small, with the middle of each where it is and where it moves.
--   count   integer           how many
--   east_m  double precision  how far they move east, metres in EPSG:5899
WITH candidate AS (
    SELECT
        uid,
        geom,
        row_number() OVER (ORDER BY uid) AS number,
        count(*) OVER () AS candidates
    FROM at_existing.parcel
    WHERE ST_Area(geom) > 80
),
chosen AS (
    SELECT
        uid,
        ST_Transform(ST_PointOnSurface(geom), 3857) AS found,
        ST_Transform(ST_Translate(ST_PointOnSurface(geom), %(east_m)s, 0), 3857) AS moved
    FROM candidate
    WHERE number %% greatest(candidates / %(count)s, 1) = 0
    ORDER BY number
    LIMIT %(count)s
)
SELECT
    uid,
    ST_X(found) AS east,
    ST_Y(found) AS north,
    ST_X(moved) AS to_east,
    ST_Y(moved) AS to_north
FROM chosen

-- name: keep
-- Keep some parcels as they are, for as long as the session lasts.
-- {others} are the stored columns of a parcel but for the sheet.
--   uids  bigint[]  the parcels
CREATE TEMPORARY TABLE kept AS
SELECT
    uid,
    map_sheet,
    {others},
    geom
FROM city.parcel
WHERE uid = ANY (%(uids)s)

-- name: mark
-- Write a step on a parcel.
--   uid   bigint  the parcel
--   mark  text    the step
UPDATE city.parcel
SET map_sheet = %(mark)s
WHERE uid = %(uid)s

-- name: move
-- Move a parcel east, and write the step on it.
--   uid     bigint            the parcel
--   mark    text              the step
--   east_m  double precision  how far, metres in EPSG:5899
UPDATE city.parcel
SET
    map_sheet = %(mark)s,
    geom = ST_Translate(geom, %(east_m)s, 0)
WHERE uid = %(uid)s

-- name: home
-- Move a parcel back to where it was, and write the step on it.
--   uid   bigint  the parcel
--   mark  text    the step
UPDATE city.parcel AS parcel
SET
    map_sheet = %(mark)s,
    geom = kept.geom
FROM kept
WHERE
    parcel.uid = %(uid)s
    AND kept.uid = parcel.uid

-- name: delete
-- Delete a parcel.
--   uid  bigint  the parcel
DELETE FROM city.parcel
WHERE uid = %(uid)s

-- name: back
-- Bring a deleted parcel back, with the step written on it.
-- {others} are the stored columns of a parcel but for the sheet.
--   uid   bigint  the parcel
--   mark  text    the step
INSERT INTO city.parcel (uid, map_sheet, {others}, geom)
SELECT
    uid,
    %(mark)s::text,
    {others},
    geom
FROM kept
WHERE uid = %(uid)s

-- name: settle
-- Write on a parcel what stood there before.
--   uid  bigint  the parcel
UPDATE city.parcel AS parcel
SET map_sheet = kept.map_sheet
FROM kept
WHERE
    parcel.uid = %(uid)s
    AND kept.uid = parcel.uid
