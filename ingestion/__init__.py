"""Landing the providers' bills in the raw lake, as immutable deliveries.

Here: the package's public names. Not here: anything of dbt, Dagster or the command line.
"""

from ingestion.errors import LandingError
from ingestion.landing import land
from ingestion.records import Delivery, File, Slice
from ingestion.results import LandingResult, Refused, Skipped
from ingestion.retention import prune, rollback

__all__ = [
    "Delivery",
    "File",
    "LandingError",
    "LandingResult",
    "Refused",
    "Skipped",
    "Slice",
    "land",
    "prune",
    "rollback",
]
