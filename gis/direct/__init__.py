"""Asking the database in few steps: connections that are asked directly, and the pool that lends them."""

from gis.direct.connection import DirectConnection, Values
from gis.direct.pool import AwayError, DirectPool

__all__ = ["AwayError", "DirectConnection", "DirectPool", "Values"]
