"""The `tally` command: arguments, progress and exit codes.

Here: one function per command of the way from bill to ledger. Not here: those beside it (focus_commands.py,
upkeep_commands.py), landing (ingestion), dbt (building.py), result tables (summary.py,
landed.py), the form of what is printed (terminal.py).
"""

from __future__ import annotations

import sys
import time
from datetime import date

import click

from ingestion import LandingError, LandingResult, environment, land, prune, rollback
from orchestration import (
    change_commands,
    closing,
    demo_estate,
    focus_commands,
    landed,
    reading_commands,
    rule_seeds,
    slices,
    summary,
    terminal,
    upkeep_commands,
    warehouse,
)
from orchestration.faults import told
from orchestration.targets import TARGETS
from orchestration.terminal import fail, say

PROVIDERS = ("aws", "azure", "gcp", "focus")


@click.group()
def main() -> None:
    """Cloudtally: cloud bills in, one FOCUS ledger in the middle, decisions out."""


main.add_command(focus_commands.export)
main.add_command(focus_commands.validate)
main.add_command(change_commands.ci_report)
main.add_command(reading_commands.report)
main.add_command(reading_commands.query)
for command in (upkeep_commands.close, upkeep_commands.doctor, upkeep_commands.publish, upkeep_commands.up):
    main.add_command(command)


@main.command("land")
@click.argument("provider", type=click.Choice(PROVIDERS))
@click.option("--source", required=True, help="Bucket copy, folder or file that holds the bills.")
@click.option("--dataset", help="The dataset, where the files do not tell.")
@click.option("--scope", help="The scope, where the source does not tell.")
@click.option(
    "--since",
    callback=terminal.first_of_month,
    help="Land exports of this month (YYYY-MM) and later ones, then show the months that are missing.",
)
@click.option(
    "--account", "accounts", multiple=True, help="With --since: a billing account to be in each month."
)
def land_command(
    provider: str,
    source: str,
    dataset: str | None,
    scope: str | None,
    since: str | None,
    accounts: tuple[str, ...],
) -> None:
    """Copy bills into the lake as immutable deliveries. What was landed before is skipped, so a landing that
    ended early is gone on with by the same command."""
    first = date.fromisoformat(since) if since else None
    with told():
        fault = None
        try:
            result = _land(provider, source, dataset=dataset, scope=scope, since=first)
        except LandingError as error:
            if error.result is None:
                raise
            fault, result, error.result = error, error.result, None  # what landed beside it is shown here
        landed.show(result)
        if first:
            landed.show_gaps(provider, first, result, accounts)
        if fault:
            raise fault
    if result.refused:
        sys.exit(1)
    say("next: tally build")


@main.command()
@click.option("--provider", help="Rebuild this provider's slices though nothing changed.")
@click.option(
    "--period",
    callback=terminal.first_of_month,
    help="Rebuild this billing month's slices (YYYY-MM) though nothing changed.",
)
@click.option("--full-refresh", is_flag=True, help="Rebuild everything.")
@click.option(
    "--target", type=click.Choice(TARGETS), default=TARGETS[0], show_default=True, help="The engine."
)
def build(provider: str | None, period: str | None, full_refresh: bool, target: str) -> None:
    """Build and test the warehouse: dbt build, with progress."""
    force = {"provider": provider, "billing_period": period}
    with told():
        if target != TARGETS[0]:
            _stage(target)
        _build({key: value for key, value in force.items() if value}, full_refresh, target)


@main.command("stage")
@click.option(
    "--target", type=click.Choice(TARGETS[1:]), required=True, help="The engine that is to read the bills."
)
@click.option("--files-only", is_flag=True, help="Write the files and leave the engine's tables as they are.")
def stage_command(target: str, files_only: bool) -> None:
    """Show the lake's bills to a warehouse: flat files, and external tables over them."""
    with told():
        _stage(target, files_only)
    say(f"next: tally build --target {target}")


@main.command()
@click.option("--seed", default=7, show_default=True, help="Another seed, another estate.")
@click.option("--months", default=13, show_default=True)
@click.option("--scale", default=1.0, show_default=True, help="Multiplies the number of resources.")
def demo(seed: int, months: int, scale: float) -> None:
    """Make a fictional company's bills, land them, build the warehouse and show it."""
    began = time.monotonic()
    with told():
        bills = demo_estate.folder()
        warehouse.ensure_free()
        say(f"making {months} months of bills in {bills}")
        demo_estate.make(bills, seed, months, scale)
        result = sum(
            (_land(provider, str(bills / provider), estate="demo") for provider in PROVIDERS), LandingResult()
        )
        landed.show(result, each=1)
        if result.refused:
            sys.exit(1)
        _build({}, False)
        summary.show()
    terminal.console.print(f"[green]done in {time.monotonic() - began:.0f} s[/green]")


@main.command()
def status() -> None:
    """Show what the warehouse holds, whether it reconciles, and through which day it is whole."""
    with told():
        summary.show()


@main.command("rollback")
@click.argument("delivery_id")
def rollback_command(delivery_id: str) -> None:
    """Make an older delivery current again, as a new delivery that restores it."""
    with told():
        restored = rollback(environment.lake(), delivery_id)
    say(f"restored {restored.label} as delivery {restored.delivery_id}; next: tally build")


@main.command("prune")
@click.option("--keep", default=3, show_default=True, help="Deliveries kept of each slice, newest first.")
def prune_command(keep: int) -> None:
    """Remove old deliveries that no longer count."""
    with told():
        removed = prune(environment.lake(), keep)
    say(f"removed {len(removed)} deliveries")


def _land(provider: str, source: str, **options: str | date | None) -> LandingResult:
    with terminal.progress() as bar:
        tasks: dict[str, int] = {}

        def count(label: str, done: int, total: int) -> None:
            if label not in tasks:
                tasks[label] = bar.add_task(label, total=total)
            bar.update(tasks[label], completed=done, total=total)

        return land(provider, source, environment.lake(), progress=count, **options)


def _stage(target: str, files_only: bool = False) -> None:
    with terminal.console.status("starting dbt"):
        from orchestration import building, staging
    with terminal.progress() as bar:
        task = bar.add_task("reading the lake", total=None)

        def follow(label: str, done: int, total: int) -> None:
            bar.update(task, description=f"staging  {label}", completed=done, total=total)

        staged = staging.write(staging.SHAPES[target], follow)
        if not files_only:
            bar.update(task, description=f"external tables on {target}", total=None)
            building.operation("stage_raw", target)
    changed = f"{len(staged.written)} files written, {len(staged.removed)} removed"
    say(f"staged: {changed}, {staged.kept} of deliveries unchanged")


def _build(force: dict[str, str], full_refresh: bool, target: str = TARGETS[0]) -> None:
    rule_seeds.ensure_sound()
    known = slices.in_lake() if force else None
    if known is not None:
        slices.ensure_match(known, force)
    with terminal.console.status("starting dbt"):
        from orchestration import building
    with terminal.progress() as bar:
        task = bar.add_task("dbt build", total=None)

        def follow(name: str, done: int, total: int) -> None:
            bar.update(task, description=f"dbt build  {name[:60]}", completed=done, total=total)

        try:
            outcome = building.build(force or None, full_refresh, follow, target)
            stopped = None
        except building.Stopped as error:
            stopped = str(error)
    if stopped:
        fail(stopped, code=130)
    if outcome.failures:
        fail("\n".join([building.report(outcome), *closing.unstated()]))
    if force and known is None:  # a remote lake: only the build could tell what it holds
        slices.ensure_match(slices.in_warehouse(), force)
    say("built and tested")


if __name__ == "__main__":
    main()
