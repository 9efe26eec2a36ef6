-- name: supply
-- Add up the land of facilities by ward and type, as far as it is known; where they stand decides the ward.
WITH placed AS (
    SELECT DISTINCT ON (facility.uid)
        facility.uid AS uid,
        facility.facility_type AS facility_type,
        facility.land_area_m2 AS land_area_m2,
        ward.code AS ward
    FROM facility
    INNER JOIN ward
        ON ward.geom && facility.geom
        AND ST_Covers(ward.geom, facility.geom)
    ORDER BY facility.uid, ward.code
)
SELECT
    ward,
    facility_type,
    count(*) AS facilities,
    sum(land_area_m2) AS land_m2,
    count(*) FILTER (WHERE land_area_m2 IS NULL) AS without_area
FROM placed
GROUP BY ward, facility_type
