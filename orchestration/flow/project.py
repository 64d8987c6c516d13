"""The dbt project as the flow runs it: where its files, its manifest and its runs are kept, and the manifest
itself.

Here: paths, and a manifest that is never older than the project. Not here: what becomes of the manifest
(translator.py, models.py).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ingestion import environment, locks

PROJECT = Path(__file__).resolve().parents[2]
PARTIAL_PARSE = "partial_parse.msgpack"  # what lets dbt read only changed files
_READ_BY_DBT = ("models", "python_models", "macros", "seeds", "snapshots", "tests", "docs/columns")
_SETTINGS = ("dbt_project.yml", "profiles.yml")


class ProjectError(Exception):
    """dbt cannot read the project; the message says why and where its log is."""


def target() -> str:
    """The dbt target that the flow builds (DBT_TARGET, dbt's own variable; default duckdb)."""
    return os.environ.get("DBT_TARGET") or "duckdb"


def home() -> Path:
    """Where Dagster and the flow keep their things: DAGSTER_HOME, else `dagster` beside the warehouse."""
    chosen = os.environ.get("DAGSTER_HOME")
    return Path(chosen).expanduser() if chosen else warehouse_file().parent / "dagster"


def warehouse_file() -> Path:
    """The DuckDB file, absolute."""
    return Path(environment.warehouse()).expanduser().resolve()


def use_absolute_paths() -> None:
    """dbt runs in the project's folder, runs of Dagster elsewhere: no path may depend on where one stands."""
    warehouse = str(warehouse_file())
    if environment.scheme(environment.lake()) in (None, "file"):
        lake = Path(environment.local(environment.lake())).expanduser().resolve()
        os.environ["CLOUDTALLY_LAKE"] = str(lake)
    os.environ["CLOUDTALLY_WAREHOUSE"] = warehouse


def manifest() -> dict[str, Any]:
    """dbt's manifest of the project as it is, parsed only when a file changed since. Raises ProjectError."""
    file = _file()
    if _is_stale(file):
        parsed_folder().mkdir(parents=True, exist_ok=True)
        with locks.held(parsed_folder()):
            if _is_stale(file):  # another process may have parsed it while this one waited
                _parse()
    return attached(json.loads(file.read_text()))


def parsed_at() -> float:
    """When dbt last read the project that `manifest` tells of, in seconds of the epoch."""
    return _file().stat().st_mtime


def parsed_folder() -> Path:
    """Where dbt keeps what it parsed; one folder per target and per choice of who runs intelligence
    (dbt_project.yml), for dbt parses anew where it finds another's.
    """
    told = ["parsed", target(), os.environ.get("CLOUDTALLY_INTELLIGENCE")]
    return home() / "dbt" / "-".join(part for part in told if part)


def run_folder(run_id: str) -> Path:
    """Where dbt works during a run of the flow."""
    return home() / "dbt" / "runs" / run_id


def attached(parsed: dict[str, Any]) -> dict[str, Any]:
    """The manifest with every singular test attached to the model that it guards, as dbt does with generic
    ones.

    That is the model that the test's name begins with, else the one of its models that most others feed.
    """
    for node in parsed["nodes"].values():
        if node["resource_type"] != "test" or node.get("attached_node"):
            continue
        tested = [name for name in node["depends_on"]["nodes"] if name in parsed["nodes"]]
        named = [name for name in tested if node["name"].startswith(name.rsplit(".", 1)[-1])]
        if tested:
            node["attached_node"] = max(named or tested, key=lambda name: len(_upstream(parsed, name)))
    return parsed


def _file() -> Path:
    return parsed_folder() / "manifest.json"


def _upstream(parsed: Mapping[str, Any], name: str) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for parent in parsed["parent_map"].get(waiting.pop(), ()):
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


def _is_stale(file: Path) -> bool:
    try:
        parsed_at = file.stat().st_mtime_ns
    except FileNotFoundError:
        return True
    return any(path.stat().st_mtime_ns > parsed_at for path in _sources())


def _sources() -> Iterator[Path]:
    """Whatever dbt reads, and the folders, which change when a file comes or goes."""
    yield from (PROJECT / name for name in _SETTINGS)
    for name in _READ_BY_DBT:
        for folder, _, files in os.walk(PROJECT / name):
            if os.path.basename(folder) == "__pycache__":
                continue
            yield Path(folder)
            yield from (Path(folder, file) for file in files)


def _parse() -> None:
    command = [sys.executable, "-m", "dbt.cli.main", "--no-use-colors", "parse", "--target", target()]
    command += ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    command += ["--target-path", str(parsed_folder()), "--log-path", str(parsed_folder())]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    if ended.returncode:
        raise ProjectError(f"dbt cannot read the project:\n{ended.stdout[-4000:]}{ended.stderr[-2000:]}")
    _file().touch()  # dbt leaves an unchanged manifest's time alone
