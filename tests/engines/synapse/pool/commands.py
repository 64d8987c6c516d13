"""Statements that are no queries: schemas, transactions, renaming and dropping, and external data over the lake's Parquet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.tokens import Token

from .batches import Statement, word
from .conversions import length_of, type_name
from .errors import PoolError
from .syntax import tree_of

if TYPE_CHECKING:
    from .engine import Result, Session

Command = Callable[["Session", Statement], "Result | None"]
FAMILIES = {
    "text": ("VARCHAR",), "whole": ("BIGINT", "INTEGER", "SMALLINT", "TINYINT", "UTINYINT", "HUGEINT"), "double": ("DOUBLE", "FLOAT"),
    "date": ("DATE",), "timestamp": ("TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE"), "boolean": ("BOOLEAN",),
}  # fmt: skip


def find(words: list[str]) -> Command | None:
    """The command that a statement's first words name; None for what is a query or a change of rows."""
    for count in (4, 3, 2, 1):
        command = COMMANDS.get(" ".join(words[:count]))
        if command:
            return command
    return None


def _name(tokens: list[Token], at: int) -> tuple[str, str, int]:
    """Schema and name of the object that is named from `at` on, and where the name ends."""
    parts = [tokens[at].text]
    while at + 2 < len(tokens) and word(tokens[at + 1]) == ".":
        parts.append(tokens[at + 2].text)
        at += 2
    return (parts[-2] if len(parts) > 1 else "dbo"), parts[-1], at + 1


def _settings(tokens: list[Token]) -> dict[str, str]:
    """The `name = value` pairs of a `with (..)`."""
    pairs = {}
    for at in range(1, len(tokens) - 1):
        if word(tokens[at]) == "=":
            pairs[tokens[at - 1].text.upper()] = tokens[at + 1].text
    return pairs


def _nothing(session: Session, statement: Statement) -> None:
    """Statistics, rights and session settings change no result."""


def _create_schema(session: Session, statement: Statement) -> None:
    session.sql(f'create schema "{statement.tokens[2].text}"')


def _drop_schema(session: Session, statement: Statement) -> None:
    session.sql(f'drop schema "{statement.tokens[2].text}"')


def _begin(session: Session, statement: Statement) -> None:
    if session.in_transaction:
        raise PoolError("Nested transactions are not supported.")
    session.sql("begin transaction")
    session.in_transaction = True


def _commit(session: Session, statement: Statement) -> None:
    if not session.in_transaction:
        raise PoolError("The COMMIT TRANSACTION request has no corresponding BEGIN TRANSACTION.")
    session.in_transaction = False
    session.sql("commit")


def _rollback(session: Session, statement: Statement) -> None:
    if not session.in_transaction:
        raise PoolError("The ROLLBACK TRANSACTION request has no corresponding BEGIN TRANSACTION.")
    session.in_transaction = False
    session.sql("rollback")


def _kind(session: Session, schema: str, name: str) -> str | None:
    """table, view or external table, or None where there is no such object."""
    if session.sql(
        "select 1 from sys.remembered_external where lower(schema_name) = lower(?) and lower(name) = lower(?)",
        schema,
        name,
    ):
        return "external table"
    found = session.sql(
        "select type from sys.objects where lower(schema_name) = lower(?) and lower(name) = lower(?)",
        schema,
        name,
    )
    return {"U": "table", "V": "view"}[found[0][0]] if found else None


def _drop(kind: str, at: int) -> Command:
    def drop(session: Session, statement: Statement) -> None:
        if "IF" in statement.words:
            raise PoolError(f"no DROP {kind.upper()} IF EXISTS in a dedicated pool")
        schema, name, _ = _name(statement.tokens, at)
        if _kind(session, schema, name) != kind:
            raise PoolError(
                f"Cannot drop the {kind} '{schema}.{name}', because it does not exist or you do not have permission."
            )
        session.sql(f'drop {"table" if kind == "table" else "view"} "{schema}"."{name}"')
        for memory in ("distributions", "remembered_external"):
            session.sql(
                f"delete from sys.{memory} where lower(schema_name) = lower(?) and lower(name) = lower(?)",
                schema,
                name,
            )

    return drop


def _rename(session: Session, statement: Statement) -> None:
    tokens = [token for token in statement.tokens if token.text != "::"]
    schema, name, end = _name(tokens, 2)
    if word(tokens[end]) != "TO" or len(tokens) != end + 2:
        raise PoolError("RENAME OBJECT takes a new name of one part.")
    new, kind = tokens[end + 1].text, _kind(session, schema, name)
    if kind not in ("table", "view"):
        raise PoolError(f"Cannot find the object {schema}.{name} to rename.")
    if _kind(session, schema, new):
        raise PoolError(f"The new name {new} is already in use as an object name.")
    session.sql(f'alter {kind} "{schema}"."{name}" rename to "{new}"')
    session.sql(
        "update sys.distributions set name = ? where lower(schema_name) = lower(?) and lower(name) = lower(?)",
        new,
        schema,
        name,
    )


def _truncate(session: Session, statement: Statement) -> None:
    schema, name, _ = _name(statement.tokens, 2)
    session.sql(f'truncate "{schema}"."{name}"')


def _create_data_source(session: Session, statement: Statement) -> None:
    settings = _settings(statement.tokens)
    if not settings.get("LOCATION", "").startswith(("abfss://", "abfs://", "wasbs://", "https://")):
        raise PoolError("LOCATION of an external data source must be a storage account.")
    credential = settings.get("CREDENTIAL")
    if credential and not session.sql(
        "select 1 from sys.database_scoped_credentials where name = ?", credential
    ):
        raise PoolError(f"Cannot find the CREDENTIAL '{credential}'.")
    name = statement.tokens[4].text if word(statement.tokens[3]) == "SOURCE" else statement.tokens[3].text
    values = (name, settings["LOCATION"].rstrip("/"), settings.get("TYPE", "").upper(), credential)
    session.sql("insert into sys.external_data_sources values (?, ?, ?, ?)", *values)


def _create_file_format(session: Session, statement: Statement) -> None:
    settings = _settings(statement.tokens)
    if settings.get("FORMAT_TYPE", "").upper() != "PARQUET":
        raise PoolError("The stand-in knows the file format PARQUET alone.")
    session.sql("insert into sys.external_file_formats values (?, 'PARQUET')", statement.tokens[4].text)


def _create_credential(session: Session, statement: Statement) -> None:
    settings = _settings(statement.tokens)
    session.sql(
        "insert into sys.database_scoped_credentials values (?, ?)",
        statement.tokens[4].text,
        settings.get("IDENTITY"),
    )


def _forget(memory: str, at: int) -> Command:
    def forget(session: Session, statement: Statement) -> None:
        session.sql(f"delete from sys.{memory} where name = ?", statement.tokens[at].text)

    return forget


def _create_master_key(session: Session, statement: Statement) -> None:
    session.sql("insert into sys.database_master_keys values ('##MS_DatabaseMasterKey##')")


def _create_external_table(session: Session, statement: Statement) -> None:
    """A view over the folder's Parquet files: columns by name, types that must agree with the files', texts that must fit."""
    schema, name, end = _name(statement.tokens, 3)
    words = statement.words
    clause = len(words) - 1 - words[::-1].index("WITH")
    settings = _settings(statement.tokens[clause:])
    source = session.sql(
        "select location, type_desc from sys.external_data_sources where name = ?",
        settings.get("DATA_SOURCE"),
    )
    if not source or not session.sql(
        "select 1 from sys.external_file_formats where name = ?", settings.get("FILE_FORMAT")
    ):
        raise PoolError("The external data source or file format of the external table does not exist.")
    if _kind(session, schema, name):
        raise PoolError(f"There is already an object named '{name}' in the database.")
    folder = session.pool.local(
        source[0][0] + "/" + settings["LOCATION"].strip("/").removesuffix("**").rstrip("/")
    )
    deep = source[0][1] == "HADOOP" or settings["LOCATION"].endswith("/**")
    read = _parquet(folder, deep)
    first = statement.tokens[0].start
    columns_text = statement.text[
        statement.tokens[end].start - first : statement.tokens[clause - 1].end + 1 - first
    ]
    create = tree_of(f"create table t {columns_text}", [])
    found = dict(row[:2] for row in session.sql(f"describe select * from {read}"))
    columns = [
        _external_column(column, {key.lower(): kind for key, kind in found.items()})
        for column in create.find_all(exp.ColumnDef)
    ]
    session.sql(f'create view "{schema}"."{name}" as select {", ".join(columns)} from {read}')
    session.sql(
        "insert into sys.remembered_external values (?, ?, ?, ?)",
        schema,
        name,
        settings["LOCATION"],
        settings["DATA_SOURCE"],
    )


def _parquet(folder: Path, deep: bool) -> str:
    if folder.suffix == ".parquet" or any(sign in folder.name for sign in "*?"):
        pattern, files = str(folder), list(folder.parent.glob(folder.name))
    else:
        pattern = str(folder / ("**/*.parquet" if deep else "*.parquet"))
        files = list(folder.glob("**/*.parquet" if deep else "*.parquet"))
    if not files:
        raise PoolError(f"External file access failed: no file in {folder.name}.")
    return f"read_parquet('{pattern}', union_by_name = true, hive_partitioning = false)"


def _external_column(column: exp.ColumnDef, found: dict[str, str]) -> str:
    kind, name = type_name(column.args["kind"]), column.name
    declared = kind.upper().split("(")[0].strip()
    stored = found.get(name.lower())
    if stored is None:
        return f'cast(null as {kind}) as "{name}"'
    if _family(declared) != _family(stored.split("(")[0]):
        raise PoolError(
            f"Column '{name}' of type '{stored}' is not compatible with external data type '{kind}'."
        )
    length = length_of(column.args["kind"], 1)
    if length:
        too_long = f"error('String or binary data would be truncated: {name}')"
        return f'case when length("{name}") > {length} then {too_long} else "{name}" end as "{name}"'
    return f'cast("{name}" as {kind}) as "{name}"'


def _family(kind: str) -> str:
    return next((family for family, members in FAMILIES.items() if kind in members), kind)


COMMANDS: dict[str, Command] = {
    "SET": _nothing, "PRINT": _nothing, "GRANT": _nothing, "REVOKE": _nothing, "DENY": _nothing,
    "CREATE STATISTICS": _nothing, "UPDATE STATISTICS": _nothing, "CREATE SCHEMA": _create_schema, "DROP SCHEMA": _drop_schema,
    "BEGIN TRAN": _begin, "BEGIN TRANSACTION": _begin, "COMMIT": _commit, "ROLLBACK": _rollback, "RENAME OBJECT": _rename,
    "DROP TABLE": _drop("table", 2), "DROP VIEW": _drop("view", 2), "DROP EXTERNAL TABLE": _drop("external table", 3),
    "TRUNCATE TABLE": _truncate, "CREATE EXTERNAL DATA SOURCE": _create_data_source, "CREATE MASTER KEY": _create_master_key,
    "CREATE EXTERNAL FILE FORMAT": _create_file_format, "CREATE DATABASE SCOPED CREDENTIAL": _create_credential,
    "DROP EXTERNAL DATA SOURCE": _forget("external_data_sources", 4), "DROP EXTERNAL FILE FORMAT": _forget("external_file_formats", 4),
    "DROP DATABASE SCOPED CREDENTIAL": _forget("database_scoped_credentials", 4), "CREATE EXTERNAL TABLE": _create_external_table,
}  # fmt: skip
