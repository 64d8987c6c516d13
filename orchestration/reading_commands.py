"""The commands for people who look: `tally report` and `tally query`.

Here: arguments, what is printed, exit codes. Not here: what they do (reporting.py, querying.py).
"""

from __future__ import annotations

import csv
import os
import signal
import sys
import threading
import time
import webbrowser
from pathlib import Path

import click

from orchestration import querying, reporting, static_site, terminal
from orchestration.terminal import fail, say


@click.command()
@click.option("--lake", help="The lake whose published copies are shown, if not CLOUDTALLY_LAKE.")
@click.option("--serve", is_flag=True, help="Then serve it on 127.0.0.1, until Ctrl-C.")
@click.option("--open", "show", is_flag=True, help="The same, and open it in the browser.")
@click.option("--port", default=3001, show_default=True, help="Port to serve it on.")
def report(lake: str | None, serve: bool, show: bool, port: int) -> None:
    """Build the BI site from the published marts; needs Node.js. Publish first: `tally publish`."""
    if lake:
        os.environ["CLOUDTALLY_LAKE"] = lake
    began = time.monotonic()
    try:
        with terminal.console.status("looking") as status:

            def told(step: str) -> None:
                status.update(step)
                if not terminal.console.is_terminal:
                    say(step)

            site = reporting.build(told)
    except reporting.CannotReport as error:
        fail(str(error))
    say(f"built {site.folder} in {time.monotonic() - began:.0f} s: files that any web server can serve")
    if serve or show:
        _serve(site, show, port)


@click.command(context_settings={"ignore_unknown_options": True})  # a query may begin with a comment, `--`
@click.argument("sql")
@click.option("--format", "style", type=click.Choice(["table", "csv"]), default="table", show_default=True)
@click.option(
    "--output", type=click.Path(path_type=Path), help="Write a .csv, .csv.gz, .parquet or .xlsx file."
)
@click.option(
    "--published", is_flag=True, help="Ask the published copies, and leave the warehouse file alone."
)
def query(sql: str, style: str, output: Path | None, published: bool) -> None:
    """Run one SELECT on the warehouse, read only."""
    try:
        if output:
            count = querying.write(sql, output, published)
        else:
            names, found = querying.rows(sql, published)
    except Exception as error:  # whatever a person's SQL brings about, in DuckDB or in reading its values
        fail(str(error))
    if output:
        say(f"wrote {count:,} rows to {output}")
    elif style == "csv":
        csv.writer(sys.stdout).writerows([names, *found])
    else:
        terminal.grid(names, found)


def _serve(site: reporting.Site, show: bool, port: int) -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does
    try:
        with static_site.serving(site.folder, port) as url:
            say(f"the site is at {url}; Ctrl-C ends it")
            if show:
                webbrowser.open(url)
            threading.Event().wait()
    except OSError as error:
        fail(f"port {port} cannot be had ({error.strerror}): name another with --port")
    except KeyboardInterrupt:
        say("ended")
