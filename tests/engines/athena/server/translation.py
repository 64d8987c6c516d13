"""Trino's SQL as DuckDB's: what sqlglot's own translation leaves different in meaning is corrected here and in
trino.sql, never in the SQL that dbt emits. Names of tables are for catalog.py, statements for execution.py."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from errors import QueryFailed
from sqlglot import ErrorLevel, exp, parse
from sqlglot.errors import ParseError

MILLIS, MICROS, SECONDS = "TIMESTAMP_MS", "TIMESTAMP", "TIMESTAMP_S"
TIMESTAMPS = {None: MILLIS, "0": SECONDS, "3": MILLIS, "6": MICROS}
COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ)
MIXERS = (exp.Coalesce, exp.Case, exp.If, exp.Between)
JSON_MAKERS = {"trino_to_json", "trino_json_parse"}
AGGREGATES = {"trino_sum", "trino_avg", "trino_map_agg"}
OVERLOADED = {
    "trino_concatenable",
    "trino_date_add",
    "trino_date_diff",
    "trino_date_trunc",
    "trino_dateable",
    "trino_divide",
    "trino_text",
    "trino_timestampable",
    "trino_to_milliseconds",
}
MACROS = {
    "at_timezone": "trino_at_timezone",
    "map_agg": "trino_map_agg",
    "multimap_from_entries": "trino_multimap_from_entries",
    "to_milliseconds": "trino_to_milliseconds",
    "with_timezone": "trino_with_timezone",
}


def parsed(sql: str) -> exp.Expression:
    """One Trino statement."""
    try:
        statements = [statement for statement in parse(sql, read="trino") if statement is not None]
    except ParseError as error:
        raise QueryFailed(f"SYNTAX_ERROR: {error}") from error
    if len(statements) != 1:
        raise QueryFailed("SYNTAX_ERROR: Only one sql statement is allowed")
    return statements[0]


def duckdb_sql(tree: exp.Expression) -> str:
    """The text of a corrected tree."""
    return tree.sql(dialect="duckdb", unsupported_level=ErrorLevel.IGNORE, comments=False)


def corrected(tree: exp.Expression) -> exp.Expression:
    """A copy of a Trino tree that means the same when it is written as DuckDB."""
    tree = tree.copy()
    for node in reversed(list(tree.bfs())):
        correction = CORRECTIONS.get(type(node))
        new = correction(node) if correction else node
        if node is tree:
            tree = new
        elif new is not node:
            node.replace(new)
    return tree


def strict(tree: exp.Expression) -> exp.Expression:
    """
    A copy of a corrected query that DuckDB refuses to bind where Trino would refuse to compare or join two types: it
    compares a text with anything, but mixes it with nothing in coalesce.
    """
    tree = tree.copy()
    for node in reversed(list(tree.bfs())):
        if isinstance(node, COMPARISONS):
            operands = [node.this, node.expression]
        elif isinstance(node, exp.In) and node.expressions:
            operands = [node.this, *node.expressions]
        elif isinstance(node, exp.Concat):
            node.set("expressions", [call("trino_concatenable", part) for part in node.expressions])
            continue
        elif isinstance(node, exp.Literal) and node.is_string and isinstance(node.parent, MIXERS):
            if node is not node.parent.args.get("unit"):
                node.replace(_text(node.name))
            continue
        else:
            continue
        first, *rest = (_text(o.name) if isinstance(o, exp.Literal) and o.is_string else o for o in operands)
        node.replace(exp.Is(this=exp.Coalesce(this=first, expressions=rest), expression=exp.Null()))
    return tree


def _text(value: str) -> exp.Expression:
    return exp.Cast(this=exp.Literal.string(value), to=exp.DataType.build("TEXT"))


def call(name: str, *arguments: exp.Expression) -> exp.Expression:
    if name in OVERLOADED and any(_aggregates(argument) for argument in arguments):
        return _with_types(name, arguments)
    return exp.Anonymous(this=name, expressions=list(arguments))


def _aggregates(node: exp.Expression) -> bool:
    return any(
        isinstance(part, (exp.AggFunc, exp.Window)) or part.name in AGGREGATES
        for part in node.find_all(exp.AggFunc, exp.Window, exp.Anonymous)
    )


def _with_types(name: str, arguments: tuple[exp.Expression, ...]) -> exp.Expression:
    """
    DuckDB binds a macro before it knows the type of an aggregate, so that it cannot tell which overload is meant; within
    a lambda it does: list_transform([struct_pack(a0 := sum(x))], lambda held: macro(held.a0))[1].
    """
    fields = {f"a{place}": argument for place, argument in enumerate(arguments)}
    struct = exp.Struct(
        expressions=[exp.PropertyEQ(this=exp.to_identifier(n), expression=value) for n, value in fields.items()]
    )
    inner = exp.Anonymous(this=name, expressions=[exp.column(n, table="held") for n in fields])
    body = exp.Lambda(this=inner, expressions=[exp.to_identifier("held")])
    listed = exp.Anonymous(this="list_transform", expressions=[exp.Array(expressions=[struct]), body])
    return exp.Anonymous(this="list_extract", expressions=[listed, exp.Literal.number(1)])


def _is_aggregate_of_a_window(node: exp.Expression) -> bool:
    return isinstance(node.parent, (exp.Window, exp.Filter, exp.IgnoreNulls)) or isinstance(
        node.this, exp.Distinct
    )


def _aggregate(name: str) -> Callable[[exp.Expression], exp.Expression]:
    return lambda node: node if _is_aggregate_of_a_window(node) else call(name, node.this)


def _divide(node: exp.Div) -> exp.Expression:
    return call("trino_divide", node.this, node.expression)


def _unit(node: exp.Expression) -> exp.Literal:
    return exp.Literal.string(node.text("unit").lower())


def _date_trunc(node: exp.Expression) -> exp.Expression:
    return call("trino_date_trunc", _unit(node), node.this)


def _date_add(node: exp.DateAdd) -> exp.Expression:
    one = exp.Interval(this=exp.Literal.string("1"), unit=exp.var(node.text("unit")))
    return call("trino_date_add", one, node.expression, node.this)


def _date_diff(node: exp.DateDiff) -> exp.Expression:
    return call("trino_date_diff", _unit(node), node.expression, node.this)


def _cast(node: exp.Cast) -> exp.Expression:
    """A cast, or a try_cast, whose target DuckDB reads otherwise, or to which it casts more texts."""
    value, kind = node.this, node.to
    safe = isinstance(node, exp.TryCast)
    if kind.is_type("json"):
        return _tried(call("trino_to_json", value), safe)
    if kind.is_type("text", "varchar"):
        name = "trino_json_text" if _makes_json(value) else "trino_text"
        text = call(name, value)
        length = kind.expressions
        return _tried(exp.Left(this=text, expression=length[0].this) if length else text, safe)
    if kind.is_type("date"):
        return _tried(exp.Cast(this=call("trino_dateable", value), to=kind), safe)
    if kind.is_type("timestamptz"):
        return _tried(exp.Cast(this=value, to=exp.DataType.build("TIMESTAMPTZ")), safe)
    if kind.is_type("timestamp"):
        precision = kind.expressions[0].name if kind.expressions else None
        if precision not in TIMESTAMPS:
            raise QueryFailed(f"NOT_SUPPORTED: the stand-in has no timestamp({precision})")
        target = exp.DataType.build(TIMESTAMPS[precision], dialect="duckdb")
        return _tried(exp.Cast(this=call("trino_timestampable", _at_zone(value)), to=target), safe)
    node.set("to", _nested(kind))
    return node


def _nested(kind: exp.DataType) -> exp.DataType:
    """Timestamps inside of arrays, maps and rows have a precision as well."""
    for part in list(kind.find_all(exp.DataType)):
        if part is not kind and part.is_type("timestamp"):
            precision = part.expressions[0].name if part.expressions else None
            part.replace(exp.DataType.build(TIMESTAMPS[precision], dialect="duckdb"))
    return kind


def _millis(node: exp.Expression) -> exp.Expression:
    return exp.Cast(this=node.copy(), to=exp.DataType.build(MILLIS, dialect="duckdb"))


def _tried(node: exp.Expression, safe: bool) -> exp.Expression:
    return exp.Try(this=node) if safe else node


def _makes_json(node: exp.Expression) -> bool:
    inner = node.this if isinstance(node, (exp.Try, exp.Paren)) else node
    return (
        isinstance(inner, (exp.ParseJSON, exp.JSONExtract))
        or (isinstance(inner, exp.Cast) and inner.to.is_type("json"))
        or (isinstance(inner, exp.Anonymous) and inner.name in JSON_MAKERS)
    )


def _at_zone(node: exp.Expression) -> exp.Expression:
    """The clock of the zone that a time was moved to: DuckDB's own times know none."""
    if isinstance(node, exp.Anonymous) and node.name == "trino_at_timezone":
        value, zone = node.expressions
        return call("timezone", zone, value)
    return node


def _json_format(node: exp.JSONFormat) -> exp.Expression:
    return exp.Cast(this=node.this, to=exp.DataType.build("TEXT"))


def _json_scalar(node: exp.JSONExtractScalar) -> exp.Expression:
    path = node.expression.sql(dialect="trino").strip("'")
    return call("trino_json_scalar", node.this, exp.Literal.string(path))


def _reduce(node: exp.Reduce) -> exp.Expression:
    finish = node.args["finish"]
    if finish.this.name != finish.expressions[0].name:
        raise QueryFailed("NOT_SUPPORTED: the stand-in reduces with s -> s at the end alone")
    return call("list_reduce", node.this, node.args["merge"], node.args["initial"])


def _regexp_replace(node: exp.RegexpReplace) -> exp.Expression:
    replacement = node.args.get("replacement") or exp.Literal.string("")
    if replacement.is_string:
        replacement = exp.Literal.string(re.sub(r"\$(\d)", r"\\\1", replacement.name))
    return call("regexp_replace", node.this, node.expression, replacement, exp.Literal.string("g"))


def _regexp_extract(node: exp.RegexpExtract) -> exp.Expression:
    group = node.args.get("group") or exp.Literal.number(0)
    return call("trino_regexp_extract", node.this, node.expression, group)


def _split_part(node: exp.SplitPart) -> exp.Expression:
    return call("trino_split_part", node.this, node.args["delimiter"], node.args["part_index"])


def _iso_time(node: exp.Expression) -> exp.Expression:
    millis = isinstance(node, exp.FromISO8601Timestamp)
    return call("trino_from_iso8601", node.this, exp.Literal.string("milliseconds" if millis else "microseconds"))


def _md5(node: exp.MD5Digest) -> exp.Expression:
    if not isinstance(node.this, exp.Encode):
        raise QueryFailed("FUNCTION_NOT_FOUND: Unexpected parameters (varchar) for function md5. Expected: md5(varbinary)")
    return node


def _function(node: exp.Anonymous) -> exp.Expression:
    name = node.name.lower()
    if name in ("map_filter", "transform_values", "transform_keys"):
        return _over_map(name, *node.expressions)
    if name == "map_concat":
        return functools.reduce(lambda one, other: call("trino_map_concat", one, other), node.expressions)
    if name in MACROS:
        node.set("this", MACROS[name])
    return node


def _over_map(name: str, map_: exp.Expression, function: exp.Lambda) -> exp.Expression:
    """map_filter and its like: the key and the value are an entry's fields."""
    key, value = (parameter.name for parameter in function.expressions)
    body = function.this.transform(
        lambda node: exp.column({key: "key", value: "value"}[node.name], table="entry")
        if isinstance(node, exp.Identifier) and node.name in (key, value) and not isinstance(node.parent, exp.Column)
        else node
    )
    entries = call("map_entries", map_)
    if name == "map_filter":
        inner = call("list_filter", entries, _lambda(body))
    else:
        pair = {"key": exp.column("key", table="entry"), "value": exp.column("value", table="entry")}
        pair["value" if name == "transform_values" else "key"] = body
        struct = exp.Struct(expressions=[exp.PropertyEQ(this=exp.to_identifier(k), expression=v) for k, v in pair.items()])
        inner = call("list_transform", entries, _lambda(struct))
    return call("map_from_entries", inner)


def _lambda(body: exp.Expression) -> exp.Lambda:
    return exp.Lambda(this=body, expressions=[exp.to_identifier("entry")])


CORRECTIONS: dict[type[exp.Expression], Callable] = {
    exp.Anonymous: _function,
    exp.AtTimeZone: lambda node: call("trino_at_timezone", node.this, node.args["zone"]),
    exp.Avg: _aggregate("trino_avg"),
    exp.Cast: _cast,
    exp.DateAdd: _date_add,
    exp.DateDiff: _date_diff,
    exp.DateTrunc: _date_trunc,
    exp.Div: _divide,
    exp.FromISO8601Timestamp: _iso_time,
    exp.FromISO8601TimestampNanos: _iso_time,
    exp.JSONExtractScalar: _json_scalar,
    exp.JSONFormat: _json_format,
    exp.MD5Digest: _md5,
    exp.ParseJSON: lambda node: call("trino_json_parse", node.this),
    exp.Reduce: _reduce,
    exp.RegexpExtract: _regexp_extract,
    exp.RegexpReplace: _regexp_replace,
    exp.Localtimestamp: lambda node: _millis(node),
    exp.SplitPart: _split_part,
    exp.StrToTime: lambda node: _millis(node),
    exp.Sum: _aggregate("trino_sum"),
    exp.TimestampTrunc: _date_trunc,
    exp.TryCast: _cast,
}
