"""Where a lake keeps what tables of intelligence held when they were last made.

Here: their paths, and files without rows for tables that were not made yet, so that a warehouse always has a
file to read. Not here: making them (computing.py), and what reads them (macros/lake).
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.lake_files import LakeFiles

FOLDER = "history"


def path(table: str, shape: str | None) -> str:
    """Relative to the lake. The engines of a shape (staging.py) share theirs, as they share the flat files;
    DuckDB, of no shape, has its own.
    """
    return "/".join(filter(None, [FOLDER, shape, table, "rows.parquet"]))


def write(lake: LakeFiles, table: str, shape: str | None, rows: pa.Table) -> int:
    """Put the rows in the place of those that the table held before, whole; the file's bytes."""
    with lake.writing(path(table, shape)) as unfinished:
        # a list's and a text's width and the engine's own notes are nothing that a warehouse should meet
        pq.write_table(rows, unfinished, compression="zstd", store_schema=False)
        size = Path(unfinished).stat().st_size
    return size


def ensure(lake: LakeFiles, shape: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Every table with its path, and the paths that were not there and now are, without rows."""
    from intelligence import tables  # it brings in all of intelligence, which few commands need

    held = set(lake.names(f"{FOLDER}/{shape}"))
    listed = [(table, path(table, shape)) for table in tables.COLUMNS]
    missing = [(table, place) for table, place in listed if place not in held]
    for table, _ in missing:
        write(lake, table, shape, tables.schema(table).empty_table())
    return listed, [place for _, place in missing]
