-- name: waiting
-- Count the jobs that wait, as far as it matters.
--   most  integer  count no further than this
SELECT count(*) AS jobs
FROM (
    SELECT number
    FROM register.job
    WHERE status = 'accepted'
    LIMIT %(most)s
) AS waiting

-- name: hand_in
-- Write a question down, and let those hear of it who answer; they hear when it is committed.
--   question   text   what is asked
--   arguments  jsonb  how it is asked
--   horizon    text   when the city is looked at
--   scenario   text   scenario that is looked at, or baseline
--   wanted     jsonb  in which form the answer is wanted
--   channel    text   where it is heard of
INSERT INTO register.job (question, arguments, horizon, scenario, wanted, status, is_refusal)
SELECT
    %(question)s,
    %(arguments)s::jsonb,
    %(horizon)s,
    %(scenario)s,
    %(wanted)s::jsonb,
    'accepted',
    FALSE
FROM pg_notify(%(channel)s, '')
RETURNING
    number, id, question, arguments, horizon, scenario, wanted, status, progress, message, is_refusal, attempts,
    created_at, started_at, updated_at, finished_at

-- name: one
-- Read a job.
--   id  uuid  its id
SELECT
    number,
    id,
    question,
    arguments,
    horizon,
    scenario,
    wanted,
    status,
    progress,
    message,
    is_refusal,
    attempts,
    created_at,
    started_at,
    updated_at,
    finished_at
FROM register.job
WHERE id = %(id)s

-- name: listed
-- Read jobs, the newest first.
--   questions  text[]                    of these questions; null for any
--   statuses   text[]                    of these statuses; null for any
--   since      timestamp with time zone  handed in then or later; null for any
--   until      timestamp with time zone  handed in then or earlier; null for any
--   least_s    double precision          worked on for so long or longer, in seconds; null for any
--   most_s     double precision          worked on for so long at most, in seconds; null for any
--   before     bigint                    handed in before the one of this number; null for the first page
--   most       integer                   so many at most
SELECT
    number,
    id,
    question,
    jsonb_build_object() AS arguments,
    horizon,
    scenario,
    wanted,
    status,
    progress,
    message,
    is_refusal,
    attempts,
    created_at,
    started_at,
    updated_at,
    finished_at
FROM register.job
WHERE
    (%(questions)s::text[] IS NULL OR question = ANY(%(questions)s::text[]))
    AND (%(statuses)s::text[] IS NULL OR status = ANY(%(statuses)s::text[]))
    AND (%(since)s::timestamptz IS NULL OR created_at >= %(since)s::timestamptz)
    AND (%(until)s::timestamptz IS NULL OR created_at <= %(until)s::timestamptz)
    AND (
        %(least_s)s::double precision IS NULL
        OR extract(EPOCH FROM coalesce(finished_at, clock_timestamp()) - started_at) >= %(least_s)s::double precision
    )
    AND (
        %(most_s)s::double precision IS NULL
        OR extract(EPOCH FROM coalesce(finished_at, clock_timestamp()) - started_at) <= %(most_s)s::double precision
    )
    AND (%(before)s::bigint IS NULL OR number < %(before)s::bigint)
ORDER BY number DESC
LIMIT %(most)s

-- name: result
-- Read what was found.
--   id  uuid  id of the job
SELECT result
FROM register.job
WHERE id = %(id)s

-- name: dismiss
-- Let go of a job and of its answer; who works on it finds out within a second.
--   id  uuid  id of the job
UPDATE register.job
SET
    status = 'dismissed',
    message = 'It was dismissed.',
    result = NULL,
    updated_at = clock_timestamp(),
    finished_at = coalesce(finished_at, clock_timestamp())
WHERE id = %(id)s AND status <> 'dismissed'
