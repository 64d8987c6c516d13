"""What SQL that runs on four engines may not say, and what to write instead.

Here: patterns and their remedies, and the search for them in a model's or test's own text. Not here: which files are
searched (test_house_rules.py), and how an engine differs (macros/dialect/).
"""

from __future__ import annotations

import re

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
    "try_cast": (r"\b(?:try_cast|safe_cast|try_strptime|strptime)\s*\(", "parse_date() or parse_timestamp()"),
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


def unportable(text: str) -> dict[str, str]:
    """What a SQL file with Jinja says that not all four engines understand, each with what to write instead."""
    without_comments = re.sub(r"\{#.*?#\}|--[^\n]*", " ", text, flags=re.S)
    jinja = " ".join(re.findall(r"\{\{.*?\}\}|\{%.*?%\}", without_comments, flags=re.S))
    sql = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|'[^']*'", " ", without_comments, flags=re.S)
    return {
        name: f"write {remedy}"
        for searched, rules in ((sql, _IN_SQL), (jinja, _IN_JINJA))
        for name, (pattern, remedy) in rules.items()
        if re.search(pattern, searched, re.I)
    }
