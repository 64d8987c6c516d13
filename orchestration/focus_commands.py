"""The commands that concern FOCUS: `tally export` and `tally validate`.

Here: arguments, what is printed, exit codes. Not here: the file (exporting.py), the verdict (validating.py).
"""

from __future__ import annotations

import sys
from pathlib import Path

import click
import duckdb
from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration import exporting, terminal, validating, warehouse
from orchestration.validator_environment import Unavailable

FAILED, UNAVAILABLE = 1, 3  # 2 is click's, for wrong arguments
console = Console(width=None if sys.stdout.isatty() else 140)
errors = Console(stderr=True)


@click.group()
def export() -> None:
    """Write the ledger to a file that other tools read."""


@export.command("focus")
@click.option("--version", type=click.Choice(exporting.VERSIONS), default="1.2", show_default=True)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file; its ending chooses the format: .parquet, .csv or .csv.gz.",
)
@click.option("--period", callback=terminal.first_of_month, help="Only this billing month (YYYY-MM).")
@click.option("--provider", help="Only this provider's charges.")
@click.option("--dataset", type=click.Choice(exporting.DATASETS), default="cost_and_usage", show_default=True)
def export_focus(version: str, out: Path, period: str | None, provider: str | None, dataset: str) -> None:
    """Write the ledger as FOCUS: the specification's columns, one row a charge (or a commitment, of 1.3)."""
    try:
        if dataset == "contract_commitment":
            if period or provider:
                raise click.UsageError("commitments are exported whole: leave out --period and --provider")
            written = exporting.export_commitments(version, out)
        else:
            written = exporting.export_focus(version, out, period, provider)
    except (warehouse.WarehouseError, OSError) as error:
        _stop(str(error), FAILED)
    console.print(f"{written.path}  {written.rows:,} rows  {written.columns} columns", soft_wrap=True)


@click.command()
@click.option("--version", type=click.Choice(validating.VERSIONS), default="1.2", show_default=True)
@click.option(
    "--model",
    type=click.Choice([*validating.MODELS, "both"]),
    default="both",
    show_default=True,
    help="The validator's own rules, the same with their known errors repaired, or both.",
)
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A FOCUS file (.parquet, .csv, .csv.gz) instead of the ledger.",
)
@click.option(
    "--rows",
    "limit",
    type=click.IntRange(min=1),
    default=validating.LIMIT,
    show_default=True,
    help="Of more rows than this (a provider), rows of every kind are validated.",
)
def validate(version: str, model: str, file: Path | None, limit: int) -> None:
    """Check the ledger, or a file, with the official FOCUS validator.

    Exits with 0 when every rule holds that no waiver excuses, 1 when one fails, 3 when the validator cannot
    run on this machine.
    """
    models = validating.MODELS if model == "both" else (model,)
    try:
        with console.status("starting") as status:
            report = validating.validate(models, file, version, limit, lambda step: status.update(step))
    except Unavailable as error:
        _stop(f"{error}\nnothing was validated", UNAVAILABLE)
    except (warehouse.WarehouseError, RuntimeError, duckdb.Error) as error:
        _stop(str(error), FAILED)
    _show(report)
    if not report.passed:
        sys.exit(FAILED)


def _show(report: validating.Report) -> None:
    for name, rows in report.rows.items():
        sampled = "" if rows.taken == rows.total else f" of {rows.total:,}, some of every kind"
        _say(f"{name:<24} {rows.taken:>10,} rows{sampled}")
    _table("Advice: what FOCUS recommends", report.of("advice"))
    _table("Waived, by validation/waivers.yml", report.of("waived"))
    _table("Failed", report.of("failed"))
    for waiver in report.unused:
        _say(f"waiver not needed here: {waiver.rule}, model {waiver.model}, provider {waiver.provider}")
    for (model, provider), executed in report.executed.items():
        mine = [f for f in report.findings if (f.model, f.provider) == (model, provider)]
        counts = ", ".join(f"{sum(f.kind == k for f in mine)} {k}" for k in ("failed", "waived", "advice"))
        _say(f"{model:<9} {provider:<24} {executed} rules: {executed - len(mine)} passed, {counts}")
    console.print("[green]passed[/green]" if report.passed else "[red]failed[/red]")


def _table(title: str, findings: list[validating.Finding]) -> None:
    """One line a rule and model: the providers with their offending rows, and why."""
    if not findings:
        return
    table = Table(title=title, title_justify="left")
    for name in ("model", "rule", "rows", "why"):
        table.add_column(name, no_wrap=name in ("model", "rule"))
    lines: dict[tuple[str, str], list[validating.Finding]] = {}
    for finding in findings:
        lines.setdefault((finding.model, finding.rule), []).append(finding)
    for (model, rule), alike in lines.items():
        rows = "\n".join(f"{finding.provider} {finding.violations:,}" for finding in alike)
        first = alike[0]
        why = first.waiver.reason if first.waiver else first.requirement + _found(first)
        table.add_row(*(Text(cell) for cell in (model, rule, rows, why)))
    console.print(table)


def _found(finding: validating.Finding) -> str:
    """The offending values of the samples; that a null is one, the requirement says."""
    values = [
        f"{column} {value}"
        for sample in finding.samples
        for column, value in sample.items()
        if value is not None
    ]
    return f" Found: {', '.join(dict.fromkeys(values))}." if values else ""


def _say(message: str) -> None:
    console.print(message, markup=False, highlight=False, soft_wrap=True)


def _stop(message: str, code: int) -> None:
    errors.print(message, style="red", markup=False, highlight=False, soft_wrap=True)
    sys.exit(code)
