"""Runs dbt on the project as `tally build` and `tally demo` do.

Here: finding the project, passing forced slices, telling progress. Not here: what is printed about results.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

from ingestion import environment

PROJECT = Path(__file__).resolve().parents[1]


def build(
    force: dict[str, str] | None = None,
    full_refresh: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
) -> list[str]:
    """`dbt build`; returns the failures as `name: message`, empty when everything is green.

    `force` holds a provider, a billing_period (YYYY-MM-01) or both: matching slices are rebuilt anyway.
    `progress` is called with each node's name, how many are done and how many there are.
    """
    if "://" not in environment.lake():
        os.environ["CLOUDTALLY_LAKE"] = str(Path(environment.local(environment.lake())).resolve())
    arguments = [
        "build",
        "--project-dir",
        str(PROJECT),
        "--profiles-dir",
        str(PROJECT),
        "--log-level",
        "none",
    ]
    if force:
        arguments += ["--vars", json.dumps({"force_slices": [force]})]
    if full_refresh:
        arguments.append("--full-refresh")

    def follow(event) -> None:
        if progress and event.info.name in ("LogModelResult", "LogSeedResult", "LogTestResult"):
            total = event.data.num_models if event.info.name == "LogTestResult" else event.data.total
            progress(event.data.node_info.node_name, event.data.index, total)

    outcome = dbtRunner(callbacks=[follow]).invoke(arguments)
    DuckDBConnectionManager.close_all_connections()  # dbt keeps the file open for the life of the process
    if outcome.exception is not None:
        return [f"dbt: {outcome.exception}"]
    bad = {"error", "fail", "runtime error"}
    return [f"{r.node.name}: {r.message}" for r in outcome.result if str(r.status) in bad]
