-- name: keep
-- Keep the text of the file that a delivery was loaded from.
--   delivery  bigint  number of the delivery
--   name      text    name of the file
--   crs       text    coordinate system it was read in
--   document  bytea   its bytes, zlib
INSERT INTO register.supply_file (delivery, name, crs, document)
VALUES (%(delivery)s, %(name)s, %(crs)s, %(document)s)

-- name: kept
-- Read the files that deliveries were loaded from, the latest first.
--   deliveries  bigint[]  numbers of the deliveries
SELECT
    each.delivery AS delivery,
    each.name AS name,
    each.crs AS crs,
    each.document AS document
FROM register.supply_file AS each
WHERE each.delivery = ANY(%(deliveries)s)
ORDER BY each.delivery DESC
