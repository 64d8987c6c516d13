"""`python -m benchmarks.orchestration`: what the flow costs over Dagster's imports, and over dbt alone.

Here: the two comparisons and their table. Not here: measuring a command (benchmarks/measure.py).

`load` is a process that builds the definitions and the repository beside one that only imports dagster and
dagster_dbt. `run` is a process that runs the job refresh (load, dbt, checks and published copies included)
beside `dbt build` of the very same nodes; both on a lake that is built already, so that dbt does the same
work each time.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import measure
from benchmarks.measure import Measurement

PROJECT = Path(__file__).resolve().parents[2]
LOAD_BOUND = 2.0  # seconds over the imports
RUN_BOUND = (20.0, 0.05)  # seconds, and the share of dbt's own time
_IMPORTS = "import dagster, dagster_dbt"
_LOAD = f"{_IMPORTS}; from orchestration.flow.definitions import flow; flow().get_repository_def()"
_RUN = """
import sys
import dagster as dg
from orchestration.flow.definitions import flow
names = ("dagster/asset_partition_range_start", "dagster/asset_partition_range_end")
with dg.DagsterInstance.get() as instance:
    flow().resolve_job_def("refresh").execute_in_process(
        instance=instance, tags=dict(zip(names, sys.argv[1:])),
        run_config={"ops": {"dbt": {"config": {"force": False}}}},
    )
"""


def load(runs: int, logs: Path) -> tuple[Measurement, Measurement]:
    """Medians of importing and of loading, taken in turns."""
    return _in_turns(
        runs,
        lambda number: measure.run([sys.executable, "-c", _IMPORTS], logs / f"imports-{number}.log"),
        lambda number: measure.run([sys.executable, "-c", _LOAD], logs / f"load-{number}.log"),
    )


def run(runs: int, logs: Path, months: tuple[str, str]) -> tuple[Measurement, Measurement]:
    """Medians of dbt alone and of the flow's run of the same nodes, taken in turns."""
    from orchestration.flow import project, translator

    manifest = project.manifest()
    late = translator.after_intelligence(manifest)
    names = [
        node["name"]
        for name, node in manifest["nodes"].items()
        if node["resource_type"] in ("model", "seed", "snapshot") and name not in late
    ]
    plain = [sys.executable, "-m", "dbt.cli.main", "build", "--exclude-resource-type", "unit_test"]
    # as the flow calls it: dbt parses anew where the target is told in another way
    plain += [
        "--target",
        project.target(),
        "--project-dir",
        str(PROJECT),
        "--profiles-dir",
        str(PROJECT),
        "--log-path",
        str(logs),
    ]
    plain += ["--target-path", str(project.parsed_folder()), "--select", *names]
    flow = [sys.executable, "-c", _RUN, *months]
    measure.run(flow, logs / "first.log")  # builds what is not built yet
    return _in_turns(
        runs,
        lambda number: measure.run(plain, logs / f"dbt-{number}.log"),
        lambda number: measure.run(flow, logs / f"flow-{number}.log"),
    )


def _in_turns(runs: int, *things: Callable[[int], Measurement]) -> tuple[Measurement, ...]:
    taken: list[list[Measurement]] = [[] for _ in things]
    for number in range(runs):
        for found, thing in zip(taken, things, strict=True):
            found.append(thing(number))
    return tuple(
        Measurement(
            *(statistics.median(getattr(one, name) for one in found) for name in ("wall", "cpu", "memory_mb"))
        )
        for found in taken
    )


def main() -> None:
    """Print what each comparison gave, and whether it is within the bound."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.orchestration", description=__doc__)
    parser.add_argument("what", choices=["load", "run"], nargs="*", default=["load", "run"])
    parser.add_argument("--runs", type=int, default=5, help="how often each is measured, in turns")
    parser.add_argument("--months", nargs=2, default=("2026-09", "2026-10"), help="first and last, of run")
    arguments = parser.parse_args()
    os.environ.setdefault("PYTHONPATH", str(PROJECT))
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DAGSTER_HOME", folder)
        from orchestration.flow import project

        project.use_absolute_paths()
        project.manifest()  # parsed once, before anything is timed
        for what in arguments.what:
            if what == "load":
                base, ours = load(arguments.runs, Path(folder))
                bound = LOAD_BOUND
            else:
                base, ours = run(arguments.runs, Path(folder), tuple(arguments.months))
                bound = RUN_BOUND[0] + RUN_BOUND[1] * base.wall
            added = ours.wall - base.wall
            verdict = "held" if added <= bound else "MISSED"
            print(
                f"{what:5} base {base.wall:6.2f} s ({base.cpu:.2f} s of processor), "
                f"with the flow {ours.wall:6.2f} s ({ours.cpu:.2f}), "
                f"added {added:.2f} s, bound {bound:.2f} s: {verdict}"
            )


if __name__ == "__main__":
    main()
