-- name: secret
-- Read the key by which the service knows its own bookmarks.
SELECT key
FROM register.secret
