"""The bare limit: one hand-written statement from raw files to one Parquet file, in a process of its own.

Run as `python -m benchmarks.bare_limit PROVIDER OUT FILE...`; the statement is bare/PROVIDER.sql.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

STATEMENTS = Path(__file__).parent / "bare"


def main(provider: str, out: str, *files: str) -> None:
    """Write the FOCUS rows of ``files`` to ``out`` with DuckDB's two threads and the pipeline's settings."""
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'; set preserve_insertion_order = false; set threads = 2")
        connection.execute("set variable files = ?::varchar[]", [list(files)])
        select = (STATEMENTS / f"{provider}.sql").read_text()
        options = "format parquet, compression zstd, compression_level 1"
        connection.execute(f"copy (select * from ({select})) to '{out}' ({options})")


if __name__ == "__main__":
    main(*sys.argv[1:])
