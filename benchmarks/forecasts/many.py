"""`python -m benchmarks.forecasts.many`: what anomalies and forecasts take for very many series.

Here: one large frame, one run of each over it, seconds and memory. Not here: how good they are. The series
are those of one made-up company over and over, each time at another price.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from benchmarks.forecasts.companies import company
from intelligence.anomalies import anomalies
from intelligence.forecasts import ForecastSettings, forecast
from intelligence.series import series_id

END = "2026-03-31"
DRAWN = 1000
WHAT = ("anomalies", "forecasts")


def many(series: int, days: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of `marts.cost_series` and of `completeness`, without days that cost nothing."""
    made = company(seed, min(series, DRAWN), days, END)
    copies = -(-series // len(made.keys))
    price = np.random.default_rng(seed).lognormal(0, 1, copies)
    keys = pd.concat(
        [made.keys.assign(sub_account_id=made.keys["sub_account_id"] + f"-{n}") for n in range(copies)],
        ignore_index=True,
    ).iloc[:series]
    keys = keys.assign(series_id=series_id(keys)).astype({name: "category" for name in keys.columns})
    costs = (price[:, None, None] * made.costs[None]).reshape(-1, days)[:series]
    row, day = np.nonzero(costs)
    daily = keys.iloc[row].reset_index(drop=True)
    daily["charge_date"] = made.dates[day].astype("datetime64[s]")
    daily["effective_cost"] = costs[row, day]
    accounts = made.keys[["provider", "billing_account_id"]].drop_duplicates().reset_index(drop=True)
    return daily, accounts.assign(complete_through=made.dates[-3])


def main() -> None:
    """Print a line for each of what was asked for; memory is the most that the process has held so far."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.forecasts.many", description=__doc__)
    parser.add_argument("--series", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=180)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--models", nargs="+", default=["run_rate", "xgboost"])
    parser.add_argument("--max-series", type=int, default=ForecastSettings.max_series)
    parser.add_argument("--only", choices=WHAT, help="one of the two: else memory is that of both")
    arguments = parser.parse_args()
    daily, complete = many(arguments.series, arguments.days, arguments.seed)
    print(f"{arguments.series:,} series, {len(daily):,} rows: {_peak():.1f} GB to begin with", flush=True)
    settings = ForecastSettings(models=tuple(arguments.models), max_series=arguments.max_series)
    if arguments.only != "forecasts":
        _line("anomalies", lambda: anomalies(daily, complete))
    if arguments.only != "anomalies":
        _line("forecasts", lambda: forecast(daily, complete, settings=settings).forecasts)


def _line(what: str, run: Callable[[], pd.DataFrame]) -> None:
    began, cpu = time.monotonic(), time.process_time()
    rows = len(run())
    wall, spent = time.monotonic() - began, time.process_time() - cpu
    print(f"{what}: {rows:,} rows  {spent:.0f} processor s  {wall:.0f} s  {_peak():.1f} GB", flush=True)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


if __name__ == "__main__":
    main()
