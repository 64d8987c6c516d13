"""The providers by the name that `tally land` takes, and which of them a file belongs to.

Here: the one list of provider modules. Not here: anything one of them knows alone.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

from ingestion import aws, azure, focus, gcp, invoices

PROVIDERS: dict[str, ModuleType] = {"aws": aws, "azure": azure, "gcp": gcp, "focus": focus}


def recognise(columns: set[str], distinct: Callable[[str], set[str]]) -> tuple[str, str] | None:
    """(provider, dataset) of a file with these lower-case columns; None when it is no bill we know.

    Of invoices the provider is empty: their columns are any provider's.
    """
    if invoices.recognise(columns):
        return "", invoices.DATASET
    for provider in ("focus", "aws", "azure", "gcp"):
        if dataset := PROVIDERS[provider].recognise(columns, distinct):
            return provider, dataset
    return None
