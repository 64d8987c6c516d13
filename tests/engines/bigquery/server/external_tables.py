"""External tables over Parquet files, which the emulator lacks: a view that reads the files at each query.

The options are read as BigQuery's documentation of `create external table` has them. Where a statement leaves out one
that the files need, BigQuery would read another shape than a reader of our SQL expects, so it is refused here: lists need
`enable_list_inference`, decimals of more than 9 decimal places need BIGNUMERIC among `decimal_target_types`. JSON is no
type of BigQuery's Parquet reader. Lists are never null, since a repeated column cannot be.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import sqlglot
from bqemulator.catalog import ddl_sync
from bqemulator.catalog.etag import generate_etag
from bqemulator.catalog.models import TableMeta
from bqemulator.domain.errors import InvalidQueryError, NotFoundError
from bqemulator.storage.sql_identifiers import quoted_table_ref
from sqlglot import exp

DECLARATION = re.compile(
    r"(?:\s|/\*.*?\*/|--[^\n]*\n)*create\s+(or\s+replace\s+)?external\s+table\s+(if\s+not\s+exists\s+)?"
    r"(?P<name>(?:`[^`]+`|[\w-]+)(?:\.(?:`[^`]+`|[\w-]+))*)\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class ExternalTable:
    """What a statement declares: the table's parts, its columns (name and DuckDB's type; none to infer them), options."""

    project: str
    dataset: str
    table: str
    columns: tuple[tuple[str, str], ...]
    options: dict


def declared(sql: str, project: str) -> ExternalTable | None:
    """The external table that a statement creates; None of any other statement."""
    found = DECLARATION.match(sql)
    if not found:
        return None
    name = found["name"].replace("`", "").split(".")
    # the parser knows no external tables, but all that stands around the word
    created = sqlglot.parse_one(
        f"create table {found['name']} {found['rest'].rstrip().rstrip(';')}", "bigquery"
    )
    write = sqlglot.Dialect.get_or_raise("duckdb").generator()
    columns = tuple(
        (column.name, write.generate(column.args["kind"])) for column in created.find_all(exp.ColumnDef)
    )
    # the format has a class of its own
    form = created.find(exp.FileFormatProperty)
    options = {"format": form.name if form else None} | {
        p.name.lower(): _value(p.args["value"]) for p in created.find_all(exp.Property) if "value" in p.args
    }
    return ExternalTable(*[project, *name][-3:], columns, options)


def create(table: ExternalTable, context) -> None:
    """Make the view and name the table in the emulator's catalog."""
    if str(table.options.get("format")).upper() != "PARQUET":
        raise InvalidQueryError("only Parquet files are read here")
    paths = [path for uri in table.options["uris"] for path in _paths(uri, context.settings.gcs_local_root)]
    files = f"read_parquet([{', '.join(_quoted(path) for path in paths)}], union_by_name = true)"
    connection = context.engine.connection
    found = {
        name: kind for name, kind, *_ in connection.execute(f"describe select * from {files}").fetchall()
    }
    for name, kind in found.items():
        _refuse(name, kind, table.options)
    selected = [f'{_of_file(name, kind)} as "{name}"' for name, kind in found.items()]
    if table.columns:
        held = {name.lower(): (name, kind) for name, kind in found.items()}
        selected = [
            f'cast({_of_file(*held[name.lower()]) if name.lower() in held else "null"} as {kind}) as "{name}"'
            for name, kind in table.columns
        ]
    place = (table.project, table.dataset, table.table)
    connection.execute(
        f"create or replace view {quoted_table_ref(*place)} as select {', '.join(selected)} from {files}"
    )
    now = context.clock.now()
    meta = TableMeta(
        project_id=table.project,
        dataset_id=table.dataset,
        table_id=table.table,
        table_type="EXTERNAL",
        schema=ddl_sync._introspect_schema(*place, context),
        creation_time=now,
        last_modified_time=now,
        num_rows=0,
        num_bytes=0,
        etag=generate_etag(*place, "EXTERNAL", str(now)),
    )
    exists = context.catalog.get_table(*place) is not None
    (context.catalog.update_table if exists else context.catalog.create_table)(meta)


def _value(node):
    if isinstance(node, exp.Array):
        return [_value(item) for item in node.expressions]
    return node.this == "true" if isinstance(node, exp.Boolean) and isinstance(node.this, str) else node.this


def _paths(uri: str, buckets: Path) -> list[str]:
    bucket, _, pattern = uri.removeprefix("gs://").partition("/")
    # one asterisk of a URI stands for any number of folders as well
    paths = sorted(
        str(path)
        for path in (buckets / bucket).glob(pattern.replace("*", "**/*") if "*" in pattern else pattern)
    )
    if not paths:
        raise NotFoundError(f"Not found: URI {uri}")
    return paths


def _refuse(name: str, kind: str, options: dict) -> None:
    if "[]" in kind and not options.get("enable_list_inference"):
        raise InvalidQueryError(f"{name} holds lists, which need enable_list_inference")
    if "MAP(" in kind or "JSON" in kind:
        raise InvalidQueryError(f"{name} holds {kind}, which BigQuery reads from Parquet in another shape")
    targets = [str(target).upper() for target in options.get("decimal_target_types", ["NUMERIC"])]
    for precision, scale in re.findall(r"DECIMAL\((\d+),\s*(\d+)\)", kind):
        if (int(scale) > 9 or int(precision) - int(scale) > 29) and "BIGNUMERIC" not in targets:
            raise InvalidQueryError(f"{name} is {kind}, which needs BIGNUMERIC in decimal_target_types")


def _of_file(name: str, kind: str) -> str:
    value = f'"{name}"'
    if kind.endswith("[]"):
        return f"coalesce({value}, [])"
    return f"cast({value} as bigint)" if kind in ("INTEGER", "SMALLINT", "TINYINT") else value


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
