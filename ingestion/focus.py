"""Native FOCUS files of any provider, by themselves or from AWS's and Azure's own export services.

Here: the choice among those services' manifests and the signs by which FOCUS columns are known. Not
here: reading the data (inspection.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ingestion import aws, azure
from ingestion.candidates import TABLES, Candidate
from ingestion.stores import Entry, Store

TITLE = "FOCUS"
DATASETS = ("focus",)
SUFFIXES = TABLES


def find(store: Store, entries: Sequence[Entry]) -> tuple[list[Candidate], list[str]]:
    """The FOCUS exports among AWS's and Azure's manifests, and notes on the others."""
    candidates, notes = [], []
    for service in (aws, azure):
        found, remarks = service.find(store, entries)
        notes += remarks
        for candidate in found:
            if candidate.dataset in (None, "focus"):
                candidates.append(candidate)
            else:
                notes.append(f"{candidate.label}: an export of {candidate.dataset}, not FOCUS, left out")
    return candidates, notes


def recognise(columns: set[str], distinct: Callable[[str], set[str]]) -> str | None:
    """`focus` for a file with these lower-case columns, None when it is none."""
    marks = {"billedcost", "chargecategory", "chargeperiodstart", "billingperiodstart"}
    return "focus" if len(marks & columns) >= 2 else None
