"""What a dedicated SQL pool refuses in a statement, told from its text alone. One function a kind of rule.

Sources: the reference's pages on T-SQL in dedicated SQL pools, on common table expressions, MERGE, CREATE TABLE AS SELECT
and on each function. A rule that needs the tables' own state (is the target of a MERGE hash-distributed?) is engine.py's.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from .batches import Statement
from .syntax import TableOptions
from .vocabulary import FOREIGN, FUNCTIONS, STRUCTURE, TEXT_TYPES, TYPE_WORDS, TYPES

AGGREGATES = (
    exp.Sum,
    exp.Count,
    exp.Min,
    exp.Max,
    exp.Avg,
    exp.GroupConcat,
    exp.Stddev,
    exp.StddevPop,
    exp.Variance,
)
CONDITIONS = (exp.Predicate, exp.And, exp.Or, exp.Not, exp.Exists)


def violations(statement: Statement, tree: exp.Expression, options: TableOptions | None) -> list[str]:
    """Each rule that the statement breaks, in words; empty for a statement that the pool would take."""
    return list(dict.fromkeys([
        *_foreign_words(statement),
        *_unknown_functions(statement),
        *_table_options(statement, options),
        *_types(tree),
        *_with(tree),
        *_grouping(tree),
        *_conditions(tree),
        *_subqueries(tree),
        *_aggregates(tree),
        *_rows(tree),
    ]))  # fmt: skip


def _foreign_words(statement: Statement) -> Iterator[str]:
    words = statement.words
    for said, message in FOREIGN:
        if any(tuple(words[at : at + len(said)]) == said for at in range(len(words))):
            yield message
    for at, here in enumerate(words):
        following = words[at + 1] if at + 1 < len(words) else ""
        if here == "LIMIT" and (following.isdigit() or following == "ALL"):
            yield "no LIMIT: top (n)"
        if here == "USING" and following == "(" and "MERGE" not in words:
            yield "no JOIN .. USING"
        if here == "FILTER" and following == "(":
            yield "no FILTER (WHERE ..)"
    if words[:1] == ["USE"]:
        yield "no USE in a dedicated pool"
    if words[:1] == ["MERGE"] and not statement.closed:
        yield "a MERGE must end with a semicolon"


def _unknown_functions(statement: Statement) -> Iterator[str]:
    words = statement.words
    for at in range(1, len(words)):
        if words[at] != "(" or not words[at - 1].replace("_", "").isalnum() or words[at - 1][0].isdigit():
            continue
        name, before = words[at - 1], words[at - 2] if at > 1 else ""
        named = (
            before in (".", "INTO", "TABLE", "WITH", "JOIN", "VIEW", "FROM", "AS", ",")
            and name not in FUNCTIONS
        )
        if name in STRUCTURE | TYPE_WORDS | FUNCTIONS or (named and _names_a_relation(words, at, before)):
            continue
        yield f"no function {name.lower()} in a dedicated pool"
    for at in range(len(words) - 1):
        if words[at] == "STRING_SPLIT" and _arguments(words, at + 1) > 2:
            yield "no ordinal of string_split in a dedicated pool"
        if words[at] in ("LTRIM", "RTRIM") and words[at + 1] == "(" and _arguments(words, at + 1) > 1:
            yield f"{words[at].lower()} takes one argument in a dedicated pool"


def _names_a_relation(words: list[str], opening: int, before: str) -> bool:
    """`into t (columns)`, `create table s.t (..)` and `with t (columns) as` are no calls."""
    if before in ("INTO", "TABLE", "VIEW"):
        return True
    if before == ".":
        return words[0] in ("INSERT", "CREATE", "MERGE", "GRANT")
    depth = 0
    for at in range(opening, len(words)):
        depth += {"(": 1, ")": -1}.get(words[at], 0)
        if depth == 0:
            return words[at + 1 : at + 2] == ["AS"] and before in ("WITH", ",")
    return False


def _arguments(words: list[str], opening: int) -> int:
    depth, count = 0, 1
    for here in words[opening:]:
        depth += {"(": 1, ")": -1}.get(here, 0)
        if depth == 0:
            break
        count += depth == 1 and here == ","
    return count


def _table_options(statement: Statement, options: TableOptions | None) -> Iterator[str]:
    if options is None:
        return
    yield from (f"no table option {said}" for said in options.unknown)
    if "SELECT" in statement.words and options.distribution is None:
        yield "CREATE TABLE AS SELECT must name its DISTRIBUTION"


def _types(tree: exp.Expression) -> Iterator[str]:
    for kind in tree.find_all(exp.DataType):
        if kind.this not in TYPES:
            yield f"no type {kind.this.value.lower()} in a dedicated pool"
        elif (
            kind.this in TEXT_TYPES
            and not kind.expressions
            and kind.this not in (exp.DType.CHAR, exp.DType.NCHAR)
        ):
            yield f"{kind.sql('tsql').lower()} without a length cuts a text at 30 characters"


def _with(tree: exp.Expression) -> Iterator[str]:
    for clause in tree.find_all(exp.With):
        owner = clause.parent
        if isinstance(owner, (exp.Insert, exp.Update, exp.Delete, exp.Merge)):
            yield f"no WITH before {owner.key.upper()} in a dedicated pool"
        elif not (owner is tree or (isinstance(tree, exp.Create) and owner is tree.expression)):
            yield "no WITH inside a subquery or another WITH"
        for query in clause.expressions:
            if any(
                table.name.lower() == query.alias.lower() and not table.db
                for table in query.this.find_all(exp.Table)
            ):
                yield f"no recursive query: {query.alias}"


def _grouping(tree: exp.Expression) -> Iterator[str]:
    for clause in tree.find_all(exp.Group):
        for key in clause.expressions:
            if isinstance(key, exp.Literal):
                yield "no GROUP BY a position or a constant"
            elif key.find(exp.Select):
                yield "no subquery in GROUP BY"
        if clause.args.get("all"):
            yield "no GROUP BY ALL"


def _conditions(tree: exp.Expression) -> Iterator[str]:
    """T-SQL has no truth values: a condition stands only where one is asked for, and nothing else stands there."""
    for node in tree.find_all(*CONDITIONS):
        if not _asks_for_condition(node):
            yield f"a condition where a value must stand: {node.sql('tsql')[:60]}"
    for node in tree.find_all(exp.Where, exp.Having, exp.Join, exp.If, exp.And, exp.Or, exp.Not):
        tested = [node.args.get("on")] if isinstance(node, exp.Join) else [node.this]
        tested += [node.expression] if isinstance(node, (exp.And, exp.Or)) else []
        if isinstance(node, exp.If) and isinstance(node.parent, exp.Case) and node.parent.this:
            continue
        for value in tested:
            inner = value.unnest() if value is not None else None
            if inner is not None and not isinstance(inner, (*CONDITIONS, exp.Escape)):
                yield f"a value where a condition must stand: {inner.sql('tsql')[:60]}"


def _asks_for_condition(node: exp.Expression) -> bool:
    parent, child = node.parent, node
    while isinstance(parent, (exp.Paren, exp.And, exp.Or, exp.Not, exp.Escape)):
        parent, child = parent.parent, parent
    if isinstance(parent, (exp.Where, exp.Having)):
        return True
    if isinstance(parent, exp.Join):
        return child.arg_key == "on"
    if isinstance(parent, exp.If):
        return child.arg_key == "this" and not (isinstance(parent.parent, exp.Case) and parent.parent.this)
    if isinstance(parent, exp.When):
        return child.arg_key == "condition"
    if isinstance(parent, exp.Merge):
        return child.arg_key == "on"
    return isinstance(parent, exp.Update) and isinstance(node, exp.EQ)


def _subqueries(tree: exp.Expression) -> Iterator[str]:
    bodies = [
        query for query in tree.find_all(exp.Subquery) if isinstance(query.parent, (exp.From, exp.Join))
    ]
    yield from ("a subquery in FROM must bear a name" for query in bodies if not query.alias)
    inner = [*bodies, *tree.find_all(exp.CTE)]
    inner += [tree] if isinstance(tree, exp.Create) and tree.expression else []
    for query in inner:
        body = query.expression if isinstance(query, exp.Create) else query.this
        while isinstance(body, (exp.Subquery, exp.Paren)):
            body = body.this
        if not isinstance(body, exp.Query):
            continue
        if body.args.get("order") and not body.args.get("limit"):
            yield "no ORDER BY in a view or subquery without TOP"
        if not query.args.get("alias") or not query.args["alias"].columns:
            yield from _unnamed(body)
    for query in tree.find_all(exp.Star):
        if query.args.get("except_") or query.args.get("replace") or query.args.get("except"):
            yield "no columns taken out of *"


def _unnamed(body: exp.Query) -> Iterator[str]:
    names = []
    for column in body.selects:
        if isinstance(column, (exp.Star, exp.Column)) and column.find(exp.Star):
            continue
        name = column.alias_or_name if isinstance(column, (exp.Alias, exp.Column)) else ""
        if not name:
            yield f"a column without a name in a view or subquery: {column.sql('tsql')[:60]}"
        elif name.lower() in names:
            yield f"two columns named {name} in a view or subquery"
        names.append(name.lower())


def _aggregates(tree: exp.Expression) -> Iterator[str]:
    for node in tree.find_all(*AGGREGATES):
        windowed = isinstance(node.parent, exp.Window)
        for inner in node.find_all(exp.Select, exp.Window, *AGGREGATES):
            if inner is not node and not (windowed and isinstance(inner, AGGREGATES)):
                yield "no aggregate over an aggregate, a window or a subquery"
        if windowed and isinstance(node.this, exp.Distinct):
            yield "no DISTINCT in a window"
        if isinstance(node, exp.GroupConcat) and isinstance(node.this, exp.Distinct):
            yield "no DISTINCT in string_agg"
    for node in tree.find_all(exp.Case):
        depth, parent = 1, node.parent
        while parent is not None and not isinstance(parent, exp.Select):
            depth += isinstance(parent, exp.Case)
            parent = parent.parent
        if depth > 10:
            yield "CASE is nested more than ten deep"


def _rows(tree: exp.Expression) -> Iterator[str]:
    for node in tree.find_all(exp.In, exp.EQ):
        if isinstance(node.this, exp.Tuple):
            yield "no comparison of several columns at once"
    for node in tree.find_all(exp.Values):
        if not isinstance(node.parent, exp.Insert) or len(node.expressions) > 1:
            yield "no list of rows in VALUES in a dedicated pool"
