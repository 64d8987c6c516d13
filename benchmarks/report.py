"""Makes docs/performance.md of the measurements: the results first, then how they were made.

Here: medians, ratios and words. Not here: measuring.
"""

from __future__ import annotations

import os
import platform
from pathlib import Path
from statistics import median

import duckdb

HEADER = "| what | asked | goal | measured | holds |\n| --- | --- | --- | --- | --- |"

METHOD = (Path(__file__).parent / "method.md").read_text()


def page(results: dict) -> str:
    """The whole page as Markdown, of the scenarios that have results."""
    rows = [line for name, make in SECTIONS.items() if name in results for line in make(results[name])]
    tables = [
        f"### {name.replace('_', ' ')}\n" + _medians(results[name]) for name in SECTIONS if name in results
    ]
    machine = f"{os.cpu_count()} processors, {platform.system()}, DuckDB {duckdb.__version__}"
    return "\n".join(
        ["# Performance", "", "What a row costs beside the least it could cost.", "", HEADER, *rows, ""]
        + [f"Measured on {machine}. Medians of the runs:", "", "\n\n".join(tables), "", METHOD]
    )


def _medians(result: dict) -> str:
    about = ", ".join(
        f"{k.replace('_', ' ')} {_number(v)}" for k, v in result["about"].items() if k != "stored"
    )
    lines = [
        "| command | seconds (all runs) | processor seconds | peak memory MB |",
        "| --- | --- | --- | --- |",
    ]
    for name, runs in result["runs"].items():
        each = ", ".join(f"{run['wall']:.1f}" for run in runs)
        lines.append(
            f"| {name} | {_median(runs, 'wall'):.1f} ({each}) | {_median(runs, 'cpu'):.1f} "
            f"| {max(run['memory_mb'] for run in runs):,.0f} |"
        )
    return "\n".join(([f"{about}\n"] if about else []) + lines)


def _marginal(result: dict, of: str = "") -> list[str]:
    runs, about = result["runs"], result["about"]
    further = about["rows"] - about["small_rows"]
    lines = []
    for basis, word in (("wall", "clock"), ("cpu", "processor")):
        pipeline = _median(runs["pipeline large"], basis) - _median(runs["pipeline small"], basis)
        bare = _median(runs["bare large"], basis) - _median(runs["bare small"], basis)
        lines.append(
            _line(f"cost of {further:,} further rows{of}, of the limit's ({word})", 1.5, 1.2, pipeline / bare)
        )
    peak = max(run["memory_mb"] for run in runs["pipeline large"]) / 1000
    return [*lines, _line(f"memory for {about['rows']:,} rows{of}, GB", 4, None, peak)]


def _replace(result: dict) -> list[str]:
    runs, rows = result["runs"], result["about"]["month_rows"]
    lines, net = [], {}
    for basis, word in (("wall", "clock"), ("cpu", "processor")):
        for name in ("short", "long"):
            net[name] = _median(runs[f"replace {name}"], basis) - _median(runs[f"no change {name}"], basis)
        ratio = net["short"] / _median(runs["bare short"], basis)
        lines.append(_line(f"a month of {rows:,} rows replaced, of the limit's ({word})", 1.5, 1.2, ratio))
        months = result["about"]["history_months"]
        lines.append(
            _line(
                f"the same in {months} months of history, of the short one ({word})",
                1.1,
                None,
                net["long"] / net["short"],
            )
        )
    stored = max(sizes[-1] / sizes[0] for sizes in result["about"]["stored"].values())
    slowest = max(_median(runs[f"no change {name}"], "wall") for name in ("short", "long"))
    return [*lines, _line("store after the last replacement, of the first", 1.02, None, stored),
            _line("a run without changes, seconds", 15, None, slowest)]  # fmt: skip


def _converters(result: dict) -> list[str]:
    runs, rows = result["runs"], result["about"]["rows"]
    ours = _median(runs["pipeline"], "wall")
    whole, own = (_median(runs[f"focus_converters{of}"], "wall") / ours for of in ("", ", own columns"))
    return [
        _line(f"rows a second of {rows:,} legacy CUR rows, of focus_converters'", 2, 2.5, whole, True),
        _line("the same, of focus_converters' writing its own columns alone", None, None, own, True),
    ]


def _hundred_million(result: dict) -> list[str]:
    runs = result["runs"]
    growth = _median(runs["pipeline 100"], "wall") / _median(runs["pipeline 20"], "wall") / 5
    peak = runs["pipeline 100"][0]["memory_mb"] / 1000
    return [_line("100 million rows: time a row, of 20 million's", 1.1, None, growth),
            _line("memory for 100 million rows, GB", 8, None, peak)]  # fmt: skip


def _line(what: str, asked: float | None, goal: float | None, measured: float, least: bool = False) -> str:
    if asked is None:
        return f"| {what} | - | - | **{measured:.2f}** | - |"
    word = "at least" if least else "at most"
    holds = measured >= asked if least else measured <= asked
    return f"| {what} | {word} {asked:g} | {goal or '-'} | **{measured:.2f}** | {'yes' if holds else 'no'} |"


def _median(runs: list[dict], field: str) -> float:
    return median(run[field] for run in runs)


def _number(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


SECTIONS = {
    "marginal": _marginal,
    "marginal_azure": lambda result: _marginal(result, " of Azure's pair"),
    "marginal_gcp": lambda result: _marginal(result, " of Google's table"),
    "replace": _replace,
    "converters": _converters,
    "hundred_million": _hundred_million,
}
