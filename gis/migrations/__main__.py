"""Write the migration from the newest revision to the declarations: `python -m gis.migrations "what changes"`."""

from __future__ import annotations

import sys

from gis import migrations
from gis.migrations import running
from gis.opening import opened_database


def main() -> None:
    """Write the migration and say where it stands."""
    message = " ".join(sys.argv[1:])
    if not message:
        sys.exit('say in words what changes: python -m gis.migrations "add street trees"')
    with opened_database() as url:
        number = f"{int(migrations.head()) + 1:04d}"
        running.write_revision(url, message, number=number)


if __name__ == "__main__":
    main()
