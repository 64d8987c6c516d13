"""The commands beside the way from bill to ledger: `tally doctor`, `close`, `publish` and `up`.

Here: arguments, what is printed, exit codes. Not here: what they do (doctor.py, closing.py, publishing.py,
operating.py).
"""

from __future__ import annotations

import itertools
import signal
import time
from collections.abc import Iterator

import click

from ingestion.providers import PROVIDERS
from orchestration import closing, source_doctor, sources, terminal
from orchestration import doctor as examination
from orchestration.faults import told
from orchestration.targets import TARGETS
from orchestration.terminal import fail, say


@click.command()
@click.option(
    "--target", type=click.Choice(TARGETS), default=TARGETS[0], show_default=True, help="The engine."
)
@click.option(
    "--source",
    "places",
    nargs=2,
    multiple=True,
    metavar="PROVIDER URI",
    help="Also where these bills come from; those of <lake>/sources.yml are looked at unasked.",
)
def doctor(target: str, places: tuple[tuple[str, str], ...]) -> None:
    """Say whether machine, lake, warehouse and sources of bills are fit, and what mends them."""
    faults = 0
    with told():
        engine = examination.local() if target == TARGETS[0] else _engine_findings(target)
        for finding in itertools.chain(engine, _source_findings(places)):
            faults += finding.level == "fault"
            terminal.finding(finding.level, finding.subject, finding.said, finding.remedy)
    if faults:
        fail(f"{faults} to mend")
    say("nothing to mend")


def _source_findings(places: tuple[tuple[str, str], ...]) -> Iterator[examination.Finding]:
    wanted = list(places)
    try:
        wanted += [(one.provider, one.source) for one in sources.listed()]
    except sources.BadSources as error:
        yield examination.Finding("fault", "sources", str(error), "the message above says it")
    yield from source_doctor.lake()
    for provider, uri in wanted:
        if provider not in PROVIDERS:
            fail(f"--source {provider}: no such provider; take one of {', '.join(PROVIDERS)}")
        yield from source_doctor.source(provider, uri)


@click.command()
@click.option(
    "--period", required=True, callback=terminal.first_of_month, help="The billing month (YYYY-MM) to close."
)
@click.option("--early", is_flag=True, help="Close it though some of its days are still filling up.")
def close(period: str, early: bool) -> None:
    """Write a month's chargeback into the lake for ever; what changes later becomes an adjustment."""
    with told():
        statement = closing.close(period, early)
    say(
        f"closed {period[:7]}: {statement.rows:,} lines, {statement.adjustments:,} of them adjustments, "
        f"in {statement.path}; next: tally build"
    )


@click.command()
def publish() -> None:
    """Copy the marts to Parquet files in the lake, for readers that leave the warehouse alone."""
    with told():
        with terminal.console.status("starting dbt"):
            from orchestration import building, publishing

            names = publishing.marts(building.manifest(TARGETS[0]).to_dict())
        with terminal.progress() as bar:
            task = bar.add_task("publishing", total=len(names))
            try:
                made = publishing.publish(
                    names,
                    lambda name, done, total: bar.update(
                        task, description=f"publishing  {name}", completed=done
                    ),
                )
            except publishing.NotPublished as error:
                fail(str(error))
    cells = [(copy.name, f"{copy.rows:,}", terminal.as_bytes(copy.bytes)) for copy in made.copies]
    terminal.show("Published", ("mart", "rows", "bytes"), cells)
    if made.lacking:
        say(f"not built yet, so not published: {', '.join(made.lacking)}")
    say(f"in {made.folder}")


@click.command()
@click.option("--port", default=3000, show_default=True, help="Port of the UI on 127.0.0.1.")
def up(port: int) -> None:
    """Open Dagster's UI on the lake: lineage, checks, reruns; needs the dagster extra. Ctrl-C ends it."""
    from orchestration import operating

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does
    try:
        operating.ensure_installed()
        if operating.empty():
            say("the lake is empty: `tally demo` fills it, and so does `tally land`")
        with terminal.console.status("starting Dagster") as status, operating.up(port) as running:
            status.stop()
            say(f"Dagster is at {running.url}; Ctrl-C ends it\nlogs  {running.logs}")
            while not (ended := running.ended()):
                time.sleep(1)
            fail(f"the {ended} ended: see {running.logs}")
    except operating.CannotRun as error:
        fail(str(error))
    except KeyboardInterrupt:
        say("ended; runs that were under way are taken up at the next start")


def _engine_findings(target: str) -> Iterator[examination.Finding]:
    with terminal.console.status("starting dbt"):
        from orchestration import engine_doctor
    yield from engine_doctor.engine(target)
