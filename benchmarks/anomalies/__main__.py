"""`python -m benchmarks.anomalies`: every method on generated estates, one line a seed, and the mean.

Here: arguments, timing and the table. Not here: the estates (incidents.py) and the measures (score.py).
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import pandas as pd

from benchmarks.anomalies.incidents import Labelled, generate
from benchmarks.anomalies.score import score
from intelligence.anomalies import METHODS, Settings, anomalies

SHOWN = (
    "f1",
    "precision",
    "recall",
    "money",
    "leaks",
    "spikes",
    "drops",
    "false_alarms",
    "delay",
    "forbidden",
)


def measure(estate: Labelled, settings: Settings) -> dict[str, float]:
    """The measures of `score.Score` and the processor seconds that 1000 series of this length would take."""
    started = time.process_time()
    flags = anomalies(estate.daily, estate.completeness, settings=settings)
    spent = time.process_time() - started
    row, day = np.nonzero(estate.forbidden)
    forbidden = pd.DataFrame(
        {"series_id": np.array(estate.series)[row], "charge_date": estate.days[day].astype("datetime64[s]")}
    )
    result = score(flags, estate.labels, estate.forbidden.size / 365, forbidden)
    return {**result.as_row(), "cpu_1000": spent * 1000 / len(estate.series)}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.anomalies", description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[101, 102], help="estates")
    parser.add_argument("--series", type=int, default=300, help="series of each estate, about")
    parser.add_argument("--days", type=int, default=540, help="days of each estate")
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=["robust", "rolling_z", "ewma"])
    parser.add_argument("--sensitivity", type=float, default=1.0, help="multiple of every threshold")
    arguments = parser.parse_args()
    rows = []
    for seed in arguments.seeds:
        estate = generate(seed, arguments.series, arguments.days)
        for method in arguments.methods:
            settings = Settings(method=method, sensitivity=arguments.sensitivity, seed=seed)
            rows.append({"method": method, "seed": seed, **measure(estate, settings)})
    table = pd.DataFrame(rows)[["method", "seed", *SHOWN, "cpu_1000"]]
    print(table.round(3).to_string(index=False))
    print("\nmean of the seeds")
    print(table.drop(columns="seed").groupby("method", sort=False).mean().round(3).to_string())


if __name__ == "__main__":
    main()
