"""`python -m benchmarks`: generate bills, measure the scenarios, write docs/performance.md.

Here: arguments and the results file. Not here: what is measured.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

from benchmarks import report
from benchmarks.scenarios import SCENARIOS, Sizes

PROJECT = Path(__file__).resolve().parents[1]
WORK = PROJECT / "build" / "benchmarks"


def main() -> None:
    """Run the chosen scenarios; earlier results of the others stay in the report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000, help="rows of the larger bill")
    parser.add_argument(
        "--runs",
        type=int,
        default=3,
        help="how often each thing is measured; 0 makes the lakes alone, for --keep",
    )
    parser.add_argument(
        "--month-rows", type=int, default=1_000_000, help="rows of the month that is replaced"
    )
    parser.add_argument("--history-months", type=int, default=12, help="months of the long history")
    parser.add_argument("--history-rows", type=int, default=50_000, help="rows of each of its other months")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=SCENARIOS,
        default=["marginal", "marginal_azure", "marginal_gcp", "replace", "converters"],
        help="scenarios",
    )
    parser.add_argument(
        "--keep", action="store_true", help="leave the lakes in the work folder, and use those that are there"
    )
    parser.add_argument("--work", type=Path, default=WORK, help="folder for bills, lakes and results")
    parser.add_argument("--out", type=Path, default=PROJECT / "docs" / "performance.md")
    arguments = parser.parse_args()
    sizes = Sizes(
        arguments.rows, arguments.runs, arguments.month_rows, arguments.history_months, arguments.history_rows
    )
    arguments.work.mkdir(parents=True, exist_ok=True)
    kept = arguments.work / "results.json"
    results = json.loads(kept.read_text()) if kept.exists() else {}
    for name in arguments.only:
        folder = (arguments.work / name).resolve()
        if not arguments.keep:
            shutil.rmtree(folder, ignore_errors=True)
        print(f"{name} …", flush=True)
        result = SCENARIOS[name](folder, sizes)
        if sizes.runs:  # no run at all: the lakes are made, for a later one that keeps them
            results[name] = {**result, "runs_of_each": sizes.runs}
            kept.write_text(json.dumps(results, indent=1))
        if not arguments.keep:
            shutil.rmtree(folder, ignore_errors=True)
    arguments.out.write_text(report.page(results))
    print(f"wrote {arguments.out}")


if __name__ == "__main__":
    main()
