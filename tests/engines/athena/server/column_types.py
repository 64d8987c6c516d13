"""The types of columns: as DuckDB has them, as Glue's catalog names them (Hive), and as Athena's results do (Trino)."""

from __future__ import annotations

import re
from typing import Any

from sqlglot import exp, parse_one

HIVE = {
    "BOOLEAN": "boolean",
    "TINYINT": "tinyint",
    "SMALLINT": "smallint",
    "INTEGER": "int",
    "BIGINT": "bigint",
    "HUGEINT": "bigint",
    "FLOAT": "float",
    "DOUBLE": "double",
    "VARCHAR": "string",
    "BLOB": "binary",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP_MS": "timestamp",
    "TIMESTAMP_S": "timestamp",
}
DUCKDB = {
    "boolean": "BOOLEAN",
    "tinyint": "TINYINT",
    "smallint": "SMALLINT",
    "int": "INTEGER",
    "integer": "INTEGER",
    "bigint": "BIGINT",
    "float": "FLOAT",
    "double": "DOUBLE",
    "string": "VARCHAR",
    "varchar": "VARCHAR",
    "char": "VARCHAR",
    "binary": "BLOB",
    "date": "DATE",
    # of the files that are no Iceberg table's Athena reads times to the millisecond
    "timestamp": "TIMESTAMP_MS",
}
RESULT = HIVE | {"VARCHAR": "varchar", "INTEGER": "integer", "BLOB": "varbinary", "FLOAT": "real", "JSON": "json"}


def hive_type(kind: Any) -> str | None:
    """Glue's name of a DuckDB type; none where Glue has none, as of a time with a zone."""
    name = str(kind.id).upper()
    if name == "DECIMAL":
        precision, scale = (value for _, value in kind.children)
        return f"decimal({precision},{scale})"
    if name in ("LIST", "MAP", "STRUCT"):
        parts = [(child, hive_type(inner)) for child, inner in kind.children]
        if any(inner is None for _, inner in parts):
            return None
        if name == "STRUCT":
            return f"struct<{','.join(f'{child}:{inner}' for child, inner in parts)}>"
        return f"{'array' if name == 'LIST' else 'map'}<{','.join(inner for _, inner in parts)}>"
    return HIVE.get(str(kind))


def result_type(kind: Any) -> str:
    """The Type of a column in ResultSetMetadata."""
    name = str(kind.id).upper()
    nested = {"DECIMAL": "decimal", "LIST": "array", "MAP": "map", "STRUCT": "row"}
    if name in nested:
        return nested[name]
    return RESULT.get(str(kind), "timestamp with time zone" if "ZONE" in str(kind) else "varchar")


def duckdb_type(hive: str) -> str:
    """The DuckDB type of a Hive type as a DDL statement or Glue writes it."""
    text = hive.strip().lower()
    if text.startswith("decimal"):
        return text.upper() if "(" in text else "DECIMAL(10, 0)"
    if match := re.fullmatch(r"array<(.*)>", text):
        return f"{duckdb_type(match[1])}[]"
    if match := re.fullmatch(r"map<(.*)>", text):
        return f"MAP({', '.join(duckdb_type(part) for part in _parts(match[1]))})"
    if match := re.fullmatch(r"struct<(.*)>", text):
        fields = (part.split(":", 1) for part in _parts(match[1]))
        return f"STRUCT({', '.join(f'{quoted(name.strip())} {duckdb_type(kind)}' for name, kind in fields)})"
    return DUCKDB[text.split("(")[0]]


def quoted(name: str) -> str:
    return exp.to_identifier(name, quoted=True).sql(dialect="duckdb")


def dml_type(hive: str) -> str:
    """A Hive type in Trino's words, as a view's definition holds it."""
    return parse_one(f"cast(null as {hive})", read="hive").to.sql(dialect="trino").lower()


def family(duckdb: str) -> str:
    """Types among which Trino casts by itself where a column is written; others need a cast."""
    name = duckdb.upper().split("(")[0]
    if name in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "DECIMAL", "FLOAT", "DOUBLE"):
        return "number"
    return "time" if name.startswith("TIMESTAMP") or name == "DATE" else name


def _parts(text: str) -> list[str]:
    """What stands between the commas outside of any brackets."""
    parts, depth = [""], 0
    for letter in text:
        depth += {"<": 1, "(": 1, ">": -1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts
