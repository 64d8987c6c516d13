"""The demo estate: a seeded generator of a fictional retailer's cloud bills, with known truth.

Belongs here: `generate`, which runs the providers' modules. Does not: anything about a provider.
"""

from datetime import date
from pathlib import Path

from demo import aws, azure, focus, gcp
from demo.estate import Calendar, Estate
from demo.truth import Truth

__all__ = ["generate"]


def generate(
    out: Path,
    seed: int = 7,
    months: int = 13,
    until: date = date(2026, 10, 28),
    scale: float = 1.0,
    odd_names: bool = False,
) -> None:
    """Write the raw exports under `out`/{aws,azure,gcp,focus} and their truth under `out`/truth.

    `until` is the last charge date (in the data, its last two days are incomplete), `months` counts back
    from its month, `scale` multiplies the number of resources, `odd_names` adds names with non-ASCII
    letters, quotes and line breaks. The same arguments give the same bytes.
    """
    out = Path(out)
    estate = Estate(seed, scale, Calendar.of(months, until), odd_names)
    truth = Truth(estate.calendar)
    for provider in (aws, azure, gcp, focus):
        provider.generate(estate, truth, out)
    truth.write(out / "truth")
