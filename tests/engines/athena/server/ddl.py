"""Athena's Hive DDL: databases, external and empty Iceberg tables, partitions, names. Statements that read rows are for
execution.py."""

from __future__ import annotations

import re
from typing import Any

from catalog import Catalog, Name, glue_columns, is_iceberg
from column_types import duckdb_type, quoted
from errors import QueryFailed
from sqlglot import ErrorLevel, exp, parse_one
from sqlglot.errors import ParseError

HIVE_DDL = re.compile(
    r"\s*(create\s+(external\s+table|schema|database)|create\s+table\s+(if\s+not\s+exists\s+)?\S+\s*\(|drop\s|alter\s|msck\s)",
    re.I,
)
PARTITION = re.compile(r"partition\s*\((.*?)\)\s*(?:location\s*'([^']*)')?", re.I | re.S)
PAIR = re.compile(r"[`\"]?(\w+)[`\"]?\s*=\s*(?:date\s*)?'?([^',]*)'?", re.I)


def run(catalog: Catalog, sql: str, schema: str) -> str:
    """Carry out one DDL statement; returns its substatement type."""
    text = sql.strip().rstrip(";")
    if match := re.fullmatch(r"alter\s+table\s+(\S+)\s+(add|drop)\s+(?:if\s+(?:not\s+)?exists\s+)?(partition.*)", text, re.I | re.S):
        return _partitions(catalog, _split(match[1], schema), match[2].lower(), match[3])
    if match := re.fullmatch(r"alter\s+table\s+(\S+)\s+set\s+tblproperties\s*\((.*)\)", text, re.I | re.S):
        entry = catalog.required(_split(match[1], schema))
        parameters = entry["Parameters"] | dict(re.findall(r"'([^']*)'\s*=\s*'([^']*)'", match[2]))
        catalog.put(_split(match[1], schema), **_kept(entry) | {"Parameters": parameters})
        return "ALTER_TABLE_SET_PROPERTIES"
    if re.match(r"msck\s", text, re.I):
        raise QueryFailed("NOT_SUPPORTED: the stand-in adds partitions by ALTER TABLE ADD PARTITION alone")
    try:
        tree = parse_one(text, read="hive", error_level=ErrorLevel.RAISE)
    except ParseError as error:
        raise QueryFailed(f"FAILED: ParseException {error}") from error
    if isinstance(tree, exp.Create):
        return _create(catalog, tree, schema)
    if isinstance(tree, exp.Drop):
        return _drop(catalog, tree, schema)
    if isinstance(tree, exp.Alter):
        return _alter(catalog, tree, schema)
    raise QueryFailed(f"NOT_SUPPORTED: {text[:60]}")


def _create(catalog: Catalog, tree: exp.Create, schema: str) -> str:
    databases = catalog.glue.databases
    if tree.kind in ("SCHEMA", "DATABASE"):
        name = tree.this.db.lower() if tree.this.db else tree.this.name.lower()
        if name not in databases:
            catalog.glue.create_database(name, {"Name": name})
        elif not tree.args.get("exists"):
            raise QueryFailed(f"SCHEMA_ALREADY_EXISTS: {name}")
        return "CREATE_DATABASE"
    external = "EXTERNAL" in tree.sql(dialect="hive").upper().split()[:2]
    name = _name(tree.this.this, schema)
    if catalog.entry(name) is not None:
        if tree.args.get("exists"):
            return "CREATE_TABLE"
        raise QueryFailed(f"FAILED: Execution Error: AlreadyExistsException(message:Table {name[1]} already exists.)")
    found = _properties(tree)
    columns = {column.name.lower(): _hive(column) for column in tree.this.expressions}
    parameters = found.get("parameters", {})
    iceberg = parameters.get("table_type", "").upper() == "ICEBERG"
    if not found.get("location") or not catalog.storage.has_bucket(found["location"]):
        raise QueryFailed(f"FAILED: no bucket for location {found.get('location')}")
    if iceberg == external:
        raise QueryFailed("FAILED: a table that is not EXTERNAL must be of table_type ICEBERG, and the other way round")
    descriptor = {"Location": found["location"].rstrip("/"), "SerdeInfo": {"SerializationLibrary": found["serde"]}}
    if iceberg:
        _create_iceberg(catalog, found["location"], columns)
        parameters |= {"table_type": "ICEBERG", "stand_in_partitioning": ";".join(found["partitions"])}
        keys = {}
    else:
        keys = found["partitions"]
    catalog.put(
        name,
        TableType="EXTERNAL_TABLE",
        Parameters={"EXTERNAL": "TRUE", **parameters},
        PartitionKeys=glue_columns(keys),
        StorageDescriptor=descriptor | {"Columns": glue_columns(columns)},
    )
    return "CREATE_TABLE"


def _create_iceberg(catalog: Catalog, location: str, columns: dict[str, str]) -> None:
    # an Iceberg table keeps times to the microsecond
    kinds = {name: duckdb_type(kind).replace("TIMESTAMP_MS", "TIMESTAMP") for name, kind in columns.items()}
    listed = ", ".join(f"{quoted(name)} {kind}" for name, kind in kinds.items())
    catalog.connection.execute(f"create or replace table {catalog.store_table(location)} ({listed})")
    catalog.storage.mark(location)


def _properties(tree: exp.Create) -> dict[str, Any]:
    found: dict[str, Any] = {"parameters": {}, "partitions": {}, "serde": "parquet"}
    for item in tree.args["properties"].expressions if tree.args.get("properties") else []:
        if isinstance(item, exp.LocationProperty):
            found["location"] = item.this.name
        elif isinstance(item, exp.PartitionedByProperty):
            parts = item.this.expressions
            if all(isinstance(part, exp.ColumnDef) and part.args.get("kind") for part in parts):
                found["partitions"] = {part.name.lower(): _hive(part) for part in parts}
            else:
                found["partitions"] = [_transform(part) for part in parts]
        elif isinstance(item, exp.RowFormatSerdeProperty):
            found["serde"] = item.this.name
        elif type(item) is exp.Property:
            found["parameters"][item.name] = item.args["value"].name
    return found


def _transform(part: exp.Expression) -> str:
    """An element of an Iceberg table's PARTITIONED BY: a column, or a function of one as it is written."""
    column = next(part.find_all(exp.Column, exp.Identifier)).name.lower()
    if isinstance(part, exp.Func):
        numbers = "".join(f", {number.name}" for number in part.find_all(exp.Literal))
        return f"{part.name.lower() if isinstance(part, exp.Anonymous) else part.sql_name().lower()}({column}{numbers})"
    return column


def _hive(column: exp.ColumnDef) -> str:
    text = column.args["kind"].sql(dialect="hive").lower()
    return re.sub(r"\s*([<>,:])\s*", r"\1", text).replace("`", "")


def _drop(catalog: Catalog, tree: exp.Drop, schema: str) -> str:
    table = tree.args["tables"][0] if tree.args.get("tables") else tree.this
    if tree.kind in ("SCHEMA", "DATABASE"):
        name = (table.db or table.name).lower()
        database = catalog.glue.databases.get(name)
        if database is None and not tree.args.get("exists"):
            raise QueryFailed(f"FAILED: SemanticException [Error 10072]: Database does not exist: {name}")
        if database is not None and database.tables and not tree.args.get("cascade"):
            raise QueryFailed(f"FAILED: InvalidOperationException(message:Database {name} is not empty)")
        catalog.glue.databases.pop(name, None)
        return "DROP_DATABASE"
    name = _name(table, schema)
    if catalog.entry(name) is not None:
        catalog.glue.delete_table(*name)
    elif not tree.args.get("exists"):
        raise QueryFailed(f"FAILED: SemanticException [Error 10001]: Table not found {name[1]}")
    return f"DROP_{tree.kind}"


def _alter(catalog: Catalog, tree: exp.Alter, schema: str) -> str:
    name = _name(tree.this, schema)
    entry = catalog.required(name)
    for action in tree.args["actions"]:
        if isinstance(action, exp.AlterRename):
            if not is_iceberg(entry):
                raise QueryFailed("FAILED: ALTER TABLE RENAME is supported for Iceberg tables alone")
            new = _name(action.this, name[0])
            if catalog.entry(new) is not None:
                raise QueryFailed(f"FAILED: AlreadyExistsException(message:Table {new[1]} already exists.)")
            catalog.put(new, **_kept(entry))
            catalog.glue.delete_table(*name)
            return "ALTER_TABLE_RENAME"
        if not isinstance(action, exp.Schema):
            raise QueryFailed(f"NOT_SUPPORTED: {tree.sql(dialect='hive')[:80]}")
        _add_columns(catalog, name, entry, {c.name.lower(): _hive(c) for c in action.expressions})
    return "ALTER_TABLE_ADD_COLUMNS"


def _add_columns(catalog: Catalog, name: Name, entry: dict[str, Any], columns: dict[str, str]) -> None:
    descriptor = entry["StorageDescriptor"]
    if catalog.is_stored(descriptor["Location"]):
        table = catalog.store_table(descriptor["Location"])
        for column, kind in columns.items():
            added = duckdb_type(kind)
            added = added.replace("TIMESTAMP_MS", "TIMESTAMP") if is_iceberg(entry) else added
            catalog.connection.execute(f"alter table {table} add column {quoted(column)} {added}")
    listed = descriptor["Columns"] + glue_columns(columns)
    catalog.put(name, **_kept(entry) | {"StorageDescriptor": {**descriptor, "Columns": listed}})


def _partitions(catalog: Catalog, name: Name, verb: str, text: str) -> str:
    entry = catalog.required(name)
    keys = [column["Name"] for column in entry.get("PartitionKeys", [])]
    for spec, location in PARTITION.findall(text):
        given = {key.lower(): value for key, value in PAIR.findall(spec)}
        if sorted(given) != sorted(keys):
            raise QueryFailed(f"FAILED: partition spec {spec} does not match {keys}")
        values = [given[key] for key in keys]
        known = catalog.glue.get_table(*name).partitions
        if verb == "drop":
            known.pop(str(values), None)
        elif str(values) not in known:
            location = location or "/".join([entry["StorageDescriptor"]["Location"], *(f"{k}={given[k]}" for k in keys)])
            descriptor = {**entry["StorageDescriptor"], "Location": location}
            catalog.glue.create_partition(*name, {"Values": values, "StorageDescriptor": descriptor, "Parameters": {}})
    return f"ALTER_TABLE_{verb.upper()}_PARTITION"


def _kept(entry: dict[str, Any]) -> dict[str, Any]:
    """What of an entry is given back to Glue when another part of it changes."""
    return {key: entry[key] for key in ("TableType", "Parameters", "PartitionKeys", "StorageDescriptor") if key in entry}


def _name(table: exp.Expression, schema: str) -> Name:
    return ((table.db or schema).lower(), table.name.lower())


def _split(text: str, schema: str) -> Name:
    parts = re.sub('[`"]', "", text).lower().split(".")
    return (parts[-2] if len(parts) > 1 else schema, parts[-1])
