"""Tables that are none: OPENJSON and STRING_SPLIT as subqueries, and the catalogue's views."""

from __future__ import annotations

import sqlglot
from sqlglot import exp

from .conversions import type_name
from .errors import PoolError
from .syntax import PREFIX


def table(node: exp.Table) -> exp.Expression:
    """OPENJSON and STRING_SPLIT as subqueries, and the catalogue's views."""
    if isinstance(node.this, exp.OpenJSON):
        return _open_json(node.this, node.alias)
    if isinstance(node.this, exp.Anonymous) and node.this.name == PREFIX + "string_split":
        parts = [value.sql("duckdb") for value in node.this.expressions]
        return _subquery(f"select unnest(string_split({parts[0]}, {parts[1]})) as value", node.alias)
    if node.db.lower() == "information_schema":
        node.set("db", exp.to_identifier("sys"))
        node.set("catalog", None)
        node.set("this", exp.to_identifier("information_" + node.name.lower()))
    elif node.db.lower() == "sys":
        node.set("catalog", None)
    return node


def lateral(node: exp.Lateral) -> exp.Expression:
    if not isinstance(node.this, exp.OpenJSON):
        return node
    subquery = _open_json(node.this, node.alias)
    return exp.Lateral(this=subquery.this, alias=node.args.get("alias").copy())


def _open_json(node: exp.OpenJSON, alias: str) -> exp.Expression:
    value = node.this.sql("duckdb")
    if node.args.get("path"):
        raise PoolError("The stand-in does not know OPENJSON with a path.")
    if not node.expressions:
        entries = f"select unnest(pool_entries({value})) as entry"
        return _subquery(
            f"select entry.key as key, entry.value as value, entry.type as type from ({entries}) as entries",
            alias,
        )
    columns = [_json_column(column) for column in node.expressions]
    elements = f"select unnest(pool_elements({value})) as element"
    return _subquery(f"select {', '.join(columns)} from ({elements}) as elements", alias)


def _json_column(column: exp.Expression) -> str:
    name, kind = column.this.name, column.args["kind"]
    path = column.args["path"].name if column.args.get("path") else f'$."{name}"'
    quoted = exp.convert(path).sql("duckdb")
    if column.args.get("as_json"):
        return f'pool_json_query(element, {quoted}) as "{name}"'
    return f'cast(pool_json_value(element, {quoted}) as {type_name(kind)}) as "{name}"'


def _subquery(sql: str, alias: str) -> exp.Expression:
    return exp.Subquery(
        this=sqlglot.parse_one(sql, read="duckdb"),
        alias=exp.TableAlias(this=exp.to_identifier(alias or "rows_of_text")),
    )
