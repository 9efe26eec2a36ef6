-- name: next_delivery
-- Take the next number of the register of deliveries.
SELECT nextval(pg_get_serial_sequence('register.delivery', 'number')) AS number

-- name: earlier_delivery
-- Find the last delivery of the same bytes of which features still stand in the layer.
-- {layer} is the layer.
--   layer  text  name of the layer
--   sha256  text  digest of the file
SELECT delivery.number
FROM register.delivery AS delivery
WHERE
    delivery.layer = %(layer)s
    AND delivery.sha256 = %(sha256)s
    AND EXISTS (SELECT FROM {layer} AS kept WHERE kept.delivery = delivery.number)
ORDER BY delivery.number DESC
LIMIT 1

-- name: register
-- Enter a delivery and its counts into the register.
--   number  bigint  its number
--   layer  text  layer it was loaded into
--   file_name  text  name of the file, without its folder
--   sha256  text  digest of the file, empty for a directory
--   mode  text  append, replace or upsert
--   mapping  jsonb  mapping that was used
--   crs  text  coordinate system it was read in
--   rows_read  bigint  rows read
--   rows_stored  bigint  rows stored
--   rows_refused  bigint  rows refused
--   findings  jsonb  repairs, overlaps, gaps and remarks
--   started_at  timestamp with time zone  when the load began
--   software  text  version that loaded it
INSERT INTO register.delivery (
    number,
    layer,
    file_name,
    sha256,
    mode,
    mapping,
    crs,
    rows_read,
    rows_stored,
    rows_refused,
    findings,
    started_at,
    finished_at,
    software
)
VALUES (
    %(number)s,
    %(layer)s,
    %(file_name)s,
    %(sha256)s,
    %(mode)s,
    %(mapping)s,
    %(crs)s,
    %(rows_read)s,
    %(rows_stored)s,
    %(rows_refused)s,
    %(findings)s,
    %(started_at)s,
    clock_timestamp(),
    %(software)s
)

-- name: dates
-- Count the features of a layer by the date they hold for: a stage or a horizon.
-- {layer} is the layer, {date} its column.
SELECT
    {date}::text AS date,
    count(*) AS features
FROM {layer}
GROUP BY date
ORDER BY date

-- name: taken_uids
-- Find the first few uids of a delivery that name features of another layer too.
-- {layer} is the layer it was stored in, {other} the other.
--   delivery  bigint  number of the delivery
SELECT other.uid
FROM {other} AS other
JOIN {layer} AS layer ON layer.uid = other.uid
WHERE layer.delivery = %(delivery)s
ORDER BY other.uid
LIMIT 3

-- name: remove_all
-- Remove every feature of a layer; the history keeps them.
DELETE FROM {layer}
