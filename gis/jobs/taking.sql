-- name: take
-- Begin with the job that has waited longest. Who takes it holds its lock from before others can see that it runs.
--   worker  text     who takes it
--   room    integer  room of the locks
WITH first AS (
    SELECT number
    FROM register.job
    WHERE status = 'accepted'
    ORDER BY number
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
UPDATE register.job
SET
    status = 'running',
    progress = 0,
    message = '',
    attempts = attempts + 1,
    worker = %(worker)s,
    started_at = clock_timestamp(),
    updated_at = clock_timestamp()
FROM first
WHERE job.number = first.number
RETURNING
    job.number, id, question, arguments, horizon, scenario, wanted, status, progress, message, is_refusal, attempts,
    created_at, started_at, updated_at, finished_at, pg_advisory_lock(%(room)s, job.number::integer)

-- name: leave
-- Let go of the lock of a job.
--   room    integer  room of the locks
--   number  bigint   number of the job
SELECT pg_advisory_unlock(%(room)s, %(number)s::integer) AS was_held

-- name: take_back
-- Put jobs back whose worker has died, since nobody holds their lock; a job that this befalls again is lost.
--   room  integer  room of the locks
--   most  integer  so often it is begun
--   lost  text     what is said of a lost one
WITH abandoned AS (
    SELECT number
    FROM register.job
    WHERE
        status = 'running'
        AND NOT EXISTS (
            SELECT
            FROM pg_locks
            WHERE
                locktype = 'advisory'
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND classid = %(room)s::integer::oid
                AND objid = number::integer::oid
                AND objsubid = 2
        )
    FOR UPDATE SKIP LOCKED
)
UPDATE register.job
SET
    status = CASE WHEN attempts < %(most)s::integer THEN 'accepted' ELSE 'failed' END,
    message = CASE WHEN attempts < %(most)s::integer THEN '' ELSE %(lost)s::text END,
    finished_at = CASE WHEN attempts < %(most)s::integer THEN NULL ELSE clock_timestamp() END,
    updated_at = clock_timestamp()
FROM abandoned
WHERE job.number = abandoned.number

-- name: hand_back
-- Put a job back that its worker cannot finish since it is told to end; that does not count as an attempt.
--   number   bigint   number of the job
--   attempt  integer  which attempt it was
UPDATE register.job
SET status = 'accepted', attempts = attempts - 1, updated_at = clock_timestamp()
WHERE number = %(number)s AND status = 'running' AND attempts = %(attempt)s

-- name: come_on
-- Say how far a job has come; nothing where it is no longer that worker's.
--   number    bigint            number of the job
--   attempt   integer           which attempt it is
--   progress  double precision  share that is done, 0-1
UPDATE register.job
SET progress = %(progress)s, updated_at = clock_timestamp()
WHERE number = %(number)s AND status = 'running' AND attempts = %(attempt)s

-- name: still
-- Find out whether a job is still that worker's.
--   number   bigint   number of the job
--   attempt  integer  which attempt it is
SELECT
FROM register.job
WHERE number = %(number)s AND status = 'running' AND attempts = %(attempt)s

-- name: end
-- Write down how a job ended; nothing where it is no longer that worker's.
--   number      bigint   number of the job
--   attempt     integer  which attempt it was
--   status      text     successful or failed
--   message     text     what there is to say of it
--   is_refusal  boolean  whether the question refused to be answered
--   result      bytea    what was found; null where it failed
UPDATE register.job
SET
    status = %(status)s,
    progress = CASE WHEN %(status)s::text = 'successful' THEN 1 ELSE progress END,
    message = %(message)s,
    is_refusal = %(is_refusal)s,
    result = %(result)s,
    updated_at = clock_timestamp(),
    finished_at = clock_timestamp()
WHERE number = %(number)s AND status = 'running' AND attempts = %(attempt)s

-- name: clear
-- Forget jobs that ended long ago, and the oldest of too many.
--   days  integer  for so many days they are kept
--   most  integer  so many are kept at most
DELETE FROM register.job
WHERE
    status IN ('successful', 'failed', 'dismissed')
    AND (
        finished_at < clock_timestamp() - make_interval(days => %(days)s::integer)
        OR number <= (SELECT number FROM register.job ORDER BY number DESC OFFSET %(most)s::integer LIMIT 1)
    )
