"""What SQL that runs on four engines may not say, and what to write instead.

Here: patterns and their remedies, and the search for them in a model's or test's own text. Not here: which files are
searched (test_house_rules.py), and how an engine differs (macros/dialect/).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_TYPES = (
    "double|float|float64|real|varchar|nvarchar|char|string|text|timestamp|timestamptz|datetime|datetime2|bigint|int64"
    "|integer|int|smallint|hugeint|boolean|bool|bit|decimal|numeric|bignumeric|money"
)
_NAME = r"[a-z_]\w*"

# In the SQL between the Jinja, texts and comments left out: what is searched for, and the remedy.
_IN_SQL = {
    "::": (r"::", "cast(x as {{ type_...() }})"),
    "a type's own name in a cast": (
        rf"\bas\s+(?:{_TYPES})(?:\s*\([\d, ]*\))?\s*\)",
        "type_text(), type_double(), type_timestamp(), type_bigint(), type_integer(), type_boolean() or money()",
    ),
    "limit": (r"\blimit\b", "row_number() in a CTE and a where"),
    "qualify": (r"\bqualify\b", "row_number() in a CTE and a where"),
    "using": (r"\busing\s*\(", "on"),
    "||": (r"\|\|", "concat_texts([...])"),
    "filter (where)": (r"\bfilter\s*\(", "sum(case when ... end)"),
    "any_value": (r"\bany_value\b", "max()"),
    "group by all": (r"\bgroup by all\b", "the columns' names"),
    "union": (r"\bunion\b(?!\s+all\b)", "union all, and select distinct where rows may be the same"),
    "ordinal group by": (r"\bgroup by\s+\d", "the columns' names"),
    "true, false": (r"\b(?:true|false)\b", "1 and 0; marts cast them to type_boolean()"),
    "a condition in a select list": (
        rf"(?:=|<>|<=|>=|<|>)\s*(?:{_NAME}(?:\.{_NAME})?|\d+)?\s+as\s+{_NAME}|\bis\s+(?:not\s+)?null\s+as\s+{_NAME}",
        "case when ... then 1 else 0 end",
    ),
    "a field of a struct": (rf"\b{_NAME}\.{_NAME}\.{_NAME}", "field('column', 'name')"),
    "a quoted name": (r'"', "a name without quotes, or adapter.quote('name')"),
    "count(distinct a, b)": (r"\bcount\s*\(\s*distinct\s+[^()]*,", "count(*) over a select distinct"),
    "is distinct from": (r"\bis\s+(?:not\s+)?distinct\s+from\b", "<>, and is null for either side"),
    "ilike": (r"\bilike\b", "lower(x) like"),
    "like ... escape": (r"\bescape\b", "dbt.position()"),
    "interval": (r"\binterval\b", "add_to_date() or add_to_timestamp()"),
    "extract": (r"\bextract\s*\(", "second_of(), month_of()"),
    "date_trunc": (r"\bdate_trunc\s*\(", "month_of()"),
    "date_diff": (r"\bdate_?diff\s*\(", "dbt.datediff()"),
    "greatest, least": (r"\b(?:greatest|least)\s*\(", "larger_of()"),
    "left, right": (r"\b(?:left|right)\s*\(", "substring(x, start, length)"),
    "length": (r"\b(?:length|len)\s*\(", "dbt.length()"),
    "ifnull, if": (r"\b(?:ifnull|isnull|nvl|iff?)\s*\(", "coalesce() or case"),
    "try_cast": (r"\b(?:try_cast|safe_cast|try_strptime|strptime)\s*\(", "parse_date() or utc_timestamp()"),
    "regular expressions": (r"\bregexp_\w+\s*\(", "regexp_capture()"),
}

# In the Jinja: macros of dbt whose answers differ by engine, and types in the SQL that is passed to a macro.
_IN_JINJA = {
    "dbt.concat": (r"\bdbt\.concat\b", "concat_texts([...])"),
    "dbt.dateadd": (r"\bdbt\.dateadd\b", "add_to_date() or add_to_timestamp()"),
    "dbt.date_trunc": (r"\bdbt\.date_trunc\b", "month_of()"),
    "dbt.type_...": (r"\bdbt\.type_\w+", "type_text(), type_double(), type_timestamp(), ..."),
    "a type's own name in a cast": (rf"\bas (?:{_TYPES})\b", "dbt.cast(x, type_...())"),
    "target.type": (r"\btarget\s*\.", "a macro in macros/dialect/"),
}


_JOIN = re.compile(
    r"\b(?:left|right|full)\s+(?:outer\s+)?join\b(?:(?!\bon\b|\bjoin\b).)*\bon\b"
    r"(.*?)(?=\b(?:left|right|full|inner|cross|join|where|group|having|order|union|select)\b|[();]|$)",
    re.I | re.S,
)
_CTE = re.compile(rf"(?:\bwith\b|,)\s*({_NAME})\s+as\s*\(", re.I)


def _joins_without_equality(sql: str) -> bool:
    """An outer join whose condition is no equality that holds by itself: BigQuery refuses it."""
    return any(
        re.search(r"\bor\b", on, re.I) or "=" not in re.sub(r"[<>!]=", "", on) for on in _conditions(sql)
    )


def _conditions(sql: str) -> Iterator[str]:
    """Those of outer joins, at every depth of brackets, each without what its own brackets hold."""
    while True:
        inner = re.search(r"\(([^()]*)\)", sql)
        text = inner[1] if inner else sql
        yield from _JOIN.findall(text)
        if inner is None:
            return
        sql = sql[: inner.start()] + " _ " + sql[inner.end() :]


def _cte_named_as_its_column(sql: str) -> bool:
    """BigQuery and DuckDB read such a name as the row, or as the column, each in its own way."""
    for cte in _CTE.finditer(sql):
        depth, end = 1, cte.end()
        while depth and end < len(sql):
            depth += {"(": 1, ")": -1}.get(sql[end], 0)
            end += 1
        body = sql[cte.end() : end - 1]
        while (flat := re.sub(r"\([^()]*\)", " _ ", body)) != body:
            body = flat
        selected = re.search(r"\bselect\b(.*?)(?:\bfrom\b|$)", body, re.I | re.S)
        names = [re.split(r"[\s.]+", part.strip())[-1] for part in selected[1].split(",")] if selected else []
        if cte[1].lower() in (name.lower() for name in names):
            return True
    return False


_STRUCTURE = {
    "an outer join without an equality": (
        _joins_without_equality,
        "on a = b and (...), or two joins and a coalesce",
    ),
    "a CTE named as a column of its own": (_cte_named_as_its_column, "another name"),
}


def unportable(text: str) -> dict[str, str]:
    """What a SQL file with Jinja says that not all four engines understand, each with what to write instead."""
    without_comments = re.sub(r"\{#.*?#\}|--[^\n]*", " ", text, flags=re.S)
    jinja = " ".join(re.findall(r"\{\{.*?\}\}|\{%.*?%\}", without_comments, flags=re.S))
    sql = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|'[^']*'", " ", without_comments, flags=re.S)
    found = {
        name: f"write {remedy}"
        for searched, rules in ((sql, _IN_SQL), (jinja, _IN_JINJA))
        for name, (pattern, remedy) in rules.items()
        if re.search(pattern, searched, re.I)
    }
    return found | {
        name: f"write {remedy}" for name, (is_broken, remedy) in _STRUCTURE.items() if is_broken(sql)
    }
