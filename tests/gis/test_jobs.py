"""What becomes of jobs in the register."""

from __future__ import annotations

import psycopg

from gis.jobs.taking import clear

WRITE = """
    INSERT INTO register.job
        (question, arguments, horizon, scenario, wanted, status, is_refusal, created_at, finished_at)
    VALUES ('x', '{}', 'existing', 'baseline', '{}', %(status)s, FALSE, now() - %(ago)s, now() - %(ago)s)
"""


def test_jobs_are_forgotten_some_days_after_their_end(database_url: str):
    with psycopg.connect(database_url, autocommit=True) as connection:
        for ago, status in (("8 days", "failed"), ("6 days", "failed"), ("8 days", "accepted")):
            connection.execute(WRITE.replace("%(ago)s", "%(ago)s::interval"), {"ago": ago, "status": status})
        assert clear(connection, days=7) == 1
        assert clear(connection, days=7) == 0
