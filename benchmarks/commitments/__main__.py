"""`python -m benchmarks.commitments`: backtests on families of known demand, and a thousand curves timed.

Here: arguments, timing and the tables. Not here: the families (families.py).
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import pandas as pd

from benchmarks.commitments.families import FAMILIES, hourly, prices, usage
from intelligence.commitments import CommitmentSettings, backtest, optimal_commitment, recommend

MODES = ("savings", "target_utilization")


def shares(family: str, seed: int, mode: str, min_history_days: int) -> dict[str, float]:
    """Savings of all purchases of a year as shares of hindsight's, and how much of the engine's was used."""
    settings = CommitmentSettings(mode=mode, min_history_days=min_history_days)
    found = backtest(usage({family: hourly(family, seed)}), prices(), settings=settings)
    saved = found.groupby("strategy")["saving_cost"].sum()
    engine = found[found["strategy"] == "engine"]
    committed = engine["hourly_commitment"] * engine["months_priced"]
    used = np.average(engine["utilization_pct"].fillna(100), weights=np.maximum(committed, 1e-12))
    return {
        **(100 * saved / saved["hindsight"]).drop(["hindsight", "none"]).to_dict(),
        "engine_used": used,
        "engine_used_least": engine["utilization_pct"].min(),
    }


def quality(seeds: list[int], min_history_days: int) -> pd.DataFrame:
    """One line for each mode and family, means over the seeds; `engine_least` is the worst seed's."""
    rows = []
    for mode in MODES:
        for family in FAMILIES:
            found = pd.DataFrame([shares(family, seed, mode, min_history_days) for seed in seeds])
            line = found.mean().to_dict() | {
                "engine_least": found["engine"].min(),
                "engine_used_least": found["engine_used_least"].min(),
            }
            rows.append({"mode": mode, "family": family, **line})
    return pd.DataFrame(rows)


def speed(curves: int, hours: int = 8760) -> dict[str, float]:
    """Seconds, and seconds of processor, for as many curves: the optimum of each in hindsight, and a whole
    recommendation from a frame."""
    demand = {
        f"{number:04}": hourly(FAMILIES[number % 3], number, days=hours // 24) for number in range(curves)
    }
    stacked = np.stack(list(demand.values()))[:, None, :]
    frame, offer, seconds = usage(demand), prices(), {}
    for name, run in (
        ("optimum", lambda: optimal_commitment(stacked, 0.28)),
        ("recommend", lambda: recommend(frame, offer)),
    ):
        started, spent = time.perf_counter(), time.process_time()
        assert len(run()) == curves
        seconds[f"{name}_s"] = time.perf_counter() - started
        seconds[f"{name}_cpu_s"] = time.process_time() - spent
    return {"curves": curves, **seconds}


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.commitments", description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=list(range(901, 909)), help="of the families")
    parser.add_argument("--history", type=int, default=28, help="days of usage before the first purchase")
    parser.add_argument("--curves", type=int, default=1000, help="how many to time; 0 leaves it out")
    arguments = parser.parse_args()
    print("saved, percent of hindsight; used, percent of what was committed")
    print(quality(arguments.seeds, arguments.history).round(1).to_string(index=False))
    if arguments.curves:
        print({name: round(value, 1) for name, value in speed(arguments.curves).items()})


if __name__ == "__main__":
    main()
