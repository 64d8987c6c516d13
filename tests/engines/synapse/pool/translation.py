"""A T-SQL tree as DuckDB SQL of the same meaning. What has no equal is refused rather than guessed."""

from __future__ import annotations

import re
from collections.abc import Callable

import sqlglot
from sqlglot import exp

from .conversions import call, cast, column_type, convert
from .errors import PoolError
from .rowsets import lateral, table
from .syntax import PREFIX

ZONES = {"UTC": "UTC", "PACIFIC STANDARD TIME": "America/Los_Angeles"}
PARTS = {"yy": "year", "yyyy": "year", "mm": "month", "m": "month", "dd": "day", "d": "day", "hh": "hour", "mi": "minute", "n": "minute",
         "ss": "second", "s": "second", "ms": "millisecond", "mcs": "microsecond", "dy": "dayofyear", "qq": "quarter"}  # fmt: skip
KNOWN_PARTS = {
    "year",
    "quarter",
    "month",
    "day",
    "hour",
    "minute",
    "second",
    "millisecond",
    "microsecond",
    "dayofyear",
}
TEXT_CALLS = {"regexp_replace", "varchar", "text", "left", "right", "substring", "replace", "replace_binary", "stuff", "replicate", "json_value", "json_query",
              "format", "hashbytes"}  # fmt: skip


def duckdb_sql(tree: exp.Expression) -> str:
    """The statement for DuckDB. The tree is changed in place.

    Raises PoolError for what the stand-in does not know.
    """
    for node in list(tree.walk(bfs=False))[
        ::-1
    ]:  # leaves first, so that a parent sees what became of its parts
        for kind, change in CHANGES.items():
            if isinstance(node, kind):
                changed = change(node)
                if changed is not node:
                    tree = changed if node is tree else tree
                    node.replace(changed)
                break
    return tree.sql("duckdb")


def _add(node: exp.Add) -> exp.Expression:
    """+ joins texts; that a side is one is seen from literals and conversions."""
    if any(_is_text(part) for part in _chain(node)):
        return exp.DPipe(this=node.this.copy(), expression=node.expression.copy(), safe=True)
    return node


def _chain(node: exp.Expression) -> list[exp.Expression]:
    if isinstance(node, (exp.Add, exp.DPipe)):
        return _chain(node.this) + _chain(node.expression)
    return [node]


def _is_text(node: exp.Expression) -> bool:
    node = node.unnest()
    if isinstance(node, exp.Literal):
        return node.is_string
    if isinstance(node, exp.Anonymous):
        return node.name.removeprefix(PREFIX) in TEXT_CALLS
    if isinstance(node, exp.Coalesce):
        return any(_is_text(part) for part in [node.this, *node.expressions])
    if isinstance(node, exp.Case):
        return any(_is_text(branch.args["true"]) for branch in node.args["ifs"])
    return isinstance(
        node, (exp.National, exp.DPipe, exp.GroupConcat, exp.Lower, exp.Upper, exp.Trim, exp.Collate)
    )


def _multiply(node: exp.Mul) -> exp.Expression:
    return call("multiply", node.this, node.expression)


def _divide(node: exp.Div) -> exp.Expression:
    return call("divide", node.this, node.expression)


def _zone(node: exp.AtTimeZone) -> exp.Expression:
    zone = ZONES.get(node.args["zone"].name.upper())
    if zone is None:
        raise PoolError(f"The time zone parameter {node.args['zone'].name} is not known to the stand-in.")
    return exp.AtTimeZone(this=node.this.copy(), zone=exp.convert(zone))


def _collate(node: exp.Collate) -> exp.Expression:
    name = node.expression.name
    if not re.search("BIN2?$|BIN2_UTF8$|DEFAULT$", name, re.IGNORECASE):
        raise PoolError(f"The stand-in knows binary collations alone, not {name}.")
    collation = "nocase" if name.upper() == "DATABASE_DEFAULT" else "binary"
    return exp.Collate(this=exp.paren(node.this.copy()), expression=exp.to_identifier(collation, quoted=True))


def _like(node: exp.Like) -> exp.Expression:
    pattern, negated = node.expression, node.args.get("negate")
    if isinstance(pattern, exp.Literal) and "[" in pattern.name:
        expression = (
            "(?s)" + ("" if _is_binary(node.this) else "(?i)") + "^" + regular_expression(pattern.name) + "$"
        )
        matches = exp.Anonymous(
            this="regexp_matches", expressions=[node.this.copy(), exp.convert(expression)]
        )
        return exp.not_(matches) if negated else matches
    if isinstance(node, exp.ILike) or _is_binary(node.this) or _is_binary(pattern):
        return node
    return exp.ILike(this=node.this.copy(), expression=pattern.copy(), negate=negated)


def regular_expression(pattern: str) -> str:
    """The regular expression of a LIKE pattern, wildcards and character classes translated."""
    parts, at = [], 0
    while at < len(pattern):
        here = pattern[at]
        if here == "[" and "]" in pattern[at + 2 :]:
            end = pattern.index("]", at + 2)
            parts.append("[" + pattern[at + 1 : end].replace("\\", "\\\\").replace("[", "\\[") + "]")
            at = end
        else:
            parts.append({"%": ".*", "_": "."}.get(here) or re.escape(here))
        at += 1
    return "".join(parts)


def _is_binary(node: exp.Expression) -> bool:
    return any(part.expression.name == "binary" for part in node.find_all(exp.Collate))


def _concat(node: exp.Anonymous) -> exp.Expression:
    values = node.expressions
    texts = [value if _is_text(value) else call("text", value) for value in values]
    return exp.Anonymous(this=node.name.removeprefix(PREFIX), expressions=[text.copy() for text in texts])


def _part(node: exp.Expression) -> str:
    part = PARTS.get(node.name.lower(), node.name.lower())
    if part not in KNOWN_PARTS:
        raise PoolError(f"The stand-in does not know the date part {part}.")
    return part


def _dateadd(node: exp.Anonymous) -> exp.Expression:
    unit, count, value = node.expressions
    interval = exp.Anonymous(this=f"to_{_part(unit)}s", expressions=[exp.cast(count.copy(), "bigint")])
    return exp.paren(exp.Add(this=_moment(value), expression=interval))


def _moment(value: exp.Expression) -> exp.Expression:
    """A date or time; a text or a number of days since 1900 becomes one."""
    if isinstance(value, exp.Literal) and not value.is_string:
        return exp.cast(exp.convert(f"1900-01-0{1 + int(value.name)}"), "timestamp")
    return call("timestamp", value)


def _datediff(node: exp.Anonymous) -> exp.Expression:
    unit, start, end = node.expressions
    return exp.Anonymous(
        this="date_diff", expressions=[exp.convert(_part(unit)), _moment(start), _moment(end)]
    )


def _datepart(node: exp.Anonymous) -> exp.Expression:
    return exp.Anonymous(
        this="date_part", expressions=[exp.convert(_part(node.expressions[0])), _moment(node.expressions[1])]
    )


def _search(node: exp.Anonymous) -> exp.Expression:
    """CHARINDEX and REPLACE: by case under a binary collation alone."""
    name = node.name.removeprefix(PREFIX)
    binary = any(_is_binary(value) for value in node.expressions)
    if name == "replace" and binary:
        return exp.Anonymous(this="replace", expressions=[value.copy() for value in node.expressions])
    if name == "replace" and all(isinstance(value, exp.Literal) for value in node.expressions[1:]):
        sought = exp.convert("(?i)" + re.escape(node.expressions[1].name))
        new = exp.convert(node.expressions[2].name.replace("\\", "\\\\"))
        return exp.Anonymous(
            this="regexp_replace", expressions=[node.expressions[0].copy(), sought, new, exp.convert("g")]
        )
    start = "_from" if name == "charindex" and len(node.expressions) == 3 else ""
    return call(name + start + ("_binary" if binary else ""), *node.expressions)


def _patindex(node: exp.Anonymous) -> exp.Expression:
    pattern, value = node.expressions
    if (
        not isinstance(pattern, exp.Literal)
        or not pattern.name.startswith("%")
        or not pattern.name.endswith("%")
    ):
        raise PoolError("The stand-in knows PATINDEX of a literal between two % alone.")
    expression = ("" if _is_binary(value) else "(?i)") + regular_expression(pattern.name[1:-1])
    return call("regexp_position", value, expression)


def _now(node: exp.Expression) -> exp.Expression:
    return call("getdate")


def _object_id(node: exp.Anonymous) -> exp.Expression:
    """The object's number by name; a name of three parts loses its database."""
    name, kind = (
        node.expressions[0].name,
        node.expressions[1].name.strip() if len(node.expressions) > 1 else "",
    )
    parts = [part.strip('[]"') for part in re.findall(r'\[[^\]]*\]|"[^"]*"|[^.]+', name.strip())]
    schema = exp.convert(parts[-2] if len(parts) > 1 else "dbo").sql("duckdb")
    found = f"select min(object_id) from sys.objects where schema_name = {schema} and name = {exp.convert(parts[-1]).sql('duckdb')}"
    if kind:
        found += f" and type = {exp.convert(kind).sql('duckdb')}"
    return exp.paren(sqlglot.parse_one(found, read="duckdb"))


def _database_property(node: exp.Anonymous) -> exp.Expression:
    """The collation alone: that of a pool which was made with no other."""
    if node.expressions[-1].name.lower() != "collation":
        raise PoolError("The stand-in knows DATABASEPROPERTYEX of 'Collation' alone.")
    return exp.Literal.string("SQL_Latin1_General_CP1_CI_AS")


def _renamed(name: str) -> Callable[[exp.Anonymous], exp.Expression]:
    return lambda node: exp.Anonymous(this=name, expressions=[value.copy() for value in node.expressions])


CALLS: dict[str, Callable[[exp.Anonymous], exp.Expression]] = {
    "charindex": _search, "replace": _search, "patindex": _patindex, "dateadd": _dateadd, "datediff": _datediff,
    "datediff_big": _datediff, "datepart": _datepart, "getutcdate": _now, "sysutcdatetime": _now, "sysdatetime": _now,
    "concat": _concat, "concat_ws": _concat, "object_id": _object_id, "count_big": _renamed("count"),
    "databasepropertyex": _database_property, "db_name": _renamed("current_catalog"),
}  # fmt: skip


def _function(node: exp.Anonymous) -> exp.Expression:
    name = node.name.lower()
    if not name.startswith(PREFIX):
        return node
    change = CALLS.get(name.removeprefix(PREFIX))
    if change:
        return change(node)
    return exp.Anonymous(this=name, expressions=[value.copy() for value in node.expressions])


CHANGES: dict[type | tuple[type, ...], Callable] = {
    exp.Convert: convert, exp.Cast: cast, exp.Add: _add, exp.Mul: _multiply, exp.Div: _divide, exp.AtTimeZone: _zone,
    exp.Collate: _collate, exp.Like: _like, exp.Anonymous: _function, exp.CurrentTimestamp: _now, exp.Lateral: lateral,
    exp.Table: table, exp.ColumnDef: column_type,
}  # fmt: skip
