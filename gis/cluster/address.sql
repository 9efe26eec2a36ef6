-- name: server
-- Say what the server is, whether the role may make schemas in the database, and which PostGIS it holds.
SELECT
    current_setting('server_version_num')::integer AS version_number,
    current_setting('server_version') AS version,
    current_setting('server_encoding') AS encoding,
    has_database_privilege(current_database(), 'CREATE') AS may_create,
    pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean AS is_read_only,
    extension.extversion AS postgis,
    namespace.nspname AS postgis_schema,
    offered.default_version AS offered_postgis
FROM (VALUES ('postgis'::name)) AS wanted (name)
LEFT JOIN pg_extension AS extension ON extension.extname = wanted.name
LEFT JOIN pg_namespace AS namespace ON namespace.oid = extension.extnamespace
LEFT JOIN pg_available_extensions AS offered ON offered.name = wanted.name;
