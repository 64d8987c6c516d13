"""Glue's entries, which dbt reads and changes by itself, and the view in DuckDB that stands for each: made anew whenever
the entry, the files under it or a view beneath it have changed. What an entry may hold is for rules.py."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import duckdb
from column_types import dml_type, duckdb_type, family, quoted
from database import CATALOG, STORE
from errors import QueryFailed
from moto.core import DEFAULT_ACCOUNT_ID
from moto.glue.exceptions import DatabaseNotFoundException, TableNotFoundException
from moto.glue.models import glue_backends
from sqlglot import exp
from storage import Storage
from translation import corrected, duckdb_sql, parsed

Name = tuple[str, str]


class Catalog:
    def __init__(self, connection: duckdb.DuckDBPyConnection, storage: Storage, region: str) -> None:
        self.connection = connection
        self.storage = storage
        self.glue = glue_backends[DEFAULT_ACCOUNT_ID][region]
        self.shown: dict[Name, str] = {}
        self.views: dict[str, exp.Expression] = {}

    def entry(self, name: Name) -> dict[str, Any] | None:
        """Glue's current version of a table; none where there is none."""
        try:
            return self.glue.get_table(*name).as_dict()
        except (DatabaseNotFoundException, TableNotFoundException):
            return None

    def required(self, name: Name) -> dict[str, Any]:
        entry = self.entry(name)
        if entry is None:
            raise QueryFailed(f"TABLE_NOT_FOUND: Table '{CATALOG}.{name[0]}.{name[1]}' does not exist")
        return entry

    def put(self, name: Name, **table: Any) -> None:
        """Create a table's entry, or write its next version."""
        if name[0] not in self.glue.databases:
            raise QueryFailed(f"SCHEMA_NOT_FOUND: Schema '{name[0]}' does not exist")
        entry = {"Name": name[1], "PartitionKeys": [], "Parameters": {}, **table}
        if self.entry(name) is None:
            self.glue.create_table(*name, entry)
        else:
            self.glue.update_table(*name, entry)

    def put_view(self, name: Name, sql: str, columns: dict[str, str]) -> None:
        definition = {
            "originalSql": sql,
            "catalog": CATALOG,
            "schema": name[0],
            "columns": [{"name": column, "type": dml_type(kind)} for column, kind in columns.items()],
        }
        text = base64.b64encode(json.dumps(definition).encode()).decode()
        self.put(
            name,
            TableType="VIRTUAL_VIEW",
            Parameters={"presto_view": "true", "comment": "Presto View"},
            StorageDescriptor={"Columns": glue_columns(columns), "Location": ""},
            ViewOriginalText=f"/* Presto View: {text} */",
            ViewExpandedText="/* Presto View */",
        )

    def qualified(self, tree: exp.Expression, schema: str) -> exp.Expression:
        """A copy of a tree whose tables have all three parts of their name; those of a `with` stay as they are."""
        tree = tree.copy()
        shadows = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
        for table in tree.find_all(exp.Table):
            if not isinstance(table.this, exp.Identifier) or (not table.db and table.name.lower() in shadows):
                continue
            if table.catalog and table.catalog.lower() != CATALOG:
                raise QueryFailed(f"CATALOG_NOT_FOUND: Catalog '{table.catalog}' does not exist")
            parts = [table.name.lower(), (table.db or schema).lower(), CATALOG]
            for key, part in zip(("this", "db", "catalog"), parts, strict=True):
                table.set(key, exp.to_identifier(part, quoted=True))
        return tree

    def names(self, tree: exp.Expression) -> list[Name]:
        """The tables that a qualified tree reads or writes."""
        return [(table.db, table.name) for table in tree.find_all(exp.Table) if table.catalog == CATALOG]

    def show(self, name: Name) -> str:
        """Bring the view of an entry, and of all that it reads, up to date; returns its fingerprint."""
        entry = self.required(name)
        if entry.get("TableType") == "VIRTUAL_VIEW":
            mark, body = self._view(entry, name[0])
        else:
            mark, body = self._table(entry, name)
        mark = hashlib.md5(mark.encode()).hexdigest()
        if self.shown.get(name) != mark:
            self.connection.execute(f"create schema if not exists {CATALOG}.{quoted(name[0])}")
            self.connection.execute(
                f"create or replace view {CATALOG}.{quoted(name[0])}.{quoted(name[1])} as {body()}"
            )
            self.shown[name] = mark
        return mark

    def store_table(self, location: str) -> str:
        """Where the rows of the table at a location are kept."""
        return f"{STORE}.main.t{hashlib.md5(location.rstrip('/').encode()).hexdigest()}"

    def is_stored(self, location: str) -> bool:
        name = self.store_table(location).rsplit(".", 1)[-1]
        query = f"select 1 from duckdb_tables() where database_name = '{STORE}' and table_name = '{name}'"
        return self.connection.execute(query).fetchone() is not None

    def _view(self, entry: dict[str, Any], schema: str) -> tuple[str, Any]:
        text = entry["ViewOriginalText"]
        if text not in self.views:
            encoded = re.fullmatch(r"/\* Presto View: (.*) \*/", text)[1]
            self.views[text] = self.qualified(parsed(json.loads(base64.b64decode(encoded))["originalSql"]), schema)
        tree = self.views[text]
        below = [self.show(name) for name in self.names(tree)]
        return repr((text, below)), lambda: duckdb_sql(corrected(tree))

    def _table(self, entry: dict[str, Any], name: Name) -> tuple[str, Any]:
        descriptor = entry["StorageDescriptor"]
        location, columns = descriptor["Location"], descriptor["Columns"] + entry.get("PartitionKeys", [])
        if self.is_stored(location):
            if is_iceberg(entry) and not self.storage.keys(location):
                raise QueryFailed(f"ICEBERG_MISSING_METADATA: Metadata not found in metadata location for table {name[1]}")
            gone = "" if self.storage.keys(location) else " where false"
            return repr((location, columns, gone)), lambda: f"select * from {self.store_table(location)}{gone}"
        if is_iceberg(entry):
            raise QueryFailed(f"ICEBERG_MISSING_METADATA: no table was written at {location}")
        parts = self._parts(entry, name)
        return repr((columns, parts)), lambda: self._read(entry, parts)

    def _parts(self, entry: dict[str, Any], name: Name) -> list[tuple[list[str], list[Path]]]:
        """The values of each partition with its files; a table without partitions is one of no values."""
        if not entry.get("PartitionKeys"):
            return [([], self.storage.files(entry["StorageDescriptor"]["Location"]))]
        partitions = self.glue.get_partitions(*name, "")
        found = [p.as_dict() for p in partitions]
        return [(p["Values"], self.storage.files(p["StorageDescriptor"]["Location"])) for p in found]

    def _read(self, entry: dict[str, Any], parts: list[tuple[list[str], list[Path]]]) -> str:
        columns = {c["Name"]: duckdb_type(c["Type"]) for c in entry["StorageDescriptor"]["Columns"]}
        keys = {c["Name"]: duckdb_type(c["Type"]) for c in entry.get("PartitionKeys", [])}
        selects = [
            self._select(entry, columns, dict(zip(keys.items(), values, strict=True)), files)
            for values, files in parts
            if files
        ]
        if selects:
            return " union all ".join(selects)
        nothing = (f"cast(null as {kind}) as {quoted(column)}" for column, kind in (columns | keys).items())
        return f"select {', '.join(nothing)} where false"

    def _select(
        self, entry: dict[str, Any], columns: dict[str, str], values: dict[tuple[str, str], str], files: list[Path]
    ) -> str:
        listed = ", ".join(f"'{path}'" for path in files)
        if "OpenCSVSerde" in entry["StorageDescriptor"]["SerdeInfo"]["SerializationLibrary"]:
            named = ", ".join(f"'{column}': 'VARCHAR'" for column in columns)
            skipped = entry["Parameters"].get("skip.header.line.count", "0")
            source = f"read_csv([{listed}], header = false, skip = {skipped}, columns = {{{named}}}, nullstr = '\\N', delim = ',', quote = '\"', escape = '\"', auto_detect = false)"
            held = dict.fromkeys(columns, "VARCHAR")
        else:
            source = f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
            held = {row[0].lower(): row[1] for row in self.connection.execute(f"describe from {source}").fetchall()}
        selected = []
        for column, kind in columns.items():
            if column in held and not fits(held[column], kind):
                raise QueryFailed(f"HIVE_BAD_DATA: Field {column}'s type {held[column]} in parquet file is incompatible with type {kind} defined in table schema")
            value = quoted(column) if column in held else "null"
            selected.append(f"cast({value} as {kind}) as {quoted(column)}")
        for (column, kind), value in values.items():
            selected.append(f"cast('{value}' as {kind}) as {quoted(column)}")
        return f"select {', '.join(selected)} from {source}"


def fits(held: str, declared: str) -> bool:
    """Whether Athena reads a Parquet column of one type as another."""
    if held.split("(")[0] in ("DECIMAL", "DOUBLE", "FLOAT") or declared.split("(")[0] in ("DECIMAL", "DOUBLE", "FLOAT"):
        return held == declared
    return family(held) == family(declared) or any(sign in declared for sign in "([")


def glue_columns(columns: dict[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Type": kind} for name, kind in columns.items()]


def is_iceberg(entry: dict[str, Any]) -> bool:
    return entry.get("Parameters", {}).get("table_type", "").upper() == "ICEBERG"
