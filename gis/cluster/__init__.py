"""The private PostGIS: found, initialised, started, stopped; or the one that QUYHOACH_DATABASE_URL names, checked."""

from gis.cluster.private import database
from gis.cluster.status import Status, status

__all__ = ["Status", "database", "status"]
