-- name: versions
-- Name the versions that answer: server, PostGIS, revision of the tables.
SELECT
    current_setting('server_version') AS postgresql,
    PostGIS_Lib_Version() AS postgis,
    (SELECT max(version_num) FROM register.alembic_version) AS schema
