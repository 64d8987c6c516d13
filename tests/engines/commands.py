"""One process that stays and runs dbt and tally, a command after another: imports and a parsed project serve them all.

Here: the process (`python commands.py`) and the hold on it. It is apart from the tests because a rig's environment, and the
`pyodbc` that stands in for the driver, are nothing to bring into theirs. Not here: which commands are run (lake.py).
"""

from __future__ import annotations

import contextlib
import functools
import io
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ended:
    """What a command printed, or what dbt told, and whether it went well."""

    is_well: bool
    said: str


class Commands:
    """The running process; its standard error stands in `log`."""

    def __init__(self, process: subprocess.Popen, log: Path) -> None:
        self._process, self._log = process, log

    def run(self, program: str, *arguments: str, **environment: str) -> Ended:
        """`dbt`, `tally`, `compute` (a target and tables of intelligence) or `checks` (a target) with these arguments and
        further variables of the environment. Raises RuntimeError, with the log's end, when the process is gone."""
        asked = {"program": program, "arguments": arguments, "environment": environment}
        print(json.dumps(asked), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if not answer:
            ended = f"{program} {' '.join(arguments)}: the process ended with {self._process.wait()}"
            raise RuntimeError(f"{ended}\n{self._log.read_text()[-4000:]}")
        return Ended(**json.loads(answer))


@contextmanager
def started(environment: dict[str, str], log: Path) -> Iterator[Commands]:
    """The process with these variables beside the tests' own; ended with the context."""
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, str(Path(__file__))],
            env={**os.environ, "PYTHONPATH": str(PROJECT), **environment},
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        yield Commands(process, log)
    finally:
        process.stdin.close()  # it reads to the end of its input
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what is printed is no answer
    _share_the_models_of_aws()
    programs: dict[str, Callable[..., Ended]] = {
        "dbt": _dbt,
        "tally": _tally,
        "compute": _compute,
        "checks": _checks,
    }
    for line in sys.stdin:
        asked = json.loads(line)
        before = dict(os.environ)
        os.environ.update(asked["environment"])
        try:
            ended = programs[asked["program"]](*asked["arguments"])
        finally:
            os.environ.clear()
            os.environ.update(before)
            _close_pools()
        print(json.dumps(ended.__dict__), file=answers, flush=True)


def _dbt(*arguments: str) -> Ended:
    from dbt.cli.main import dbtRunner

    told: list[str] = []

    def hear(event: Any) -> None:
        if event.info.level in ("info", "warn", "error"):
            told.append(event.info.msg)

    quiet = ["--log-level", "none", "--no-use-colors"]
    ended = dbtRunner(manifest=_parsed(arguments).deepcopy(), callbacks=[hear]).invoke([*quiet, *arguments])
    return Ended(ended.success, "\n".join([*told, str(ended.exception or "")]))


def _parsed(arguments: tuple[str, ...]) -> Any:
    """The manifest of the project that the arguments name, with the variables that they give."""
    told = dict(zip(arguments, arguments[1:], strict=False))
    names = ("--project-dir", "--profiles-dir", "--target", "--log-path", "--target-path", "--vars")
    return _parse(**{name.strip("-").replace("-", "_"): told[name] for name in names if name in told})


_manifests: dict[tuple, Any] = {}


def _parse(log_path: str, target_path: str, **options: str) -> Any:
    key = tuple(options.items())
    if key not in _manifests:
        if options["project_dir"] == str(PROJECT) and "vars" not in options:
            from orchestration import building

            found = building.manifest(options["target"])  # tally's own commands share it
        else:
            found = _parsed_anew({**options, "log_path": log_path, "target_path": target_path})
        found.disabled.clear()  # dbt's own copying fails with nodes that are disabled, and no run needs them
        _manifests[key] = found
    return _manifests[key]


def _parsed_anew(options: dict[str, str]) -> Any:
    from dbt.cli.main import dbtRunner

    pairs = [part for name, value in options.items() for part in (f"--{name.replace('_', '-')}", value)]
    ended = dbtRunner().invoke(["--log-level", "none", "parse", *pairs])
    if not ended.success:
        raise RuntimeError(f"the project cannot be parsed: {ended.exception}")
    return ended.result


def _tally(*arguments: str) -> Ended:
    from orchestration.cli import main as tally

    printed = io.StringIO()
    code: Any = 0
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            tally(list(arguments))
        except SystemExit as end:
            code = end.code
    return Ended(not code, printed.getvalue())


def _compute(target: str, *tables: str) -> Ended:
    """What the flow's assets do of intelligence, without Dagster around it."""
    from orchestration import building, computing

    try:
        manifest = building.manifest(target).to_dict()
        return Ended(True, "\n".join(str(computing.compute(name, manifest, target)) for name in tables))
    except Exception:
        return Ended(False, traceback.format_exc())


def _checks(target: str) -> Ended:
    """The flow's checks of whole marts; a line for each, which says whether it passed."""
    from orchestration import building, relations
    from orchestration.flow import checks

    try:
        manifest = building.manifest(target).to_dict()
        marts = ("reconciliation", "completeness", "gaps", "deliveries")
        with relations.readable(marts, manifest, target) as connection:
            told = [
                checks.meets_the_bills(connection),
                checks.no_gaps(connection),
                checks.still_arriving(connection, datetime.now(UTC).replace(tzinfo=None)),
            ]
        return Ended(True, "\n".join(f"{one.check_name} {one.passed}: {one.description}" for one in told))
    except Exception:
        return Ended(False, traceback.format_exc())


def _share_the_models_of_aws() -> None:
    """dbt-athena opens several boto3 sessions a node, and each reads megabytes of JSON about AWS's services anew."""
    with contextlib.suppress(ImportError):
        import botocore.session

        botocore.session.create_loader = functools.cache(botocore.session.create_loader)


def _close_pools() -> None:
    """Synapse's stand-in holds its file while a process has it open, and the tests look into it between the commands."""
    if "pool" in sys.modules:
        sys.modules["pyodbc"].close_pools()


if __name__ == "__main__":
    main()
