"""Whole relations of any engine in DuckDB: for what is asked or computed of them outside of dbt.

Here: reading them over the connection that dbt would open, in the types that the project declares. Not here:
what is made of them (computing.py, flow/checks.py). A copy is held in memory, so this is for small marts,
never the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb

from orchestration import warehouse

if TYPE_CHECKING:  # the flow loads this at each start, and needs neither pandas nor dbt for it
    import pandas as pd

_BATCH = 50_000  # rows that are fetched at once
# Words of the engines for types, in which the project's own declarations are told to dbt.
_WORDS = {"string": "varchar", "float64": "double", "float": "double", "int64": "bigint", "int": "integer"}
_WORDS |= {"bignumeric": "decimal", "numeric": "decimal"}
# columns and a relation's name as dbt writes it; its rows, in batches
_Ask = Callable[[Iterable[str], str], Iterator[Sequence[Sequence[Any]]]]


@contextmanager
def readable(
    names: Iterable[str], manifest: Mapping[str, Any], target: str
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection on which models and seeds of dbt's manifest (as JSON) can be read as `schema.name`: the
    warehouse file itself on DuckDB, copies of other engines' relations in memory.

    Raises WarehouseError when the target cannot be read, and what the engine's driver raises.
    """
    if target == "duckdb":
        with warehouse.reading() as connection:
            connection.execute("set TimeZone = 'UTC'")
            yield connection
        return
    with duckdb.connect() as memory:
        memory.execute("set TimeZone = 'UTC'; set enable_progress_bar = false")
        nodes = _nodes(manifest)
        with _asking(target) as ask:
            for name in names:
                _copy(memory, nodes[name], ask)
        yield memory


def frames(names: Iterable[str], manifest: Mapping[str, Any], target: str) -> dict[str, pd.DataFrame]:
    """Models and seeds as frames, as a Python model of dbt is given them. Raises as `readable` does."""
    wanted, nodes = list(names), _nodes(manifest)
    with readable(wanted, manifest, target) as connection:
        return {name: connection.sql(f"from {nodes[name]['schema']}.{name}").df() for name in wanted}


def _nodes(manifest: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    kinds = ("model", "seed")
    return {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] in kinds}


def _copy(memory: duckdb.DuckDBPyConnection, node: Mapping[str, Any], ask: _Ask) -> None:
    import pyarrow as pa

    types = {name: _type(declared) for name, declared in _declared(node).items()}
    table = f"{node['schema']}.{node['name']}"
    memory.execute(f"create schema if not exists {node['schema']}")
    columns = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
    memory.execute(f"create table {table} ({columns})")
    for rows in ask(types, node["relation_name"]):
        held = zip(types, zip(*rows, strict=True), strict=True)
        memory.register("batch", pa.table({name: pa.array(values) for name, values in held}))
        memory.execute(f"insert into {table} select * from batch")
        memory.unregister("batch")


def _declared(node: Mapping[str, Any]) -> Mapping[str, str]:
    if node["resource_type"] == "seed":
        return node["config"]["column_types"]
    return {name: column["data_type"] for name, column in node["columns"].items()}


def _type(declared: str) -> str:
    word, _, size = declared.lower().partition("(")
    plain = _WORDS.get(word, word)
    return f"decimal({size or '38, 12)'}" if plain == "decimal" else plain


@contextmanager
def _asking(target: str) -> Iterator[_Ask]:
    """Over dbt's own connection, without dbt's tables around the rows: they cost more than the rows."""
    from dbt.adapters.factory import get_adapter_by_type

    from orchestration import building

    if fault := building.debug(target):  # which leaves dbt's adapter of the target behind, signed in
        raise warehouse.WarehouseError(f"{target} cannot be read: {' '.join(fault.split())}")
    adapter = get_adapter_by_type(target)
    with adapter.connection_named("relations"):
        handle = adapter.connections.get_thread_connection().handle
        fetched = _pages if target == "bigquery" else _batches
        yield lambda columns, relation: fetched(
            handle, f"select {', '.join(map(adapter.quote, columns))} from {relation}"
        )


def _pages(client: Any, sql: str) -> Iterator[Sequence[Sequence[Any]]]:
    for page in client.query(sql).result(page_size=_BATCH).pages:
        if rows := [row.values() for row in page]:
            yield rows


def _batches(connection: Any, sql: str) -> Iterator[Sequence[Sequence[Any]]]:
    cursor = connection.cursor()
    cursor.execute(sql)
    while rows := cursor.fetchmany(_BATCH):
        yield [tuple(row) for row in rows]
