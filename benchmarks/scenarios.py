"""What is measured: each scenario makes its lakes and runs pipeline and limit by turns.

Here: sizes, order and repetition. Not here: ratios and words (report.py).
"""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import generate, measure
from benchmarks.lake import Lake

Result = dict  # {"about": sizes, "runs": {name: [measurement, …]}}


@dataclass(frozen=True)
class Sizes:
    """Rows of the larger bill, runs of each command, and the history that a replaced month stands in."""

    rows: int
    runs: int
    month_rows: int
    history_months: int
    history_rows: int


def marginal(folder: Path, sizes: Sizes, bill: str = "cur2") -> Result:
    """First builds of one month and of four: what a further row costs, without dbt's start."""
    small, large = Lake(folder / "small", bill), Lake(folder / "large", bill)
    months = generate.months(4)
    small.add(months[0], sizes.rows // 4)
    for month in months:
        large.add(month, sizes.rows // 4)
    runs = defaultdict(list)
    for _ in range(sizes.runs):
        for name, lake in (("small", small), ("large", large)):
            runs[f"bare {name}"].append(asdict(lake.map_bare()))
            lake.forget()
            runs[f"pipeline {name}"].append(asdict(lake.build()))
    return {"about": {"rows": sizes.rows, "small_rows": sizes.rows // 4}, "runs": dict(runs)}


def marginal_azure(folder: Path, sizes: Sizes) -> Result:
    """The same of an Azure pair; a row of the bill stands in both of its files, with few exceptions."""
    return marginal(folder, sizes, "azure")


def marginal_gcp(folder: Path, sizes: Sizes) -> Result:
    """The same of Google's detailed export."""
    return marginal(folder, sizes, "gcp")


def replace(folder: Path, sizes: Sizes) -> Result:
    """A month delivered again, in a short and in a long history, beside a run in which nothing changed."""
    runs, stored = defaultdict(list), defaultdict(list)
    lakes = {"short": (Lake(folder / "short"), 2), "long": (Lake(folder / "long"), sizes.history_months)}
    for lake, count in lakes.values():
        for month in generate.months(count)[:-1]:
            lake.add(month, sizes.history_rows)
        lake.add(generate.months(count)[-1], sizes.month_rows)
        lake.forget()
        lake.build()
    for _ in range(sizes.runs):
        for name, (lake, count) in lakes.items():
            month = generate.months(count)[-1]
            runs[f"no change {name}"].append(asdict(lake.build()))
            lake.add(month, sizes.month_rows, lake.deliveries_of(month))
            runs[f"replace {name}"].append(asdict(lake.build()))
            runs[f"bare {name}"].append(asdict(lake.map_bare(month)))
            stored[name].append(lake.stored_mb())
    about = {"month_rows": sizes.month_rows, "history_rows": sizes.history_rows}
    return {
        "about": {**about, "history_months": sizes.history_months, "stored": dict(stored)},
        "runs": dict(runs),
    }


def converters(folder: Path, sizes: Sizes) -> Result:
    """Legacy CUR in Parquet through focus_converters 1.0.0 and the pipeline, with their start.

    The converter keeps the bill's columns beside its own unless told otherwise; it is measured both ways.
    """
    lake, python = Lake(folder / "legacy", "cur"), folder / "converter"
    if not python.exists():
        pins = ["focus-converter==1.0.0", "multimethod<2", "click<8.2"]
        measure.run(["uv", "venv", "--python", "3.11", str(python)], folder / "venv.log")
        install = ["uv", "pip", "install", "--python", str(python / "bin/python"), *pins]
        measure.run(install, folder / "install.log")
    lake.add(generate.months(1)[0], sizes.rows)
    source, out = folder / "bill", folder / "converted"
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir()
    for file in lake.files():  # alone: the converter takes a delivery's manifest for Parquet too
        os.link(file, source / Path(file).name)
    command = [str(python / "bin/focus-converter"), "convert", "--provider", "aws-cur"]
    command += ["--data-format", "parquet", "--parquet-data-format", "dataset"]
    command += ["--data-path", str(source), "--export-path", str(out)]
    ways = {"focus_converters": [], "focus_converters, own columns": ["--no-export-include-source-columns"]}
    runs = defaultdict(list)
    for _ in range(sizes.runs):
        for name, options in ways.items():
            shutil.rmtree(out, ignore_errors=True)
            out.mkdir(parents=True)
            runs[name].append(asdict(measure.run([*command, *options], folder / "converter.log")))
        lake.forget()
        runs["pipeline"].append(asdict(lake.build()))
    return {"about": {"rows": sizes.rows}, "runs": dict(runs)}


def hundred_million(folder: Path, sizes: Sizes) -> Result:
    """Twenty months of five million rows, once: does it end, in what memory, and is time linear in rows."""
    runs = defaultdict(list)
    for name, count in (("20", 4), ("100", 20)):
        lake = Lake(folder / name)
        for month in generate.months(count):
            lake.add(month, 5_000_000)
        lake.forget()
        runs[f"pipeline {name}"].append(asdict(lake.build()))
    return {"about": {}, "runs": dict(runs)}


_ALL = (marginal, marginal_azure, marginal_gcp, replace, converters, hundred_million)
SCENARIOS = {f.__name__: f for f in _ALL}
