"""Runs dbt on the project as `tally build`, `tally stage`, `tally doctor` and `tally demo` do.

Here: finding the project, passing forced slices, telling progress and what failed. Not here: what is printed
about results.
"""

from __future__ import annotations

import contextlib
import copy
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

from ingestion import environment
from orchestration import slices, warehouse
from orchestration.targets import TARGETS

PROJECT = Path(__file__).resolve().parents[1]
DEFAULT_TARGET = TARGETS[0]
Progress = Callable[[str, int, int], None]  # a node's name, how many are done, how many there are
_BAD = {"error", "fail", "runtime error"}
_PLAIN = re.compile(r"\x1b\[[0-9;]*m")  # the colours in what dbt says
_ENDED = ("LogModelResult", "LogSeedResult", "LogTestResult", "LogSnapshotResult")


class Stopped(Exception):
    """The build was interrupted; the message says how far it was and how to go on."""


@dataclass(frozen=True)
class Failure:
    """A node that failed (`kind` model, test, seed …), or dbt itself."""

    kind: str
    name: str
    message: str


@dataclass
class Outcome:
    """What a build did: green without `failures`; `skipped` names the models not built because of them."""

    log: Path
    failures: list[Failure] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    total: int = 0


def log_folder() -> Path:
    """Where dbt's log of this warehouse's builds is kept."""
    return warehouse.path().resolve().parent / "logs"


def build(
    force: dict[str, str] | None = None,
    full_refresh: bool = False,
    progress: Progress | None = None,
    target: str = DEFAULT_TARGET,
) -> Outcome:
    """`dbt build` on a target. Slices that match `force` are rebuilt anyway: it holds a provider, a
    billing_period (YYYY-MM-01) or both.

    Raises WarehouseError when another process has the warehouse, and Stopped on Ctrl-C; both leave the ledger
    as it was or with whole slices replaced.
    """
    # what is parsed for `dbt build` as a person types it, without a target, serves here too
    arguments = ["build"] if target == DEFAULT_TARGET else ["build", "--target", target]
    arguments += ["--full-refresh"] if full_refresh else []
    with slices.forcing([force] if force else []):
        return _run(arguments, target, progress)


def test(select: list[str], target: str = DEFAULT_TARGET) -> Outcome:
    """`dbt test` of a selection on a target. Raises as `build` does."""
    logs = log_folder()
    return _run(["test", *_of_target(logs, target), "--select", *select], target, None)


def debug(target: str) -> str | None:
    """`dbt debug` of a target's connection: None when it answers, else why it does not."""
    told: list[str] = []
    logs = log_folder()

    def hear(event) -> None:
        if event.info.name == "DebugCmdResult":
            told.append(_PLAIN.sub("", event.data.msg).strip())

    with _absolute_paths(warehouse.path()):
        arguments = ["debug", "--connection", "--target", target, *_places(logs)]
        ended = dbtRunner(callbacks=[hear]).invoke(arguments)
        DuckDBConnectionManager.close_all_connections()
    if ended.success and ended.result:
        return None
    return "\n".join(told[1:]) or str(ended.exception or "dbt debug failed")


def _run(arguments: list[str], target: str, progress: Progress | None) -> Outcome:
    if target == DEFAULT_TARGET:
        warehouse.ensure_free()
    outcome = Outcome(log_folder() / "dbt.log")
    follower = _Follower(progress)
    with _absolute_paths(warehouse.path()):
        ended = dbtRunner(callbacks=[follower]).invoke(arguments + _places(outcome.log.parent))
        DuckDBConnectionManager.close_all_connections()  # dbt keeps the file open for the life of the process
    if isinstance(ended.exception, KeyboardInterrupt):
        raise Stopped(follower.standing(outcome.log))
    if ended.exception is not None:
        busy = warehouse.in_use(str(ended.exception))
        if busy:
            raise warehouse.WarehouseError(busy)
        outcome.failures.append(Failure("dbt", "", str(ended.exception)))
        return outcome
    outcome.total = len(ended.result)
    for result in ended.result:
        if str(result.status) in _BAD:
            kind = str(result.node.resource_type)
            outcome.failures.append(Failure(kind, result.node.name, result.message or ""))
        elif str(result.status) == "skipped" and str(result.node.resource_type) == "model":
            outcome.skipped.append(result.node.name)
    return outcome


def operation(name: str, target: str, file: Path | None = None, heard: Callable[[str], None] | None = None):
    """Run a macro of the project on a target, or with another DuckDB file than configured; dbt's manifest.
    `heard` is given the lines that the macro logs.

    Raises WarehouseError with what dbt says when it fails.
    """
    logs = log_folder()
    faults: list[str] = []

    def hear(event) -> None:
        if heard and event.info.name == "JinjaLogInfo":
            heard(event.data.msg)
        if event.info.level == "error":
            faults.append(_PLAIN.sub("", event.info.msg))

    with _absolute_paths(file or warehouse.path()):
        manifest = _parsed(target, environment.schema_prefix(), logs)
        # dbt changes the manifest that it runs
        runner = dbtRunner(manifest=copy.deepcopy(manifest), callbacks=[hear])
        ended = runner.invoke(["run-operation", name, *_places(logs), *_of_target(logs, target)])
        DuckDBConnectionManager.close_all_connections()
    if not ended.success:
        raise warehouse.WarehouseError(_why_not(ended, logs / "dbt.log", f"{name} on {target}", faults))
    return manifest


def manifest(target: str = DEFAULT_TARGET):
    """dbt's manifest of the project on a target. Raises WarehouseError with what dbt says when it cannot read
    it.
    """
    with _absolute_paths(warehouse.path()):
        return _parsed(target, environment.schema_prefix(), log_folder())


# parsing takes seconds; a process does it once for each target and prefix
_manifests: dict[tuple[str, str], object] = {}


def _parsed(target: str, schema_prefix: str, logs: Path):
    if (target, schema_prefix) not in _manifests:
        parsed = dbtRunner().invoke(["parse", *_places(logs), *_of_target(logs, target)])
        if not parsed.success:
            raise warehouse.WarehouseError(_why_not(parsed, logs / "dbt.log", "parsing the project"))
        _manifests[target, schema_prefix] = parsed.result
    return _manifests[target, schema_prefix]


def _of_target(logs: Path, target: str) -> list[str]:
    # artifacts of its own: dbt parses everything anew where it finds those of another target
    return ["--target", target, "--target-path", str(logs / f"target-{target}")]


def _why_not(ended, log: Path, what: str, messages: Sequence[str] = ()) -> str:
    messages = list(messages) or ([str(ended.exception)] if ended.exception else [])
    return "\n".join([f"dbt failed: {what}", *messages, f"log: {log}"])


def report(outcome: Outcome) -> str:
    """What failed and why, what was not built because of it, and where to read on."""
    steps = f" of {outcome.total} steps" if outcome.total else ""
    lines = [f"{len(outcome.failures)}{steps} failed"]
    for failure in outcome.failures:
        lines.append(f"{failure.kind} {failure.name}".rstrip())
        told = [line.rstrip() for line in failure.message.splitlines() if line.strip()]
        lines += [f"    {line}" for line in told[:10]] + (["    …"] if len(told) > 10 else [])
    if outcome.skipped:
        more = f" and {len(outcome.skipped) - 8} more" if len(outcome.skipped) > 8 else ""
        lines.append(f"not built because of that: {', '.join(outcome.skipped[:8])}{more}")
    return "\n".join([*lines, f"log: {outcome.log}"])


def _places(logs: Path) -> list[str]:
    arguments = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    arguments += ["--log-level", "none", "--log-level-file", "info", "--log-path", str(logs)]
    return [*arguments, "--no-use-colors-file"]


@contextlib.contextmanager
def _absolute_paths(file: Path) -> Iterator[None]:
    """dbt changes to the project's folder: no path may depend on where one stands. `file` is DuckDB's."""
    before = {name: os.environ.get(name) for name in ("CLOUDTALLY_LAKE", "CLOUDTALLY_WAREHOUSE")}
    absolute = str(file.resolve())
    if environment.scheme(environment.lake()) in (None, "file"):
        os.environ["CLOUDTALLY_LAKE"] = str(
            Path(environment.local(environment.lake())).expanduser().resolve()
        )
    os.environ["CLOUDTALLY_WAREHOUSE"] = absolute
    try:
        with contextlib.chdir(PROJECT):
            yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


class _Follower:
    """Listens to dbt: passes progress on, and remembers what is under way for when it is interrupted."""

    def __init__(self, progress: Progress | None) -> None:
        self.progress = progress
        self.running: dict[str, None] = {}
        self.failed: list[str] = []
        self.cut: set[str] = set()  # what failed only because it was interrupted
        self.done = self.total = 0

    def __call__(self, event) -> None:
        if event.info.name == "LogStartLine":
            self.running[event.data.node_info.node_name] = None
        if event.info.name.endswith("ExceptionOnRun") and "interrupt" in event.data.exc.lower():
            self.cut.add(event.data.node_info.node_name)
        if event.info.name not in _ENDED or event.data.node_info.node_name in self.cut:
            return
        name = event.data.node_info.node_name
        self.running.pop(name, None)
        self.done += 1
        self.total = event.data.num_models if event.info.name == "LogTestResult" else event.data.total
        if str(event.data.status).lower() in _BAD:
            self.failed.append(name)
        if self.progress:
            self.progress(name, event.data.index, self.total)

    def standing(self, log: Path) -> str:
        """The message of an interrupted build."""
        far = f" after {self.done} of {self.total} steps" if self.total else " before the first step"
        under_way = f", during {', '.join(self.running)}" if self.running else ""
        failed = f"failed before that: {', '.join(self.failed)}\n" if self.failed else ""
        return (
            f"stopped{far}{under_way}\n{failed}"
            f"the ledger holds whole slices only; run `tally build` to go on\nlog: {log}"
        )
