"""A batch of T-SQL as its statements. Statements may follow each other without a semicolon, so words tell them apart.

Only the control flow that dbt and this project write is known: `if`, `begin` .. `end` and `exec('..')`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlglot.dialects.tsql import TSQL
from sqlglot.errors import SqlglotError
from sqlglot.tokens import Token, TokenType

from .errors import PoolError

ALWAYS_BEGIN = {
    "EXEC",
    "EXECUTE",
    "IF",
    "RENAME",
    "COMMIT",
    "ROLLBACK",
    "BEGIN",
    "USE",
    "TRUNCATE",
    "DECLARE",
    "PRINT",
}
DEFINE = {"CREATE", "DROP", "ALTER"}
CHANGE = {"INSERT", "UPDATE", "DELETE", "MERGE"}
SET_OPERATORS = {"UNION", "ALL", "EXCEPT", "INTERSECT"}
SELECTING = {"SELECT", "WITH", "INSERT", "CREATE"}


@dataclass
class Statement:
    """One statement without its closing semicolon and without its OPTION clause."""

    text: str
    tokens: list[Token]
    closed: bool = False  # by a semicolon: MERGE must be

    @property
    def words(self) -> list[str]:
        return [word(token) for token in self.tokens]


@dataclass
class Call:
    """The batch inside `exec('..')`."""

    batch: str


@dataclass
class Condition:
    text: str
    tokens: list[Token]
    then: list[Node] = field(default_factory=list)
    otherwise: list[Node] = field(default_factory=list)


Node = Statement | Call | Condition


class _Dialect(TSQL):
    class Tokenizer(TSQL.Tokenizer):
        COMMANDS: set[TokenType] = set()  # else what follows RENAME would be one text


def word(token: Token) -> str:
    """A token's keyword in upper case; a quoted name or a text is none, whatever it says."""
    quoted = (TokenType.STRING, TokenType.NATIONAL_STRING, TokenType.IDENTIFIER)
    return "" if token.token_type in quoted else token.text.upper()


def parsed(batch: str) -> list[Node]:
    """The statements of a batch in order.

    Raises PoolError where the batch cannot be told apart, as the server would for a syntax error.
    """
    try:
        tokens = _Dialect().tokenize(batch)
    except SqlglotError as error:
        raise PoolError(f"Parse error: {error}") from None
    return _Reader(batch, tokens).block()


def statements(batch: str) -> Iterator[Statement]:
    """Every plain statement of a batch, those of `exec` and of both branches of an `if` among them."""
    pending = parsed(batch)
    while pending:
        node = pending.pop(0)
        if isinstance(node, Statement):
            yield node
        elif isinstance(node, Call):
            pending = parsed(node.batch) + pending
        else:
            yield Statement(f"SELECT 1 AS one WHERE {node.text}", [])
            pending = node.then + node.otherwise + pending


class _Reader:
    def __init__(self, batch: str, tokens: list[Token]) -> None:
        self.batch, self.tokens, self.at = batch, tokens, 0

    def word(self, ahead: int = 0) -> str:
        return word(self.tokens[self.at + ahead]) if self.at + ahead < len(self.tokens) else ""

    def text(self, first: int, end: int) -> str:
        return self.batch[self.tokens[first].start : self.tokens[end - 1].end + 1] if end > first else ""

    def block(self) -> list[Node]:
        nodes: list[Node] = []
        while self.at < len(self.tokens) and self.word() != "END":
            if self.word() == ";":
                self.at += 1
            else:
                nodes.extend(self.statement())
        return nodes

    def statement(self) -> list[Node]:
        if self.word() == "IF":
            return [self.condition()]
        if self.word() == "BEGIN" and self.word(1) not in ("TRAN", "TRANSACTION"):
            self.at += 1
            nodes = self.block()
            if self.word() != "END":
                raise PoolError("Parse error: a BEGIN without its END.")
            self.at += 1
            return nodes
        if self.word() in ("EXEC", "EXECUTE") and self.word(1) == "(":
            return [self.call()]
        return [self.plain()]

    def condition(self) -> Condition:
        self.at += 1
        first, depth = self.at, 0
        while self.at < len(self.tokens) and (depth or not self.begins_body()):
            depth += {"(": 1, ")": -1}.get(self.word(), 0)
            self.at += 1
        node = Condition(self.text(first, self.at), self.tokens[first : self.at])
        node.then = self.statement()
        while self.word() == ";" and self.word(1) == "ELSE":
            self.at += 1
        if self.word() == "ELSE":
            self.at += 1
            node.otherwise = self.statement()
        return node

    def begins_body(self) -> bool:
        return self.word() in ALWAYS_BEGIN | DEFINE | CHANGE | {"SELECT", "SET"}

    def call(self) -> Call:
        texts: list[str] = []
        self.at += 2
        while self.word() != ")":
            token = self.tokens[self.at]
            if token.token_type in (TokenType.STRING, TokenType.NATIONAL_STRING):
                texts.append(token.text)
            elif word(token) != "+":
                raise PoolError("Parse error: EXEC takes texts and + between them.")
            self.at += 1
        self.at += 1
        return Call("".join(texts))

    def plain(self) -> Statement:
        first, begins = self.at, self.word()
        depth = cases = 0
        selected = begins == "SELECT"
        self.at += 1
        while self.at < len(self.tokens):
            here, before = self.word(), word(self.tokens[self.at - 1])
            if depth == 0:
                if here == ";" or (here == "END" and not cases) or (here == "ELSE" and not cases):
                    break
                if here == "OPTION" and self.word(1) == "(":
                    return self.ended(first, self.at, option=True)
                if self.begins_next(begins, here, before, selected):
                    break
                selected = selected or here == "SELECT"
                cases += {"CASE": 1, "END": -1}.get(here, 0)
            depth += {"(": 1, ")": -1}.get(here, 0)
            self.at += 1
        return self.ended(first, self.at)

    @staticmethod
    def begins_next(begins: str, here: str, before: str, selected: bool) -> bool:
        if begins in ("GRANT", "REVOKE", "DENY"):
            return False
        if here in ALWAYS_BEGIN:
            return not (here == "IF" and before in ("TABLE", "VIEW", "SCHEMA"))
        if here in DEFINE and before != "OR":
            return begins != "ALTER"
        if here in CHANGE:
            return before not in ("THEN", "INNER", "LEFT", ",")
        if here == "SELECT":
            return (
                begins not in SELECTING or (selected and before not in SET_OPERATORS)
                if before != "AS"
                else False
            )
        return False

    def ended(self, first: int, end: int, option: bool = False) -> Statement:
        if option:
            while self.at < len(self.tokens) and self.word() != ")":
                self.at += 1
            self.at += 1
        closed = self.word() == ";"
        return Statement(self.text(first, end), self.tokens[first:end], closed)
