"""Reads a JSON list of statements and writes, for each, why Trino would not parse it, or null.

The grammar is Trino 422's own, made to Python by trino-query-parser; the functions and types are those that
trino-sql-validator lists from Trino's documentation. Athena's own rules are in ../judge.py.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ProcessPoolExecutor

from trino_query_parser import TrinoSyntaxError, parse_statement
from trino_sql_validator import validate


def fault(sql: str) -> str | None:
    """Why one statement is not Trino's; none if it is."""
    try:
        parse_statement(sql)
    except TrinoSyntaxError as error:
        return f"grammar: {str(error)[:200]}"
    result = validate(sql)
    if not result.valid:
        return f"grammar: {result.error}"
    return "; ".join(f"unknown: {getattr(w, 'name', w)}" for w in result.warnings) or None


def main() -> None:
    statements = json.load(sys.stdin)
    with ProcessPoolExecutor(2) as pool:
        json.dump(list(pool.map(fault, statements, chunksize=4)), sys.stdout)


if __name__ == "__main__":
    main()
