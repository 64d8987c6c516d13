"""Google Cloud: the standard and detailed Cloud Billing exports, as BigQuery writes them to files.

Here: the signs by which their columns are known. There is no manifest: Google's EXPORT DATA writes none.
Not here: reading the data (inspection.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ingestion.candidates import JSON_LINES, TABLES, Candidate
from ingestion.stores import Entry, Store

TITLE = "Google Cloud"
DATASETS = ("gcp_detailed", "gcp_standard")
SUFFIXES = TABLES + JSON_LINES


def find(store: Store, entries: Sequence[Entry]) -> tuple[list[Candidate], list[str]]:
    """None: all files of a dataset under one source are one delivery."""
    return [], []


def recognise(columns: set[str], distinct: Callable[[str], set[str]]) -> str | None:
    """The dataset of a file with these lower-case columns, None when it is not Google's."""
    marks = {"billing_account_id", "invoice", "usage_start_time", "cost_type", "sku"}
    if len(marks & columns) < 2:
        return None
    return "gcp_detailed" if "resource" in columns else "gcp_standard"
