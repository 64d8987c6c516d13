"""The pool itself: one DuckDB file, sessions over it, and how each kind of statement is carried out.

The file is locked by the process that has it open, so one process at a time uses the pool; its threads share it.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from sqlglot import exp

from . import batches, catalogue, commands, functions, rules
from .batches import Call, Condition, Node, Statement
from .errors import PoolError
from .syntax import TableOptions, tree_of, without_options
from .translation import duckdb_sql

STATEMENTS = "statements.jsonl"
MOUNTS = "mounts.json"


@dataclass
class Result:
    """What one statement gives: `columns` as (name, DuckDB type) for a query, else None and the rows touched, -1 if unknown."""

    columns: list[tuple[str, str]] | None = None
    rows: list[tuple] = field(default_factory=list)
    touched: int = -1


class Pool:
    """The pool in a folder: its DuckDB file, the log of its batches and where the storage accounts' folders really are."""

    def __init__(self, folder: Path, database: str = "pool") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.database = folder, database
        self.lock = threading.RLock()
        self.connection = duckdb.connect(str(folder / f"{database}.duckdb"))
        for statement in [*functions.macros(), *catalogue.views()]:
            self.connection.execute(statement)

    def session(self) -> Session:
        return Session(self)

    def close(self) -> None:
        self.connection.close()

    def local(self, uri: str) -> Path:
        """The local folder of a storage URI. Raises PoolError for an account that is not mounted."""
        mounts = json.loads((self.folder / MOUNTS).read_text()) if (self.folder / MOUNTS).exists() else {}
        for mounted, path in sorted(mounts.items(), reverse=True):
            if uri == mounted or uri.startswith(mounted.rstrip("/") + "/"):
                return Path(path) / uri[len(mounted) :].lstrip("/")
        raise PoolError(f"External file access failed: {uri} is not accessible.")


class Session:
    """One connection to the pool. Raises PoolError for whatever the pool refuses; an open transaction is then rolled back."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.connection = pool.connection.cursor()
        self.in_transaction = False
        # The collation of a new pool: case does not tell texts apart.
        for setting in ("default_collation = 'nocase'", "TimeZone = 'UTC'", "search_path = 'dbo,main'"):
            self.connection.execute(f"set {setting}")

    def execute(self, batch: str) -> list[Result]:
        """Carry a batch out and give the result of each of its statements in order."""
        with self.pool.lock:
            try:
                return self._run(batches.parsed(batch), sole=True)
            except duckdb.Error as error:
                self._give_up()
                state = "22001" if "CHECK constraint" in str(error) else "42000"
                cut = "String or binary data would be truncated. " if state == "22001" else ""
                raise PoolError(cut + str(error), state) from None
            except PoolError:
                self._give_up()
                raise

    def close(self) -> None:
        self._give_up()
        self.connection.close()

    def sql(self, statement: str, *values: object) -> list[tuple]:
        """DuckDB's own SQL, for the pool's bookkeeping."""
        self.connection.execute(statement, values)
        return self.connection.fetchall() if self.connection.description else []

    def distribution(self, table: exp.Table) -> str | None:
        found = self.sql(
            "select distribution from sys.distributions where schema_name = ? and name = ?",
            table.db or "dbo",
            table.name,
        )
        return found[0][0] if found else None

    def _give_up(self) -> None:
        if self.in_transaction:
            self.in_transaction = False
            self.connection.execute("rollback")

    def _run(self, nodes: list[Node], sole: bool) -> list[Result]:
        results: list[Result] = []
        for node in nodes:
            if isinstance(node, Call):
                results += self._run(batches.parsed(node.batch), sole=True)
            elif isinstance(node, Condition):
                results += self._run(node.then if self._holds(node) else node.otherwise, sole=False)
            else:
                if node.words[:2] in (["CREATE", "VIEW"], ["CREATE", "SCHEMA"]) and not (
                    sole and len(nodes) == 1
                ):
                    raise PoolError(f"'{' '.join(node.words[:2])}' must be the only statement in a batch.")
                results.append(self._statement(node))
        return results

    def _holds(self, node: Condition) -> bool:
        tested = batches.parsed(f"select case when {node.text} then 1 else 0 end as holds")[0]
        assert isinstance(tested, Statement)
        return self._statement(tested).rows[0][0] == 1

    def _statement(self, statement: Statement) -> Result:
        words = statement.words
        if self.in_transaction and words[0] in ("CREATE", "DROP", "ALTER", "RENAME", "TRUNCATE"):
            raise PoolError(f"{words[0]} is not supported inside a user transaction.")
        command = commands.find(words)
        if command:
            return command(self, statement) or Result()
        statement, options = without_options(statement)
        tree = tree_of(statement.text, statement.tokens)
        broken = [
            said for said in rules.violations(statement, tree, options) if "without a length" not in said
        ]
        if broken:
            raise PoolError("; ".join(broken))
        if isinstance(tree, exp.Merge) and self.distribution(tree.this) != "HASH":
            raise PoolError(
                "Merge statements with a WHEN NOT MATCHED clause must target a hash distributed table."
            )
        if isinstance(tree, (exp.Update, exp.Delete)):
            return self._result(changed_by_join(tree))
        result = self._result(duckdb_sql(tree))
        if isinstance(tree, exp.Create) and tree.kind == "TABLE":
            self._remember(tree, options or TableOptions())
        return result

    def _result(self, sql: str) -> Result:
        self.connection.execute(sql)
        if self.connection.description is None:
            return Result()
        columns = [(name, str(kind)) for name, kind, *_ in self.connection.description]
        rows = self.connection.fetchall()
        if [name for name, _ in columns] == ["Count"] and not sql.lstrip().upper().startswith(
            ("SELECT", "WITH", "(")
        ):
            return Result(touched=rows[0][0] if rows else -1)
        return Result(columns, rows, len(rows))

    def _remember(self, tree: exp.Create, options: TableOptions) -> None:
        table = tree.find(exp.Table)
        schema, name = table.db or "dbo", table.name
        found = {row[0].lower() for row in self.sql(f'describe "{schema}"."{name}"')}
        missing = [key for key in options.keys if key not in found]
        if missing:
            self.sql(f'drop table "{schema}"."{name}"')
            raise PoolError(f"The distribution column {missing[0]} is not in the table.")
        self.sql(
            "insert into sys.distributions values (?, ?, ?, ?)",
            schema, name, options.distribution or "ROUND_ROBIN", options.index or "CLUSTERED COLUMNSTORE INDEX",
        )  # fmt: skip


def changed_by_join(tree: exp.Update | exp.Delete) -> str:
    """UPDATE alias SET .. FROM and DELETE alias FROM as DuckDB writes them: the target named, the other tables beside it."""
    source = tree.args.get("from_") if isinstance(tree, exp.Update) else None
    first = (
        source.this
        if source
        else (tree.this if isinstance(tree, exp.Delete) and tree.args.get("tables") else None)
    )
    if first is None:
        return duckdb_sql(tree)
    named = tree.this if isinstance(tree, exp.Update) else tree.args["tables"][0]
    joins = list(first.args.get("joins") or [])
    first.set("joins", None)
    where = [tree.args["where"].this] if tree.args.get("where") else []
    where += [join.args["on"] for join in joins if join.args.get("on")]
    tables = [first, *[join.this for join in joins]]
    target = next((table for table in tables if table.alias_or_name.lower() == named.name.lower()), named)
    others = [duckdb_sql(table.copy()) for table in tables if table is not target]
    condition = " and ".join(f"({duckdb_sql(part.copy())})" for part in where)
    tail = f" where {condition}" if condition else ""
    if isinstance(tree, exp.Delete):
        return (
            f"delete from {duckdb_sql(target.copy())}"
            + (f" using {', '.join(others)}" if others else "")
            + tail
        )
    changes = ", ".join(
        f"{change.this.name} = {duckdb_sql(change.expression.copy())}" for change in tree.expressions
    )
    return (
        f"update {duckdb_sql(target.copy())} set {changes}"
        + (f" from {', '.join(others)}" if others else "")
        + tail
    )
