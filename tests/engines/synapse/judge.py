"""Which statements a dedicated SQL pool would refuse, as far as parsers and written rules can tell without one.

Three judges: sqlglot's reading of T-SQL with the pool's own rules (pool/rules.py), the state that a script builds up (a
MERGE needs a hash-distributed target), and sqlfluff's T-SQL grammar. None of them is Microsoft's: what passes here may
still be refused there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from sqlfluff.core import Linter
from sqlglot import exp

from .pool import PoolError, batches, commands, rules
from .pool.batches import Statement
from .pool.syntax import tree_of, without_options

LIMIT = 128  # characters of a name
# What sqlfluff's grammar does not know though the reference has it.
UNKNOWN_TO_GRAMMAR = re.compile(
    r"\b(rename\s+object|create\s+external|drop\s+external|begin\s+transaction|at\s+time\s+zone|trim\s*\(\s*'.*?'\s+from)\b",
    re.IGNORECASE,
)


def rejected(statements: Iterable[str], grammar: bool = False) -> list[str]:
    """Every broken rule as `rule: the statement's beginning`, each once, in the order of the statements.

    `grammar` asks sqlfluff too, which reads some 7,000 characters a second: three minutes for a whole build, whose
    statements all pass. Texts that differ in hashes or numbers alone are read once.
    """
    said: dict[str, None] = {}
    hashed: dict[str, bool] = {}
    for batch in statements:
        try:
            found = list(batches.statements(batch))
        except PoolError as error:
            said[f"{error}: {_beginning(batch)}"] = None
            continue
        for statement in found:
            for rule in _broken(statement, hashed):
                said[f"{rule}: {_beginning(statement.text)}"] = None
            if grammar and not UNKNOWN_TO_GRAMMAR.search(statement.text):
                for problem in _unparsable(re.sub(r"\d{3,}|[0-9a-f]{16,}", "1", statement.text)):
                    said[f"sqlfluff: {problem}: {_beginning(statement.text)}"] = None
    return list(said)


def _broken(statement: Statement, hashed: dict[str, bool]) -> Iterable[str]:
    words = statement.words
    if words[:2] == ["RENAME", "OBJECT"]:
        at = words.index("TO")
        old, new = statement.tokens[at - 1].text.lower(), statement.tokens[at + 1].text.lower()
        hashed[new] = hashed.get(old, False)
    for token in statement.tokens:
        if len(token.text) > LIMIT and token.token_type.name in ("IDENTIFIER", "VAR"):
            yield f"a name longer than {LIMIT} characters"
    if words and commands.find(words):
        return
    try:
        statement, options = without_options(statement)
        tree = tree_of(statement.text, statement.tokens)
    except PoolError as error:
        yield str(error).splitlines()[0]
        return
    yield from rules.violations(statement, tree, options)
    if isinstance(tree, exp.Create) and options is not None:
        hashed[tree.find(exp.Table).name.lower()] = options.distribution == "HASH"
    if isinstance(tree, exp.Merge) and not hashed.get(tree.this.name.lower(), False):
        yield "MERGE into a table that these statements did not distribute by HASH"


@cache
def _unparsable(text: str) -> tuple[str, ...]:
    parsed = _linter().parse_string(text)
    return tuple(str(violation.desc())[:120] for violation in parsed.violations)


@cache
def _linter() -> Linter:
    return Linter(dialect="tsql")


def _beginning(text: str) -> str:
    return " ".join(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).split())[:100]
