"""`python -m benchmarks.charts`: the charts of docs/intelligence.md, from the marts of a built demo estate.

Here: three pictures of what the marts hold. Not here: any number that the marts do not. Needs the ml extra,
which brings matplotlib.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb
import matplotlib
import pandas as pd

from ingestion import environment

matplotlib.use("svg")
matplotlib.rcParams |= {
    "svg.hashsalt": "cloudtally",  # the same picture from the same numbers
    "svg.fonttype": "none",
    "figure.constrained_layout.use": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": "#e3e6ea",
    "legend.frameon": False,
    "font.size": 10,
}
from matplotlib import pyplot  # noqa: E402  the backend first

ACTUAL, EXPECTED, FLAGGED = "#2f3e4e", "#7a8b9c", "#c8452f"
SHADES = {"80": "#8fb8de", "95": "#d3e4f3"}
MODELS = {"run_rate": "#7a8b9c", "xgboost": "#d99a2b", "prophet": "#7b5ea7", "ensemble": "#2b6cb0"}
BEFORE, AFTER = 45, 20  # days shown around an event

LARGEST_EVENT = """
    select event_id, series_id from marts.anomalies
    where status = 'open' and direction = 'up' and (is_leak = {leak})
    group by event_id, series_id having count(*) between 2 and {days}
    order by sum(impact_cost) desc, event_id limit 1
"""


def main() -> None:
    """Write the charts to --out; --warehouse is one in which the demo was built."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.charts", description=__doc__)
    parser.add_argument("--warehouse", default=environment.warehouse())
    parser.add_argument("--out", type=Path, default=Path("docs/charts"))
    parser.add_argument("--format", default="svg", choices=["svg", "png"])
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(arguments.warehouse, read_only=True) as marts:
        for name, figure in (
            ("anomalies", anomalies(marts)),
            ("forecast", forecast(marts)),
            ("accuracy", accuracy(marts)),
        ):
            path = arguments.out / f"{name}.{arguments.format}"
            figure.savefig(path, dpi=110, metadata={"Date": None} if arguments.format == "svg" else None)
            print(path)


def anomalies(marts: duckdb.DuckDBPyConnection):
    """The clearest change of a few days, and the clearest leak: costs, what was expected, flagged days."""
    figure, panels = pyplot.subplots(2, 1, figsize=(8, 5.5))
    for panel, leak in zip(panels, (False, True), strict=True):
        found = marts.execute(LARGEST_EVENT.format(leak=leak, days=60 if leak else 5)).fetchall()
        if not found:
            raise SystemExit("no such event in marts.anomalies; build the demo estate first: tally demo")
        event, series = found[0]
        flagged = marts.execute(
            "select charge_date, actual_cost, expected_cost, billing_currency from marts.anomalies "
            "where event_id = ? and series_id = ? order by charge_date",
            [event, series],
        ).df()
        first, last = flagged["charge_date"].iloc[0], flagged["charge_date"].iloc[-1]
        days = marts.execute(
            "select charge_date, effective_cost from marts.cost_series where series_id = ? and is_complete "
            "and charge_date between ? and ? order by charge_date",
            [series, first - pd.Timedelta(days=BEFORE), last + pd.Timedelta(days=AFTER)],
        ).df()
        panel.plot(days["charge_date"], days["effective_cost"], color=ACTUAL, lw=1.2, label="cost")
        panel.plot(
            flagged["charge_date"], flagged["expected_cost"], "_", color=EXPECTED, ms=8, label="expected"
        )
        panel.plot(flagged["charge_date"], flagged["actual_cost"], "o", color=FLAGGED, ms=4, label="flagged")
        kind = "slow leak" if leak else "sudden change"
        panel.set_title(f"A {kind}: {series}", loc="left", fontsize=10)
        panel.set_ylabel(f"{flagged['billing_currency'].iloc[0]} a day")
        panel.set_ylim(bottom=0)
        _dates(panel)
    panels[0].legend(loc="upper left", ncols=3)
    return figure


def forecast(marts: duckdb.DuckDBPyConnection):
    """AWS as a whole: the last four months, the days to come, and the intervals around them."""
    ahead = marts.sql(
        "select * from marts.forecasts where level = 'provider' and provider = 'aws' order by forecast_date"
    ).df()
    if ahead.empty:
        raise SystemExit("marts.forecasts has no AWS; build the demo estate first: tally demo")
    currency, as_of = ahead["billing_currency"].iloc[0], ahead["as_of_date"].iloc[0]
    past = marts.execute(
        "select charge_date, sum(effective_cost) as cost from marts.cost_series where provider = 'aws' "
        "and billing_currency = ? and charge_date between ? and ? group by charge_date order by charge_date",
        [currency, as_of - pd.Timedelta(days=120), as_of],
    ).df()
    figure, panel = pyplot.subplots(figsize=(8, 3.2))
    for level in ("95", "80"):
        low, high = (ahead[f"{side}_{level}"].astype(float) for side in ("lower", "upper"))
        panel.fill_between(ahead["forecast_date"], low, high, color=SHADES[level], label=f"{level}% interval")
    panel.plot(past["charge_date"], past["cost"], color=ACTUAL, lw=1.2, label="cost")
    panel.plot(
        ahead["forecast_date"], ahead["forecast_cost"], color=MODELS["ensemble"], lw=1.4, label="forecast"
    )
    panel.set_title(f"AWS, as of {as_of:%Y-%m-%d}", loc="left", fontsize=10)
    panel.set_ylabel(f"{currency} a day")
    panel.set_ylim(bottom=0)
    panel.legend(loc="upper left", ncols=4)
    _dates(panel)
    return figure


def accuracy(marts: duckdb.DuckDBPyConnection):
    """Errors of the backtests by days ahead, of services, in the currency that has most days."""
    rows = marts.sql(
        "select * from marts.forecast_accuracy where level = 'service' and billing_currency = ("
        "select billing_currency from marts.forecast_accuracy group by all order by sum(days) desc limit 1) "
        "and (horizon_from, horizon_to) in ((1, 7), (8, 30), (31, 60), (61, 95))"
    ).df()
    spans = sorted(set(zip(rows["horizon_from"], rows["horizon_to"], strict=True)))
    figure, panel = pyplot.subplots(figsize=(8, 3))
    names = [name for name in MODELS if name in set(rows["model"])]
    for place, name in enumerate(names):
        own = rows[rows["model"] == name].set_index(["horizon_from", "horizon_to"])["wape"].reindex(spans)
        width = 0.8 / len(names)
        at = [span + (place - (len(names) - 1) / 2) * width for span in range(len(spans))]
        panel.bar(at, 100 * own, width * 0.92, color=MODELS[name], label=name)
    panel.set_xticks(range(len(spans)), [f"{first} to {last}" for first, last in spans])
    panel.set_xlabel("days ahead")
    panel.set_ylabel("error, % of cost (WAPE)")
    panel.set_title("Backtests of service series", loc="left", fontsize=10)
    panel.legend(loc="upper left", ncols=4)
    return figure


def _dates(panel) -> None:
    panel.xaxis.set_major_formatter(matplotlib.dates.ConciseDateFormatter(panel.xaxis.get_major_locator()))


if __name__ == "__main__":
    main()
