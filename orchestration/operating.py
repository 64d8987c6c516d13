"""`tally up`: Dagster's UI, daemon and code server on this lake, started together and ended together.

Here: the processes, where they keep their things, and taking up what an earlier start left. Not here: what
they run (flow/). Dagster is imported late, since it is an optional extra.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingestion import environment, locks
from orchestration import processes, warehouse

HOST = "127.0.0.1"
MODULE = "orchestration.flow.definitions"
PIDS = "pids.json"  # what an earlier start is ended by, when it was killed and could not do so itself
_NEEDED = ("dagster", "dagster_webserver", "dagster_dbt")
_PATIENCE = 180  # seconds until the UI must answer
_GRACE = 15  # seconds to end by oneself

SETTINGS = """\
# Written once by `tally up`, yours to change; docs/orchestration.md says why each is so, and what production
# takes. Storage is SQLite in this folder.
telemetry: {enabled: false}
nux: {enabled: false}
freshness: {enabled: true}
concurrency:
  # DuckDB has one writer: one run at a time, and one step of it at the warehouse
  runs: {max_concurrent_runs: 1}
  pools: {default_limit: 1, granularity: op}
# runs that were killed are taken up again; a step that failed has its own retries, if they can help
run_retries: {enabled: true, max_retries: 3, retry_on_asset_or_op_failure: false}
# and the places in a pool that a killed run had are free soon
run_monitoring: {enabled: true, free_slots_after_run_end_seconds: 30}
retention:
  sensor: {purge_after_days: {skipped: 2, failure: 30, success: 90}}
  schedule: {purge_after_days: {skipped: 7, failure: 30, success: 90}}
"""


class CannotRun(Exception):
    """Dagster cannot be started; the message says why and what to do."""


@dataclass
class Running:
    """The processes of a start, by what they are, and where the UI is."""

    url: str
    processes: dict[str, subprocess.Popen]
    logs: Path

    def ended(self) -> str | None:
        """The name of a process that ended by itself."""
        return next((name for name, process in self.processes.items() if process.poll() is not None), None)


def ensure_installed() -> None:
    """Raises CannotRun, with what to install, when the extra is not there."""
    if missing := [name for name in _NEEDED if importlib.util.find_spec(name) is None]:
        raise CannotRun(
            f"Dagster is not installed ({', '.join(missing)}): run `uv sync --extra dagster`, "
            "or `pip install 'cloudtally[dagster]'`"
        )


@contextlib.contextmanager
def up(port: int) -> Iterator[Running]:
    """All of Dagster, answering at the port; ended, children and all, when the block is left.

    Raises CannotRun when the extra is missing, the port is taken, another start has this lake, or a process
    ends before the UI answers.
    """
    ensure_installed()
    from orchestration.flow import project

    project.use_absolute_paths()
    home = project.home().resolve()
    home.mkdir(parents=True, exist_ok=True)
    os.environ["DAGSTER_HOME"] = str(home)
    if not (home / "dagster.yaml").exists():
        (home / "dagster.yaml").write_text(SETTINGS)
    _ensure_free(port)
    (home / "running").mkdir(exist_ok=True)
    if not locks.is_free(home / "running"):
        raise CannotRun(f"another `tally up` runs on {environment.lake()}: use its UI, or end it first")
    with locks.held(home / "running"), tempfile.TemporaryDirectory(prefix="tally-up-") as room:
        _end_leftovers(home)
        try:
            project.manifest()
        except project.ProjectError as error:
            raise CannotRun(str(error)) from error
        _prepare()
        running = Running(f"http://{HOST}:{port}", {}, home / "server-logs")
        try:
            _start(running, port, Path(room), home)
            yield running
        finally:
            _stop(running)
            (home / PIDS).unlink(missing_ok=True)


def _ensure_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CannotRun(f"port {port} is taken ({error.strerror}): choose another with --port") from error


def _prepare() -> None:
    """Runs that died with an earlier start are marked as failed, which queues them again."""
    from dagster import DagsterInstance, DagsterRunStatus, RunsFilter

    dead = [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]
    with DagsterInstance.get() as instance:
        for run in instance.get_runs(RunsFilter(statuses=dead)):
            # else its place in the pool stays taken, and the run that takes it up waits for it
            instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
            if run.status == DagsterRunStatus.CANCELING:
                instance.report_run_canceled(run)
            else:
                instance.report_run_failed(
                    run, "its process ended with an earlier `tally up`; it is taken up again"
                )


def _start(running: Running, port: int, room: Path, home: Path) -> None:
    shutil.rmtree(running.logs, ignore_errors=True)
    running.logs.mkdir()
    code = str(room / "code.sock")
    workspace = room / "workspace.yaml"
    location = {"grpc_server": {"socket": code, "location_name": "cloudtally"}}
    workspace.write_text(json.dumps({"load_from": [location]}))
    here = ["--workspace", str(workspace)]
    commands = {
        "code server": ["-m", "dagster", "code-server", "start", "-m", MODULE, "--socket", code],
        "daemon": ["-m", "dagster._daemon", "run", *here],
        "webserver": ["-m", "dagster_webserver", "-h", HOST, "-p", str(port), *here],
    }
    for name, arguments in commands.items():
        running.processes[name] = processes.start(arguments, running.logs / f"{name.replace(' ', '-')}.log")
        pids = {known: process.pid for known, process in running.processes.items()}
        (home / PIDS).write_text(json.dumps(pids))
        if name == "code server":
            _until(lambda: Path(code).exists(), running, _PATIENCE)
    _until(lambda: processes.answers(f"{running.url}/server_info"), running, _PATIENCE)


def _until(is_so, running: Running, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        if name := running.ended():
            raise CannotRun(f"the {name} ended at once: {_last_words(running.logs, name)}")
        if time.monotonic() > until:
            raise CannotRun(f"Dagster did not come up within {seconds:.0f} s: see {running.logs}")
        time.sleep(0.2)


def _last_words(logs: Path, name: str) -> str:
    log = logs / f"{name.replace(' ', '-')}.log"
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return "\n".join([*lines[-8:], f"log: {log}"])


def _stop(running: Running) -> None:
    """The UI and the daemon end by themselves; then the code server, with what runs in it.

    A run that is cut so leaves whole slices only, and the next start takes it up.
    """
    ended = [running.processes[name] for name in ("webserver", "daemon") if name in running.processes]
    for process in ended:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
    until = time.monotonic() + _GRACE
    for process in ended:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=max(0.1, until - time.monotonic()))
    processes.end([process.pid for process in running.processes.values()])
    for process in running.processes.values():
        process.wait()


def _end_leftovers(home: Path) -> None:
    """Processes that a killed `tally up` left, known by the pids that it wrote and by being Dagster's."""
    try:
        pids = json.loads((home / PIDS).read_text())
    except (FileNotFoundError, ValueError):
        return
    processes.end([pid for pid in pids.values() if processes.is_ours(pid)])
    (home / PIDS).unlink(missing_ok=True)


def empty() -> bool:
    """Whether there is nothing in the lake yet, so that the UI would have nothing to show."""
    root = environment.lake()
    if environment.scheme(root) not in (None, "file"):
        return False
    raw = Path(environment.local(root)).expanduser() / "raw"
    return not warehouse.path().exists() and not any(raw.glob("*/*/*/exported=*/delivery=*"))
