"""What may become a delivery: the files of one export run, as found at the source and not yet read.

Here: the record that the provider modules give to the landing, and the search for bare files. Not here:
reading manifests (manifests.py and the provider modules).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ingestion.errors import LandingError
from ingestion.stores import Entry

TABLES = (".csv", ".csv.gz", ".parquet")
JSON_LINES = (".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz")
_NEVER = re.compile(
    r"(^|/)(cost_and_usage_data_status|metadata)/|aws-programmatic-access-test-object|manifest\.json$",
    re.IGNORECASE,
)
_MONTH = re.compile(r"(20\d\d)-?(0[1-9]|1[0-2])")
# <month>/<run>/file: folders in which AWS and Azure keep every run of a month beside the others
_RUN = re.compile(
    r"^(?P<month>(?:.*/)?(?:BILLING_PERIOD=\d{4}-\d{2}|\d{8}-\d{8}))/(?P<run>(?:[^/]+/)+)[^/]+$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Manifest:
    """The provider's manifest as it was read; it is read again after the copy."""

    key: str
    text: bytes


@dataclass(frozen=True)
class Candidate:
    """One export run. A bare candidate (no manifest) may still hold files of several datasets."""

    entries: tuple[Entry, ...]
    exported_at: datetime
    dataset: str | None = None  # None: the columns decide
    scope: str | None = None  # None: the billing account decides
    export_name: str | None = None  # joins the billing account in the scope
    definition: str | None = None
    series: tuple[str, str] | None = (
        None  # export and month: a newer run of the same series replaces this one
    )
    manifest: Manifest | None = None
    row_counts: Mapping[str, int] = field(default_factory=dict)  # what the manifest says, by key
    fault: LandingError | None = None  # why its manifest cannot be used; then it has no entries

    @property
    def label(self) -> str:
        return self.manifest.key if self.manifest else self.entries[0].key

    @property
    def month(self) -> str | None:
        """YYYY-MM of its export's series; None where only the files tell."""
        found = _MONTH.search(self.series[1].rpartition("/")[2]) if self.series else None
        return f"{found[1]}-{found[2]}" if found else None


def bare(source: str, entries: list[Entry], single: bool, suffixes: tuple[str, ...]) -> Candidate:
    """All data files under the source, by the ends of their names, as one candidate. A source that is one
    file may have any name. Raises LandingError when there are none."""
    files = [e for e in entries if single or (e.name.lower().endswith(suffixes) and not _NEVER.search(e.key))]
    if not files:
        seen = f"only {', '.join(e.key for e in entries[:3])}" if entries else "nothing"
        raise LandingError(
            f"{source}: no bill found ({seen}); give a folder or file with {', '.join(suffixes)} files"
        )
    runs = defaultdict(set)
    for entry in files:
        if found := _RUN.match(entry.key):
            runs[found["month"]].add(found["run"])
    for month, folders in sorted(runs.items()):
        if len(folders) > 1:
            raise LandingError(
                f"{source}: {month} holds {len(folders)} runs of one month and no manifest that "
                f"says which counts; "
                f"give one of them as --source, such as {month}/{max(folders)}"
            )
    return Candidate(entries=tuple(files), exported_at=max(entry.modified for entry in files))
