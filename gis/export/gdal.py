"""A process of its own that writes with GDAL what it reads from its standard input.

GDAL keeps the interpreter to itself while it writes; beside it the next rows are read from the database. Run as a
file by `gis.export.vector`: the first line of the input is a JSON object of arguments, the rest an Arrow stream. The
answer on standard output is a JSON object: the features written and, where the format tells, those found in the file;
or the error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from io import IOBase
from typing import Any, cast  # arguments of pyogrio, as JSON

# pyogrio loads these two where they are installed, which takes longer than many an export; nothing here needs them.
sys.modules.update({"geopandas": None, "pandas": None})  # pyright: ignore[reportArgumentType, reportCallIssue]

import pyarrow as pa  # noqa: E402
import pyogrio  # noqa: E402


class _Counted:
    """A stream of batches that knows how many features went by."""

    def __init__(self, reader: pa.RecordBatchStreamReader) -> None:
        self._reader = reader
        self.rows = 0

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        counted = pa.RecordBatchReader.from_batches(self._reader.schema, self._batches())
        return counted.__arrow_c_stream__(requested_schema)

    def _batches(self) -> Iterator[pa.RecordBatch]:
        for batch in self._reader:
            self.rows += batch.num_rows
            yield batch


def main() -> None:
    """Write one file and answer."""
    arguments: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    counts_itself: bool = arguments.pop("counts_itself")
    with pa.ipc.open_stream(cast("IOBase", sys.stdin.buffer)) as reader:
        counted = _Counted(reader)
        try:
            pyogrio.write_arrow(counted, **arguments)
        except (RuntimeError, ValueError, OSError) as error:
            sys.stdout.write(json.dumps({"error": str(error)}))
            sys.exit(1)
    found = pyogrio.read_info(arguments["path"])["features"] if counts_itself else None
    sys.stdout.write(json.dumps({"rows": counted.rows, "found": found}))


if __name__ == "__main__":
    main()
