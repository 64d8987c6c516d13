"""Blocks of raw rows and the files they become.

Belongs here: collecting columns, converting them to Arrow, writing Parquet and CSV deterministically, file
times. Does not: what any column means.
"""

import hashlib
import os
import uuid
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq


class Rows:
    """Rows in blocks of columns: scalars, numpy arrays or Arrow arrays; an absent column is null."""

    def __init__(self) -> None:
        self.blocks: list[tuple[int, dict]] = []

    def add(self, count: int, **columns) -> None:
        if count:
            self.blocks.append((count, columns))

    def table(self, schema: pa.Schema) -> pa.Table:
        tables = []
        for count, columns in self.blocks:
            unknown = set(columns) - set(schema.names)
            if unknown:
                raise KeyError(f"columns not in the schema: {sorted(unknown)}")
            arrays = [arrow(columns.get(f.name), count, f.type) for f in schema]
            tables.append(pa.Table.from_arrays(arrays, schema=schema))
        return pa.concat_tables(tables).combine_chunks()


def arrow(value, count: int, kind: pa.DataType) -> pa.Array:
    """A column of `count` values of an Arrow type from a scalar or an array; NaN in an array is null."""
    if value is None:
        return pa.nulls(count, kind)
    if isinstance(value, np.ndarray):
        value = pa.array(value, from_pandas=value.dtype.kind in "fO")
    if isinstance(value, pa.Array | pa.ChunkedArray):
        if len(value) != count:
            raise ValueError(f"{len(value)} values for {count} rows")
        return value if value.type == kind else pc.cast(value, kind, safe=False)
    return pa.array([value], kind).take(pa.array(np.zeros(count, dtype=np.int64)))


def pick(values, index: np.ndarray, kind: pa.DataType | None = None) -> pa.Array:
    """`values[index]` for a short list of anything Arrow holds (maps and structs too)."""
    kind = kind or pa.string()
    return pa.array(list(values), kind).take(pa.array(np.asarray(index, dtype=np.int64)))


def digest(*parts, size: int = 16) -> str:
    """A stable hexadecimal id of `2 * size` digits."""
    return hashlib.blake2b("|".join(map(str, parts)).encode(), digest_size=size).hexdigest()


def guid(*parts) -> str:
    return str(uuid.UUID(digest(*parts)))


def write_parquet(table: pa.Table, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, compression="snappy")


def write_csv(table: pa.Table, path: Path) -> None:
    """RFC 4180 CSV with a header; gzip when the name says so. Nulls become empty fields."""
    path.parent.mkdir(parents=True, exist_ok=True)
    options = pacsv.WriteOptions(quoting_style="needed", quoting_header="none")
    codec = "gzip" if path.suffix == ".gz" else None
    with pa.output_stream(path, compression=codec) as stream:
        pacsv.write_csv(table, stream, options)


def write_text(text: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def set_time(path: Path, when: np.datetime64) -> None:
    """File times are the export's, so that a landing that goes by them is repeatable."""
    seconds = when.astype("datetime64[s]").astype(int)
    os.utime(path, (seconds, seconds))
