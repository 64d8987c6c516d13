"""What a flat file of a delivery holds: the rows of its raw view, in columns that every engine reads.

Here: which files there must be, as paths and queries. A shape is `nested`, which keeps structs and lists, or
`text`, which has them as JSON text. Not here: writing them (staging.py).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from orchestration import building


@dataclass(frozen=True)
class File:
    """A flat file: whose rows, its path relative to the lake, their query, and what its source declares."""

    source: str
    delivery_id: str
    path: str
    select: str
    declared: str

    @property
    def fingerprint(self) -> str:
        """Of all that decides the file's rows but the delivery, whose bytes never change."""
        reader = (building.PROJECT / "macros" / "lake" / "raw_view.sql").read_text()
        return hashlib.sha256(f"{reader}\n{self.declared}\n{self.select}".encode()).hexdigest()[:16]


def wanted(connection: duckdb.DuckDBPyConnection, raw: str, sources: Mapping, shape: str) -> list[File]:
    """Every file that must be there: one for each current delivery with rows."""
    current = connection.execute(
        f"select distinct dataset, delivery_id from {raw}.delivery_files where format <> 'empty' "
        f"and delivery_id in (select delivery_id from {raw}.current_slices where is_current = 1) order by all"
    ).fetchall()
    columns = {name: _columns(source, shape) for name, source in sources.items()}
    return [
        File(
            name,
            delivery_id,
            f"flat/{shape}/{name}/delivery={delivery_id}/part-0.parquet",
            f"select {columns[name]} from {raw}.{name} where delivery_id = '{delivery_id}'",
            json.dumps([_typed(sources[name]), sources[name].meta], sort_keys=True),
        )
        for name, delivery_id in current
        if name in sources
    ]


def _columns(source, shape: str) -> str:
    """The select list of a source: lower-case names, types that every engine reads."""
    plain = [*source.meta.get("pack", {}), "delivery_id", "scope", "row_id"]
    return ", ".join(
        f"{value(name, kind, shape)} as {name.lower()}"
        for name, kind in [*_typed(source), *((name, "varchar") for name in plain)]
    )


def _typed(source) -> list[tuple[str, str]]:
    return [(column.name, str(column.data_type).lower()) for column in source.columns.values()]


def value(name: str, kind: str, shape: str) -> str:
    """A column of the raw schema as the files hold it; `kind` is its type in DuckDB's words, lower case."""
    quoted = '"' + name.replace('"', '""') + '"'
    if kind.startswith("timestamp"):
        # an instant: some engines read a Parquet time without a zone as another type than one in UTC
        return f"cast({quoted} as timestamptz)"
    if kind == "hugeint":
        return f"cast({quoted} as bigint)"  # a count; Parquet would make a float of it
    if kind == "json":
        return f"cast({quoted} as varchar)"
    if shape == "text" and re.match(r"(struct|map)\b|.*\]$", kind):
        return f"case when {quoted} is not null then cast(to_json({quoted}) as varchar) end"
    if kind.startswith("map"):
        # Parquet's own map needs an option on BigQuery; a list of its pairs does not
        return f"map_entries({quoted})"
    return quoted
