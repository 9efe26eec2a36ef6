-- name: register
-- Read the register of plans, the latest decision first.
SELECT
    code,
    name,
    plan_level,
    plan_system,
    status,
    scale_denominator,
    decision_number,
    decision_date
FROM plan
ORDER BY decision_date DESC NULLS LAST, code
LIMIT 1000
