"""`python -m benchmarks.forecasts`: score the forecasts on made-up companies whose future is known.

Here: cutting a company at three dates, one of them before Christmas, and the scores of what was forecast,
beside those of plain forecasts. Not here: the companies, and the models.
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np
import pandas as pd

from benchmarks.forecasts.baselines import naive, plain_prophet
from benchmarks.forecasts.companies import WORLDS, Company, company
from intelligence.forecasts import Forecasts, ForecastSettings, forecast

END = "2026-03-31"
CUTS = ("2025-08-20", "2025-10-14", "2025-12-10")


def score(made: Company, cut: pd.Timestamp, found: Forecasts) -> dict[str, float]:
    """WAPE of services over 30 and 90 days, the interval's coverage and width, accounts' month-end error.

    `floor`: what noise alone makes; `foreseen`: noise, and the jumps and incidents that no one can know.
    """
    start = made.dates.get_loc(cut) + 1
    services = found.forecasts[found.forecasts["level"] == "service"]
    wide = services.pivot(
        index="series_id", columns="forecast_date", values=["forecast_cost", "lower_80", "upper_80"]
    )
    rows = made.keys.set_index("series_id").index.get_indexer(wide.index)
    said, low, high = (wide[name].to_numpy()[:, :90] for name in ("forecast_cost", "lower_80", "upper_80"))
    came, mean = made.costs[rows, start : start + 90], made.means[rows, start : start + 90]
    foreseen = made.foreseen(start, 90)[rows]
    alive = np.abs(came) > 0
    share = lambda off, days: float(np.abs(off[:, :days]).sum() / np.abs(came[:, :days]).sum())  # noqa: E731
    inside = (came >= low) & (came <= high)
    missing = set(made.keys["series_id"]) - set(wide.index)
    return {
        "wape30": share(said - came, 30),
        "wape90": share(said - came, 90),
        "floor30": share(mean - came, 30),
        "floor90": share(mean - came, 90),
        "foreseen30": share(foreseen - came, 30),
        "foreseen90": share(foreseen - came, 90),
        "month_end": _month_end(made, cut, found),
        "inside80": float(inside[alive].mean()),
        "inside80_all": float(inside.mean()),
        "width": float((high - low)[alive].sum() / np.abs(came[alive]).sum()),
        "width_mean": float(np.mean(np.clip((high - low)[alive] / np.abs(came[alive]), 0, 20))),
        "unseen": len(missing),
        **_totals_inside(made, found),
    }


def baselines(made: Company, cut: pd.Timestamp, with_prophet: bool) -> dict[str, float]:
    """WAPE of last week again, and of Prophet as it comes, on what the bills showed up to `cut`."""
    start = made.dates.get_loc(cut) + 1
    seen, came = np.where(made.holes, 0, made.costs)[:, :start], made.costs[:, start : start + 90]
    said = {"naive": naive(seen, 90)}
    if with_prophet:
        said["prophet_as_it_comes"] = plain_prophet(seen, made.dates[:start], 90)
    return {
        f"{name}{days}": float(np.abs(f - came)[:, :days].sum() / np.abs(came[:, :days]).sum())
        for name, f in said.items()
        for days in (30, 90)
    }


def _month_end(made: Company, cut: pd.Timestamp, found: Forecasts) -> float:
    month = (cut + pd.Timedelta(days=1)).replace(day=1)
    days = (made.dates >= month) & (made.dates < month + pd.offsets.MonthBegin())
    actual = pd.Series(made.costs[:, days].sum(axis=1)).groupby(made.keys["sub_account_id"].to_numpy()).sum()
    totals = found.totals[(found.totals["level"] == "account") & (found.totals["month"] == month)]
    said = totals.set_index("sub_account_id")["forecast_cost"]
    return float(((said - actual).abs() / actual.abs()).median())


def _totals_inside(made: Company, found: Forecasts) -> dict[str, float]:
    """Share of accounts' month totals inside their 80% interval, over the months that are known."""
    month = pd.Series(made.dates).dt.to_period("M").dt.to_timestamp().to_numpy()
    inside, width = [], []
    for row in found.totals[found.totals["level"] == "account"].itertuples():
        days = month == np.datetime64(row.month)
        if days.sum() < 28:
            continue
        member = (made.keys["sub_account_id"] == row.sub_account_id).to_numpy()
        actual = made.costs[np.ix_(member, days)].sum()
        inside.append(row.lower_80 <= actual <= row.upper_80)
        width.append((row.upper_80 - row.lower_80) / abs(actual))
    return {"totals_inside80": float(np.mean(inside)), "totals_width": float(np.median(width))}


def main() -> None:
    """Print the scores of each cut and seed, and their mean."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.forecasts", description=__doc__)
    parser.add_argument("--seed", type=int, nargs="+", default=[1])
    parser.add_argument("--series", type=int, default=300)
    parser.add_argument("--days", type=int, default=548)
    parser.add_argument("--models", nargs="+", default=["run_rate", "xgboost", "prophet"])
    parser.add_argument(
        "--cuts", nargs="+", default=CUTS, help=f"last complete days; the company lives to {END}"
    )
    parser.add_argument("--world", choices=WORLDS, default="restless", help="how companies live")
    parser.add_argument("--plain", action="store_true", help="the plain forecasts alone, Prophet's too")
    parser.add_argument("--accuracy", action="store_true", help="show the backtests' own account too")
    arguments = parser.parse_args()
    settings = ForecastSettings(models=tuple(arguments.models))
    scores = []
    for seed in arguments.seed:
        made = company(seed, arguments.series, arguments.days, END, WORLDS[arguments.world])
        for cut in map(pd.Timestamp, arguments.cuts):
            if arguments.plain:
                scores.append(baselines(made, cut, with_prophet=True))
                print(f"seed {seed} {cut.date()} " + _line(scores[-1]), flush=True)
                continue
            began, cpu = time.monotonic(), _cpu()
            found = forecast(*made.seen_on(cut), settings=settings)
            result = score(made, cut, found) | baselines(made, cut, with_prophet=False)
            result |= {"cpu_s": _cpu() - cpu, "wall_s": time.monotonic() - began}
            scores.append(result)
            print(f"seed {seed} {cut.date()} " + _line(result), flush=True)
            for note in found.notes:
                print(f"  {note}")
            if arguments.accuracy:
                print(found.accuracy.round(3).to_string())
    print("mean " + _line(pd.DataFrame(scores).mean().to_dict()))


def _line(result: dict[str, float]) -> str:
    return "  ".join(f"{name} {value:.3f}" for name, value in result.items())


def _cpu() -> float:
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


if __name__ == "__main__":
    main()
