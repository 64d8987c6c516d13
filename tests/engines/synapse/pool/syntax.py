"""From a statement's text to its tree, and what is cut off before: table options, which sqlglot's T-SQL does not read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.tokens import Token

from .batches import Statement, word
from .errors import PoolError
from .vocabulary import TRANSLATED

PREFIX = "pool_"  # of the functions that the stand-in computes itself


@dataclass
class TableOptions:
    """What stands in `with (..)` of a new table."""

    distribution: str | None = None  # HASH, ROUND_ROBIN or REPLICATE
    keys: list[str] = field(default_factory=list)  # the columns of HASH
    index: str | None = None
    unknown: list[str] = field(default_factory=list)


def tree_of(text: str, tokens: list[Token]) -> exp.Expression:
    """The statement as a tree, its translated functions renamed. Raises PoolError where it does not parse."""
    renamed, start, at = [], tokens[0].start if tokens else 0, 0
    for token, following in zip(tokens, tokens[1:], strict=False):
        if word(token) in TRANSLATED and word(following) == "(":
            renamed.append(text[at : token.start - start] + PREFIX)
            at = token.start - start
    try:
        return sqlglot.parse_one("".join(renamed) + text[at:], read="tsql")
    except SqlglotError as error:
        raise PoolError(f"Incorrect syntax: {re.sub(chr(27) + r'.[0-9]*m', '', str(error))}") from None


def without_options(statement: Statement) -> tuple[Statement, TableOptions | None]:
    """A CREATE TABLE without its `with (..)`, and that; any other statement as it is."""
    words = statement.words
    if words[:2] != ["CREATE", "TABLE"]:
        return statement, None
    depth = 0
    for at, here in enumerate(words):
        if depth == 0 and here == "AS":
            break
        if depth == 0 and here == "WITH" and words[at + 1] == "(":
            end = _closing(words, at + 1)
            options = _options(statement.tokens[at + 2 : end])
            first = statement.tokens[0].start
            before = statement.text[: statement.tokens[at].start - first]
            after = statement.text[statement.tokens[end].end + 1 - first :]
            gap = statement.tokens[end].end + 1 - statement.tokens[at].start
            blanked = before + " " * gap + after  # blanks, so that the tokens stay where they are
            return Statement(
                blanked, statement.tokens[:at] + statement.tokens[end + 1 :], statement.closed
            ), options
        depth += {"(": 1, ")": -1}.get(here, 0)
    return statement, TableOptions()


def _closing(words: list[str], opening: int) -> int:
    depth = 0
    for at in range(opening, len(words)):
        depth += {"(": 1, ")": -1}.get(words[at], 0)
        if depth == 0:
            return at
    raise PoolError("Incorrect syntax: a parenthesis is not closed.")


def _options(tokens: list[Token]) -> TableOptions:
    options, part, depth = TableOptions(), [], 0
    for token in [*tokens, None]:
        if token is None or (depth == 0 and word(token) == ","):
            _option(options, part)
            part = []
            continue
        depth += {"(": 1, ")": -1}.get(word(token), 0)
        part.append(token)
    return options


def _option(options: TableOptions, part: list[Token]) -> None:
    words = [token.text.upper() for token in part]
    said = " ".join(words)
    if (
        words[:2] == ["DISTRIBUTION", "="]
        and len(words) > 2
        and words[2] in ("HASH", "ROUND_ROBIN", "REPLICATE")
    ):
        options.distribution = words[2]
        options.keys = [token.text.lower() for token in part[4:-1] if token.text != ","]
        if (words[2] == "HASH") != bool(options.keys):
            options.unknown.append(said)
    elif (
        words == ["HEAP"]
        or words[:3] == ["CLUSTERED", "COLUMNSTORE", "INDEX"]
        or words[:3] == ["CLUSTERED", "INDEX", "("]
    ):
        options.index = "HEAP" if words == ["HEAP"] else " ".join(words[:3]).removesuffix(" (")
    elif words[:1] != ["PARTITION"]:
        options.unknown.append(said)
