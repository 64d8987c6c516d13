"""One statement of Athena's SQL, from its text to its outcome: which kind it is, what it reads and writes."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any

import ddl
import duckdb
import rules
from catalog import Catalog, Name, glue_columns, is_iceberg
from column_types import quoted, result_type
from database import open_database
from errors import QueryFailed
from results import Outcome
from sqlglot import exp
from storage import Storage
from translation import corrected, duckdb_sql, parsed, strict


class Engine:
    """Statements run one after another: `lock` is held for each. Times of waiting are so those of a slow service."""

    def __init__(self, folder: Path, region: str) -> None:
        self.connection = open_database(folder)
        self.storage = Storage(folder / "objects")
        self.catalog = Catalog(self.connection, self.storage, region)
        self.lock = threading.Lock()

    def run(self, sql: str, schema: str) -> Outcome:
        """The outcome of a statement; raises QueryFailed in Athena's words, or in DuckDB's where it has none."""
        text = re.sub(r"^(\s*(--[^\n]*\n|/\*.*?\*/))*\s*", "", sql, flags=re.S)
        with self.lock:
            try:
                if ddl.HIVE_DDL.match(text):
                    return Outcome("DDL", ddl.run(self.catalog, text, schema))
                if re.match(r"(optimize|vacuum)\s", text, re.I):
                    return Outcome("DML", text.split()[0].upper())
                return self._run(parsed(text), text, schema)
            except duckdb.Error as error:
                raise QueryFailed(f"GENERIC_USER_ERROR: {error}") from error

    def _run(self, tree: exp.Expression, text: str, schema: str) -> Outcome:
        if isinstance(tree, exp.Create):
            if tree.kind == "VIEW":
                return self._create_view(tree, text, schema)
            return self._create_table_as(tree, schema)
        if isinstance(tree, exp.Insert):
            return self._insert(tree, schema)
        if isinstance(tree, exp.Merge):
            return self._merge(tree, schema)
        if isinstance(tree, (exp.Update, exp.Delete)):
            return self._change(tree, schema)
        if isinstance(tree, exp.Query) or isinstance(tree, exp.Values):
            return self._select(tree, schema)
        raise QueryFailed(f"NOT_SUPPORTED: {text[:60]}")

    def _ready(self, tree: exp.Expression, schema: str) -> exp.Expression:
        """A query that DuckDB can run: its tables shown, its meaning Trino's, its comparisons such as Trino makes."""
        tree = self.catalog.qualified(tree, schema)
        for name in self.catalog.names(tree):
            self.catalog.show(name)
        tree = corrected(tree)
        self._described(duckdb_sql(strict(tree)), "TYPE_MISMATCH: ")
        return tree

    def _described(self, query: str, blame: str = "") -> dict[str, Any]:
        try:
            description = self.connection.execute(f"select * from ({query}) limit 0").description
        except duckdb.Error as error:
            raise QueryFailed(f"{blame}{error}") from error
        return {name: kind for name, kind, *_ in description}

    def _select(self, tree: exp.Expression, schema: str) -> Outcome:
        result = self.connection.execute(duckdb_sql(self._ready(tree, schema)))
        names = [
            name if isinstance(projection, (exp.Alias, exp.Column, exp.Dot)) else f"_col{place}"
            for place, (name, projection) in enumerate(_projections(tree, result.description))
        ]
        kinds = [kind for _, kind, *_ in result.description]
        columns = [(name.lower(), result_type(kind)) for name, kind in zip(names, kinds, strict=True)]
        return Outcome("DML", "SELECT", columns, [str(kind) for kind in kinds], result.fetchall())

    def _create_view(self, tree: exp.Create, text: str, schema: str) -> Outcome:
        name = _name(tree.this, schema)
        entry = self.catalog.entry(name)
        if entry is not None and entry["TableType"] != "VIRTUAL_VIEW":
            raise QueryFailed(f"TABLE_ALREADY_EXISTS: Table already exists: {name[0]}.{name[1]}")
        if entry is not None and not tree.args.get("replace"):
            raise QueryFailed(f"TABLE_ALREADY_EXISTS: View already exists: {name[0]}.{name[1]}")
        rules.check_names(tree.expression)
        columns = self._described(duckdb_sql(self._ready(tree.expression, schema)))
        kinds = rules.check_columns({c.lower(): kind for c, kind in columns.items()}, False, view=True)
        body = re.match(r"create\s+(?:or\s+replace\s+)?view\s+\S+\s+as\s+(.*?);?\s*$", text, re.I | re.S)
        self.catalog.put_view(name, body[1] if body else tree.expression.sql(dialect="trino"), kinds)
        return Outcome("DDL", "CREATE_VIEW")

    def _create_table_as(self, tree: exp.Create, schema: str) -> Outcome:
        name = _name(tree.this, schema)
        properties = _properties(tree)
        rules.check_properties(properties)
        iceberg = str(properties.get("table_type", "hive")).lower() == "iceberg"
        if self.catalog.entry(name) is not None:
            if tree.args.get("exists"):
                return Outcome("DDL", "CREATE_TABLE_AS_SELECT")
            raise QueryFailed(f"TABLE_ALREADY_EXISTS: Destination table {name[1]} already exists")
        location = str(properties.get("location" if iceberg else "external_location", "")).rstrip("/")
        self._check_location(location)
        rules.check_names(tree.expression)
        query = self._ready(tree.expression, schema)
        columns = {c.lower(): kind for c, kind in self._described(duckdb_sql(query)).items()}
        kinds = rules.check_columns(columns, iceberg)
        spec = properties.get("partitioning" if iceberg else "partitioned_by") or []
        if not iceberg and spec and list(kinds)[-len(spec) :] != spec:
            raise QueryFailed(f"HIVE_COLUMN_ORDER_MISMATCH: Partition keys must be the last columns: {spec}")
        count = self._store(location, query, columns, spec, iceberg)
        parameters = {"table_type": "ICEBERG"} if iceberg else {"EXTERNAL": "TRUE", "classification": "parquet"}
        keys = [] if iceberg else spec
        self.catalog.put(
            name,
            TableType="EXTERNAL_TABLE",
            Parameters=parameters | {"stand_in_partitioning": ";".join(spec)},
            PartitionKeys=glue_columns({c: kinds[c] for c in keys}),
            StorageDescriptor={
                "Columns": glue_columns({c: kind for c, kind in kinds.items() if c not in keys}),
                "Location": location,
                "SerdeInfo": {"SerializationLibrary": "parquet"},
            },
        )
        return Outcome("DDL", "CREATE_TABLE_AS_SELECT", update_count=count)

    def _check_location(self, location: str) -> None:
        if not location.startswith("s3://") or not self.storage.has_bucket(location):
            raise QueryFailed(f"INVALID_TABLE_PROPERTY: no bucket for location '{location}'")
        if self.storage.files(location) or self.storage.keys(location):
            raise QueryFailed(f"HIVE_PATH_ALREADY_EXISTS: Target directory for table '{location}' already exists")

    def _store(self, location: str, query: exp.Expression, columns: dict, spec: list[str], iceberg: bool) -> int:
        table = self.catalog.store_table(location)
        listed = ", ".join(
            f"cast({quoted(c)} as bigint) as {quoted(c)}" if str(kind) == "HUGEINT" else quoted(c)
            for c, kind in columns.items()
        )
        self.connection.execute(f"create or replace table {table} as select {listed} from ({duckdb_sql(query)})")
        try:
            rules.check_partitions(self.connection, spec, table, iceberg)
        except QueryFailed:
            self.connection.execute(f"drop table {table}")
            raise
        self.storage.mark(location)
        return self.connection.execute(f"select count(*) from {table}").fetchone()[0]

    def _target(self, name: Name, changes: bool) -> tuple[str, dict[str, Any]]:
        """The stored table that a statement writes, with Glue's entry of it."""
        entry = self.catalog.required(name)
        if entry["TableType"] == "VIRTUAL_VIEW":
            raise QueryFailed(f"NOT_SUPPORTED: {name[1]} is a view")
        if changes and not is_iceberg(entry):
            raise QueryFailed("NOT_SUPPORTED: Modifying Hive table rows is only supported for transactional tables")
        location = entry["StorageDescriptor"]["Location"]
        if not self.catalog.is_stored(location):
            raise QueryFailed("NOT_SUPPORTED: the stand-in writes to no table over files")
        return self.catalog.store_table(location), entry

    def _insert(self, tree: exp.Insert, schema: str) -> Outcome:
        into = tree.this
        table = into.this if isinstance(into, exp.Schema) else into
        name = _name(table, schema)
        target, entry = self._target(name, changes=False)
        held = {c: str(kind) for c, kind in self._described(f"from {target}").items()}
        named = [c.name.lower() for c in into.expressions] if isinstance(into, exp.Schema) else list(held)
        query = self._ready(tree.expression, schema)
        given = [(c, str(kind)) for c, kind in self._described(duckdb_sql(query)).items()]
        if len(given) != len(named) or set(named) - set(held):
            raise QueryFailed(f"TYPE_MISMATCH: Insert query has {len(given)} columns for {len(named)} of the table")
        rules.check_types(given, {c: held[c] for c in named})
        listed = ", ".join(map(quoted, named))
        source = f"(select * from ({duckdb_sql(query)}) as rows_({listed}))"
        rules.check_partitions(self.connection, _spec(entry), source, is_iceberg(entry))
        count = self.connection.execute(f"insert into {target} ({listed}) {source}").fetchone()[0]
        return Outcome("DML", "INSERT", [("rows", "bigint")], ["BIGINT"], update_count=count)

    def _merge(self, tree: exp.Merge, schema: str) -> Outcome:
        rules.check_merge(tree)
        name = _name(tree.this, schema)
        target, entry = self._target(name, changes=True)
        tree = self.catalog.qualified(tree, schema)
        tree.this.set("alias", tree.this.args.get("alias") or exp.TableAlias(this=exp.to_identifier(name[1])))
        for read in self.catalog.names(tree):
            self.catalog.show(read)
        tree = corrected(tree)
        alias = tree.this.alias
        _put_in(tree.this, target)
        source, condition = duckdb_sql(tree.args["using"]), duckdb_sql(tree.args["on"])
        given = self._described(f"select {_alias(tree.args['using'])}.* from {source}")
        spec = [part for part in _spec(entry) if re.findall(r"\w+", part)[-1] in given or part in given]
        rules.check_partitions(self.connection, spec, source, True)
        if any(when.args.get("matched") for when in tree.find_all(exp.When)):
            query = f"select 1 from {target} as {quoted(alias)} join {source} on {condition} group by {quoted(alias)}.rowid having count(*) > 1 limit 1"
            if self.connection.execute(query).fetchone():
                raise QueryFailed("MERGE_TARGET_ROW_MULTIPLE_MATCHES: One MERGE target table row matched more than one source row")
        count = self.connection.execute(duckdb_sql(tree)).fetchone()[0]
        return Outcome("DML", "MERGE", [("rows", "bigint")], ["BIGINT"], update_count=count)

    def _change(self, tree: exp.Update | exp.Delete, schema: str) -> Outcome:
        name = _name(tree.this, schema)
        target, _ = self._target(name, changes=True)
        tree = self.catalog.qualified(tree, schema)
        for read in self.catalog.names(tree):
            self.catalog.show(read)
        tree = corrected(tree)
        tree.this.set("alias", tree.this.args.get("alias") or exp.TableAlias(this=exp.to_identifier(name[1])))
        _put_in(tree.this, target)
        count = self.connection.execute(duckdb_sql(tree)).fetchone()[0]
        kind = type(tree).__name__.upper()
        return Outcome("DML", kind, [("rows", "bigint")], ["BIGINT"], update_count=count)


def _projections(tree: exp.Expression, description: list) -> list[tuple[str, exp.Expression]]:
    """Each column's name with the expression that made it; a star's columns have their own names."""
    names = [name for name, *_ in description]
    selects = tree.selects if isinstance(tree, exp.Query) else []
    if len(selects) != len(names) or any(select.is_star for select in selects):
        selects = [exp.column(name) for name in names]
    return list(zip(names, selects, strict=True))


def _properties(tree: exp.Create) -> dict[str, Any]:
    """The properties of a CREATE TABLE AS by name: texts, or lists of texts."""
    found: dict[str, Any] = {}
    named = {exp.FileFormatProperty: "format", exp.LocationProperty: "location", exp.PartitionedByProperty: "partitioned_by"}
    for item in tree.args["properties"].expressions if tree.args.get("properties") else []:
        if type(item) in named:
            name, value = named[type(item)], item.this
        else:
            name, value = item.name.lower(), item.args["value"]
        found[name] = [part.name for part in value.expressions] if value.expressions else value.name
        if isinstance(value, exp.Boolean):
            found[name] = str(value.this).lower()
    return found


def _put_in(table: exp.Table, target: str) -> None:
    """Write a stored table where a statement names one of the catalog; its alias stays."""
    for key, part in zip(("catalog", "db", "this"), target.split("."), strict=True):
        table.set(key, exp.to_identifier(part))


def _spec(entry: dict[str, Any]) -> list[str]:
    return [part for part in entry["Parameters"].get("stand_in_partitioning", "").split(";") if part]


def _alias(source: exp.Expression) -> str:
    return quoted(source.alias_or_name)


def _name(table: exp.Expression, schema: str) -> Name:
    return ((table.db or schema).lower(), table.name.lower())
