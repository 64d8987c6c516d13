"""Command line of the generator: `python -m demo --out DIR`.

Belongs here: arguments. Does not: work.
"""

from datetime import datetime
from pathlib import Path

import click

from demo import generate


@click.command()
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write into."
)
@click.option("--seed", default=7, show_default=True)
@click.option("--months", default=13, show_default=True, help="Billing months, counted back from --until.")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    default="2026-10-28",
    show_default=True,
    help="Last charge date.",
)
@click.option("--scale", default=1.0, show_default=True, help="Multiplies the number of resources.")
@click.option("--odd-names", is_flag=True, help="Add names with non-ASCII letters, quotes and line breaks.")
def main(out: Path, seed: int, months: int, until: datetime, scale: float, odd_names: bool) -> None:
    """Write the cloud bills of a fictional company and their known truth."""
    generate(out, seed=seed, months=months, until=until.date(), scale=scale, odd_names=odd_names)


if __name__ == "__main__":
    main()
