-- name: counts
-- Count what differs.
-- {difference} is a query of gis/differences.sql.
SELECT
    count(*) FILTER (WHERE change = 'added') AS added,
    count(*) FILTER (WHERE change = 'changed') AS changed,
    count(*) FILTER (WHERE change = 'removed') AS removed
FROM ({difference}) AS differing
