"""The configuration of the private PostGIS, measured out for this machine."""

from __future__ import annotations

import os
from pathlib import Path

_MB = 1024 * 1024
_CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - its size is looked at, nothing is written
_ENOUGH_SHARED_MEMORY = 512 * _MB
_SESSIONS = 100


def memory_bytes() -> int:
    """Return the memory this machine, or the container we are in, may use."""
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limits = (path.read_text(encoding="ascii").strip() for path in _CGROUP_LIMITS if path.exists())
    return min([physical, *(int(limit) for limit in limits if limit.isdigit())])


def configuration(*, sockets: Path, cluster_name: str) -> str:
    """Return the lines of the configuration file, one setting a line.

    The machine is shared with the programs that ask: one eighth of the memory is the server's own, half of it is what
    the planner may expect to find cached. Nothing here trades durability for speed.
    """
    memory_mb = memory_bytes() // _MB
    processors = os.cpu_count() or 1
    settings: dict[str, str | int] = {
        # Reached through the socket alone.
        "listen_addresses": "''",
        "unix_socket_directories": f"'{sockets}'",
        "unix_socket_permissions": "0700",
        "max_connections": _SESSIONS,
        "cluster_name": f"'{cluster_name}'",
        # Memory.
        "shared_buffers": f"{_between(memory_mb // 8, 32, 4096)}MB",
        "effective_cache_size": f"{_between(memory_mb // 2, 64, 65_536)}MB",
        "work_mem": f"{_between(memory_mb // 256, 4, 64)}MB",
        "maintenance_work_mem": f"{_between(memory_mb // 32, 32, 1024)}MB",
        "dynamic_shared_memory_type": "posix" if _has_shared_memory() else "mmap",
        # Planning: disks without moving parts, and statements too short for compiling them to pay.
        "jit": "off",
        "random_page_cost": "1.1",
        "max_parallel_workers": processors,
        "max_parallel_workers_per_gather": _between(processors // 2, 0, 4),
        # Writing: large deliveries, nobody who replicates.
        "wal_level": "minimal",
        "max_wal_senders": 0,
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        # The same words and days everywhere.
        "timezone": "'UTC'",
        "lc_messages": "'C'",
        "log_line_prefix": "'%m [%p] %d '",
    }
    return "".join(f"{name} = {value}\n" for name, value in settings.items())


def _has_shared_memory() -> bool:
    """Return whether parallel queries can share memory; containers often leave them 64 MB."""
    if not _SHARED_MEMORY.is_dir():
        return True  # not Linux, where it is no directory
    space = os.statvfs(_SHARED_MEMORY)
    return space.f_blocks * space.f_frsize >= _ENOUGH_SHARED_MEMORY


def _between(value: int, least: int, most: int) -> int:
    return max(least, min(value, most))
