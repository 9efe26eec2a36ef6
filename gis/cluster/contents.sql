-- name: contents
-- Say whether the server has the role and the database.
--   role      text  name of the role
--   database  text  name of the database
SELECT
    EXISTS (SELECT FROM pg_roles WHERE rolname = %(role)s) AS has_role,
    EXISTS (SELECT FROM pg_database WHERE datname = %(database)s) AS has_database;

-- name: postgis
-- Say which PostGIS the database holds, and which one the installed programs offer.
SELECT
    installed_version AS held,
    default_version AS offered
FROM pg_available_extensions
WHERE name = 'postgis';
