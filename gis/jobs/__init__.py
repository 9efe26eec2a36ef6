"""Questions that are answered later: kept in the register, worked on beside the service, their answers kept."""

from gis.jobs.job import Job, JobError, NoJobError, QueueFullError, ResultError, Status

__all__ = ["Job", "JobError", "NoJobError", "QueueFullError", "ResultError", "Status"]
