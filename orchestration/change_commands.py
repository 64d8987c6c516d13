"""`tally ci-report`: the command for who changes models.

Here: arguments, what is printed, exit codes. Not here: what it does (pull_request.py, pull_request_page.py).
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from orchestration import pull_request, pull_request_page, terminal
from orchestration.terminal import fail, say

PROJECT = Path(__file__).resolve().parents[1]


@click.command("ci-report")
@click.option(
    "--base", default="origin/main", show_default=True, help="What the change is to be merged into."
)
@click.option("--output", type=click.Path(path_type=Path), help="Write it to a Markdown file too.")
def ci_report(base: str, output: Path | None) -> None:
    """Build what a change of models touches on the fixtures, and say what it does to rows and totals."""
    try:
        with terminal.console.status("looking") as status:
            comparison = pull_request.compare(
                PROJECT, base, PROJECT / "build" / "pr", pull_request.fixtures, status.update
            )
    except pull_request.CannotCompare as error:
        fail(str(error))
    told = pull_request_page.page(comparison)
    if output:
        output.write_text(told, encoding="utf-8")
    say(told.rstrip())
    if comparison.faults:
        sys.exit(1)
