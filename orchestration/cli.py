"""The `tally` command: arguments, progress and exit codes.

Here: one function per command. Not here: landing (ingestion), dbt (building.py), result tables (summary.py).
"""

from __future__ import annotations

import csv
import re
import shutil
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click
import duckdb
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from ingestion import LandingError, LandingResult, environment, land, prune, rollback

PROVIDERS = ("aws", "azure", "gcp", "focus")
console = Console(width=None if sys.stdout.isatty() else 140)
errors = Console(stderr=True)


def _first_of_month(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", value):
        raise click.BadParameter(f"{value} is no month; write it as YYYY-MM")
    return f"{value}-01"


@click.group()
def main() -> None:
    """Cloudtally: cloud bills in, one FOCUS ledger in the middle, decisions out."""


@main.command("land")
@click.argument("provider", type=click.Choice(PROVIDERS))
@click.option("--source", required=True, help="Bucket copy, folder or file that holds the bills.")
@click.option("--dataset", help="The dataset, where the files do not tell.")
@click.option("--scope", help="The scope, where the source does not tell.")
def land_command(provider: str, source: str, dataset: str | None, scope: str | None) -> None:
    """Copy bills into the lake as immutable deliveries."""
    result = _land(provider, source, dataset=dataset, scope=scope)
    _show_landing(result)
    if result.refused:
        sys.exit(1)
    console.print("next: tally build")


@main.command()
@click.option("--provider", help="Rebuild this provider's slices though nothing changed.")
@click.option(
    "--period",
    callback=_first_of_month,
    help="Rebuild this billing month's slices (YYYY-MM) though nothing changed.",
)
@click.option("--full-refresh", is_flag=True, help="Rebuild everything.")
def build(provider: str | None, period: str | None, full_refresh: bool) -> None:
    """Build and test the warehouse: dbt build, with progress."""
    force = {"provider": provider, "billing_period": period}
    _build({key: value for key, value in force.items() if value}, full_refresh)


@main.command()
@click.option("--seed", default=7, show_default=True, help="Another seed, another estate.")
@click.option("--months", default=13, show_default=True)
@click.option("--scale", default=1.0, show_default=True, help="Multiplies the number of resources.")
def demo(seed: int, months: int, scale: float) -> None:
    """Make a fictional company's bills, land them, build the warehouse and show it."""
    from demo import generate

    began = time.monotonic()
    lake = Path(environment.local(environment.lake())).resolve()
    bills = lake.parent / f"{lake.name}-demo-bills"
    if (bills / "truth").is_dir():
        shutil.rmtree(bills)  # an earlier demo's; a folder that is not one stays and is added to
    console.print(f"making {months} months of bills in {bills}")
    generate(bills, seed=seed, months=months, scale=scale)
    for provider in PROVIDERS:
        console.print(f"{provider:<8}", end=" ")
        result = _land(provider, str(bills / provider), estate="demo")
        _show_landing(result)
        if result.refused:
            sys.exit(1)
    _build({}, False)
    _status()
    console.print(f"[green]done in {time.monotonic() - began:.0f} s[/green]")


@main.command()
def status() -> None:
    """Show what the warehouse holds, whether it reconciles, and through which day it is whole."""
    _status()


@main.command("rollback")
@click.argument("delivery_id")
def rollback_command(delivery_id: str) -> None:
    """Make an older delivery current again, as a new delivery that restores it."""
    try:
        restored = rollback(environment.lake(), delivery_id)
    except LandingError as error:
        _fail(error.message)
    console.print(
        f"restored {restored.label} as delivery {restored.delivery_id}; next: tally build", soft_wrap=True
    )


@main.command("prune")
@click.option("--keep", default=3, show_default=True, help="Deliveries kept of each slice, newest first.")
def prune_command(keep: int) -> None:
    """Remove old deliveries that no longer count."""
    try:
        removed = prune(environment.lake(), keep)
    except LandingError as error:
        _fail(error.message)
    console.print(f"removed {len(removed)} deliveries")


@main.command()
@click.argument("sql")
@click.option("--format", "style", type=click.Choice(["table", "csv"]), default="table", show_default=True)
def query(sql: str, style: str) -> None:
    """Run one SELECT on the warehouse, read only."""
    from orchestration import summary

    if not sql.strip():
        _fail("the query is empty")
    try:
        names, found = summary.rows(sql)
    except Exception as error:
        _fail(str(error))
    if style == "csv":
        csv.writer(sys.stdout).writerows([names, *found])
        return
    table = Table()  # Text, because tags and resource names hold brackets that rich would take for markup
    for name in names:
        table.add_column(Text(name))
    for row in found:
        table.add_row(*(Text("" if value is None else str(value)) for value in row))
    console.print(table)


def _land(provider: str, source: str, **options: str | None) -> LandingResult:
    with _progress() as bar:
        tasks: dict[str, int] = {}

        def count(label: str, done: int, total: int) -> None:
            task = tasks.setdefault(label, bar.add_task(label, total=total) if label not in tasks else 0)
            bar.update(task, completed=done, total=total)

        try:
            return land(provider, source, environment.lake(), progress=count, **options)
        except LandingError as error:
            failed = error
    if failed.result is not None:
        _show_landing(failed.result)  # other deliveries of the source that were settled before
    _fail(failed.message)


def _show_landing(result: LandingResult) -> None:
    if len(result.landed) > 5:
        rows = sum(delivery.rows for delivery in result.landed)
        _say(f"landed   {len(result.landed)} deliveries  {rows:,} rows")
    else:
        for delivery in result.landed:
            _say(f"landed   {delivery.label}  {delivery.rows:,} rows")
    for skipped in result.skipped:
        _say(f"skipped  {skipped.label}  {skipped.reason}")
    for refused in result.refused:
        errors.print(
            Text.assemble(("refused", "red"), f"  {refused.label}  {refused.message}"), soft_wrap=True
        )
    for note in result.notes:
        _say(f"note     {note}")


def _build(force: dict[str, str], full_refresh: bool) -> None:
    with console.status("starting dbt"):
        from orchestration.building import build as run
    with _progress() as bar:
        task = bar.add_task("dbt build", total=None)

        def follow(name: str, done: int, total: int) -> None:
            bar.update(task, description=f"dbt build  {name[:60]}", completed=done, total=total)

        failures = run(force or None, full_refresh, follow)
    if failures:
        _fail("\n".join(failures))
    console.print("built and tested")


def _status() -> None:
    from orchestration import summary

    try:
        summary.show(console)
    except summary.NoWarehouse as error:
        _fail(str(error))
    except duckdb.CatalogException as error:
        _fail(f"{environment.warehouse()} lacks what status reads: run `tally build`\n{error}")


@contextmanager
def _progress():
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=errors, transient=True) as bar:
        yield bar


def _say(message: str) -> None:
    console.print(message, markup=False, highlight=False, soft_wrap=True)


def _fail(message: str) -> NoReturn:
    errors.print(message, style="red", markup=False, highlight=False, soft_wrap=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
