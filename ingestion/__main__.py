"""`python -m ingestion PROVIDER SOURCE`: land without the command line tool, for fixtures and schedulers.

Here: arguments and the exit code. Not here: progress bars or tables (tally land shows them).
"""

from __future__ import annotations

import sys

import click

from ingestion import LandingError, environment, land


@click.command()
@click.argument("provider", type=click.Choice(["aws", "azure", "gcp", "focus"]))
@click.argument("source")
@click.option("--dataset", help="The dataset, where the files do not tell.")
@click.option("--scope", help="The scope, where the source does not tell.")
@click.option("--estate", type=click.Choice(["real", "demo"]), default="real", show_default=True)
def main(provider: str, source: str, dataset: str | None, scope: str | None, estate: str) -> None:
    """Land the bills of SOURCE in the lake (CLOUDTALLY_LAKE)."""
    try:
        result = land(provider, source, environment.lake(), dataset=dataset, scope=scope, estate=estate)
    except LandingError as error:
        click.echo(error.message, err=True)
        sys.exit(1)
    for delivery in result.landed:
        click.echo(f"landed {delivery.label}: {delivery.rows} rows")
    for refused in result.refused:
        click.echo(f"refused {refused.label}: {refused.message}", err=True)
    sys.exit(1 if result.refused else 0)


if __name__ == "__main__":
    main()
