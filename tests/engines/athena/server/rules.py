"""What Athena refuses and DuckDB would not: each rule raises QueryFailed in Athena's words as far as they are known."""

from __future__ import annotations

import re
from typing import Any

import duckdb
from column_types import family, hive_type
from errors import QueryFailed
from sqlglot import exp

LONGEST_QUERY = 262_144
OPEN_PARTITIONS = 100
HIVE_PROPERTIES = {
    "table_type",
    "is_external",
    "external_location",
    "format",
    "partitioned_by",
    "bucketed_by",
    "bucket_count",
    "field_delimiter",
    "write_compression",
    "orc_compression",
    "parquet_compression",
}
ICEBERG_PROPERTIES = {
    "table_type",
    "is_external",
    "location",
    "format",
    "partitioning",
    "write_compression",
    "compression_level",
    "optimize_rewrite_delete_file_threshold",
    "optimize_rewrite_data_file_threshold",
    "optimize_rewrite_max_data_file_size_bytes",
    "optimize_rewrite_min_data_file_size_bytes",
    "vacuum_max_metadata_files_to_keep",
    "vacuum_max_snapshot_age_seconds",
    "vacuum_min_snapshots_to_keep",
}
TRANSFORM = re.compile(r"(?:(year|month|day|hour)\(\s*(\w+)\s*\)|(bucket|truncate)\(\s*(\w+)\s*,\s*(\d+)\s*\)|(\w+))")


def check_length(sql: str) -> None:
    if len(sql.encode()) > LONGEST_QUERY:
        raise QueryFailed(f"InvalidRequestException: the query is longer than {LONGEST_QUERY} bytes")


def check_properties(properties: dict[str, Any]) -> None:
    """The properties of a CREATE TABLE AS, each known and none missing for its kind of table."""
    kind = str(properties.get("table_type", "hive")).lower()
    if kind not in ("hive", "iceberg"):
        raise QueryFailed(f"INVALID_TABLE_PROPERTY: table_type {kind}")
    unknown = set(properties) - (ICEBERG_PROPERTIES if kind == "iceberg" else HIVE_PROPERTIES)
    if unknown:
        raise QueryFailed(f"INVALID_TABLE_PROPERTY: {', '.join(sorted(unknown))} on a table of type {kind}")
    if kind == "iceberg" and str(properties.get("is_external", "true")).lower() != "false":
        raise QueryFailed("INVALID_TABLE_PROPERTY: An Iceberg table needs is_external = false")
    if kind == "iceberg" and not properties.get("location"):
        raise QueryFailed("INVALID_TABLE_PROPERTY: An Iceberg table needs a location")
    if kind == "iceberg" and str(properties.get("format", "parquet")).lower() not in ("parquet", "orc", "avro"):
        raise QueryFailed(f"INVALID_TABLE_PROPERTY: format {properties['format']}")


def check_columns(columns: dict[str, Any], iceberg: bool, view: bool = False) -> dict[str, str]:
    """The Hive types of a new table's or view's columns, of DuckDB types by name."""
    found = {}
    for name, kind in columns.items():
        hive = hive_type(kind)
        if hive is None:
            raise QueryFailed(f"NOT_SUPPORTED: Unsupported Hive type: {str(kind).lower()}; column name: {name}")
        if not view:
            _check_precision(name, str(kind), iceberg)
        found[name] = hive
    return found


def _check_precision(name: str, kind: str, iceberg: bool) -> None:
    if iceberg and re.search("TIMESTAMP_", kind):
        precision = 0 if "TIMESTAMP_S" in kind else 3
        raise QueryFailed(f'NOT_SUPPORTED: Timestamp precision ({precision}) not supported for Iceberg. Use "timestamp(6)" instead. Column: {name}')
    if not iceberg and re.search(r"TIMESTAMP(?!_)", kind):
        raise QueryFailed(f"NOT_SUPPORTED: Incorrect timestamp precision for timestamp(6); the configured precision is MILLISECONDS; column name: {name}")


def check_names(query: exp.Query) -> None:
    """Every column of a new table or view has a name, and only one."""
    names = [projection.alias_or_name.lower() for projection in query.selects]
    if "" in names:
        raise QueryFailed(f"MISSING_COLUMN_NAME: Column name not specified at position {names.index('') + 1}")
    twice = {name for name in names if names.count(name) > 1 and name != "*"}
    if twice:
        raise QueryFailed(f"DUPLICATE_COLUMN_NAME: Column name '{sorted(twice)[0]}' specified more than once")


def check_types(given: list[tuple[str, str]], wanted: dict[str, str]) -> None:
    """The columns written to a table: none needs a cast that Trino leaves to the query."""
    for (_, kind), (name, target) in zip(given, wanted.items(), strict=True):
        if kind != '"NULL"' and family(kind) != family(target):
            raise QueryFailed(f"TYPE_MISMATCH: Insert query has mismatched column types: {kind} for {name} {target}")


def check_merge(merge: exp.Merge) -> None:
    for when in merge.find_all(exp.When):
        if when.args.get("source"):
            raise QueryFailed("SYNTAX_ERROR: mismatched input 'BY': MERGE has no WHEN NOT MATCHED BY SOURCE")
        then = when.args["then"]
        if isinstance(then, exp.Update):
            for assignment in then.expressions:
                if isinstance(assignment, exp.EQ) and assignment.this.args.get("table"):
                    raise QueryFailed("SYNTAX_ERROR: mismatched input '.': a column that is set has no table before it")


def partition_expressions(spec: list[str]) -> list[str]:
    """Of the elements of partitioning or partitioned_by, DuckDB expressions of the partition's value."""
    found = []
    for element in spec:
        match = TRANSFORM.fullmatch(element.strip().lower())
        if not match:
            raise QueryFailed(f"INVALID_TABLE_PROPERTY: Unable to parse partitioning value {element}")
        unit, timed, kind, hashed, number, column = match.groups()
        if unit:
            found.append(f"date_trunc('{unit}', {timed})")
        elif kind:
            found.append(f"hash({hashed}) % {number}" if kind == "bucket" else f"left({hashed}, {number})")
        else:
            found.append(column)
    return found


def check_partitions(connection: duckdb.DuckDBPyConnection, spec: list[str], source: str, iceberg: bool) -> None:
    """At most a hundred partitions are written by one statement; `source` is a relation of the rows to write."""
    if not spec:
        return
    values = ", ".join(partition_expressions(spec))
    count = connection.execute(f"select count(*) from (select distinct {values} from {source})").fetchone()[0]
    if count > OPEN_PARTITIONS:
        code = "ICEBERG_TOO_MANY_OPEN_PARTITIONS" if iceberg else "HIVE_TOO_MANY_OPEN_PARTITIONS"
        raise QueryFailed(f"{code}: Exceeded limit of {OPEN_PARTITIONS} open writers for partitions/buckets")
