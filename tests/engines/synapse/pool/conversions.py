"""T-SQL's types and conversions as DuckDB's: CAST, CONVERT with its styles, and the columns of a new table."""

from __future__ import annotations

from sqlglot import exp

from .errors import PoolError
from .syntax import PREFIX

STYLES = {101: "%m/%d/%Y", 112: "%Y%m%d", 23: "%Y-%m-%d", 120: "%Y-%m-%d %H:%M:%S", 126: "%Y-%m-%dT%H:%M:%S"}
TYPES = {exp.DType.FLOAT: "double", exp.DType.INT: "integer", exp.DType.UTINYINT: "utinyint", exp.DType.BIT: "boolean", exp.DType.DATETIME: "timestamp", exp.DType.DATETIME2: "timestamp",
         exp.DType.SMALLDATETIME: "timestamp", exp.DType.TIMESTAMPTZ: "timestamptz", exp.DType.MONEY: "decimal(19, 4)",
         exp.DType.CHAR: "varchar", exp.DType.NCHAR: "varchar", exp.DType.VARCHAR: "varchar", exp.DType.NVARCHAR: "varchar",
         exp.DType.BINARY: "varchar", exp.DType.VARBINARY: "varchar"}  # fmt: skip
TEXTS = {exp.DType.CHAR, exp.DType.NCHAR, exp.DType.VARCHAR, exp.DType.NVARCHAR}


def type_name(kind: exp.DataType) -> str:
    """The DuckDB type of a T-SQL type."""
    return TYPES.get(kind.this) or kind.sql("duckdb")


def length_of(kind: exp.DataType, default: int) -> int | None:
    """How many characters a text type holds; None for max and for other types."""
    if kind.this not in TEXTS:
        return None
    if not kind.expressions:
        return default
    said = kind.expressions[0].name.lower()
    return None if said == "max" else int(said)


def call(name: str, *arguments: exp.Expression | str | int) -> exp.Anonymous:
    values = [exp.convert(value) if isinstance(value, (str, int)) else value.copy() for value in arguments]
    return exp.Anonymous(this=PREFIX + name, expressions=values)


def cast(node: exp.Cast) -> exp.Expression:
    return _converted(node.this, node.to, isinstance(node, exp.TryCast))


def _converted(value: exp.Expression, kind: exp.DataType, safe: bool) -> exp.Expression:
    attempt = "try_" if safe else ""
    if kind.this in TEXTS:
        length = length_of(kind, 30)
        return call("varchar", value, length) if length else call("text", value)
    if kind.this in (
        exp.DType.DATE,
        exp.DType.DATETIME,
        exp.DType.DATETIME2,
        exp.DType.TIMESTAMPTZ,
        exp.DType.FLOAT,
        exp.DType.BIGINT,
    ):
        name = {
            exp.DType.DATE: "date",
            exp.DType.TIMESTAMPTZ: "offset",
            exp.DType.FLOAT: "float",
            exp.DType.BIGINT: "bigint",
        }
        return call(attempt + name.get(kind.this, "timestamp"), value)
    if kind.this in (exp.DType.INT, exp.DType.SMALLINT, exp.DType.UTINYINT):
        value = call(attempt + "bigint", value)
    elif kind.this == exp.DType.DECIMAL and not isinstance(value, exp.Literal):
        value = call("plain_number", value) if safe else value
    to = exp.DataType.build(type_name(kind), dialect="duckdb")
    return (exp.TryCast if safe else exp.Cast)(this=value.copy(), to=to)


def convert(node: exp.Convert) -> exp.Expression:
    safe, style = bool(node.args.get("safe")), node.args.get("style")
    if style is None:
        return _converted(node.expression, node.this, safe)
    number = int(style.name)
    length = length_of(node.this, 30)
    if node.this.this in TEXTS and number in (2, 3):  # 2: binary as hexadecimal digits, 3: a float whole
        text = exp.cast(node.expression.copy(), "varchar")
        return exp.Anonymous(this="left", expressions=[text, exp.convert(length)]) if length else text
    if node.this.this in TEXTS and number in STYLES:
        text = exp.Anonymous(
            this="strftime", expressions=[call("timestamp", node.expression), exp.convert(STYLES[number])]
        )
        return exp.Anonymous(this="left", expressions=[text, exp.convert(length)]) if length else text
    if node.this.this == exp.DType.DATE and number in STYLES:
        moment = exp.Anonymous(
            this="try_strptime" if safe else "strptime",
            expressions=[node.expression.copy(), exp.convert(STYLES[number])],
        )
        return exp.cast(moment, "date")
    raise PoolError(f"The stand-in does not know CONVERT to {node.this.sql('tsql')} in style {number}.")


def column_type(node: exp.ColumnDef) -> exp.Expression:
    """A new column; its length is held by a check, since DuckDB knows none."""
    kind = node.args.get("kind")
    if kind is None:
        return node
    length = length_of(kind, 1)
    constraints = [
        item
        for item in node.args.get("constraints") or []
        if isinstance(item.kind, (exp.NotNullColumnConstraint))
    ]
    if length:
        check = exp.CheckColumnConstraint(
            this=exp.LTE(this=exp.func("length", exp.column(node.name)), expression=exp.convert(length))
        )
        constraints.append(exp.ColumnConstraint(kind=check))
    node.set("constraints", constraints)
    node.set("kind", exp.DataType.build(type_name(kind), dialect="duckdb"))
    return node
