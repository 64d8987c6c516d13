"""Which dataset a copied file is, and whether it belongs to the provider that was asked for.

Here: the caller's order against what the columns say. Not here: the signs themselves (the provider modules)
and what the files hold (inspection.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace

import duckdb

from ingestion import azure, checks, inspection, providers, tables
from ingestion.candidates import Candidate
from ingestion.copying import Staged
from ingestion.datasets import DATASETS
from ingestion.errors import LandingError
from ingestion.tables import Table


@dataclass(frozen=True)
class Order:
    """What the caller of a landing asked for."""

    provider: str
    source: str
    dataset: str | None
    scope: str | None
    estate: str


@dataclass(frozen=True)
class Read:
    """A copied file, opened and recognised; `dataset` is None for a file without a byte."""

    staged: Staged
    table: Table
    dataset: str | None


def recognise(
    con: duckdb.DuckDBPyConnection, order: Order, candidate: Candidate, staged: Staged, label: str
) -> Read:
    """Open a copied file and tell its dataset.

    Raises LandingError for what is no bill, or another provider's.
    """
    table = tables.table(con, staged.path, label)
    if table.format == "empty":
        return Read(staged, table, None)

    def distinct(sql: str) -> set[str]:
        query = f"select distinct cast({sql} as varchar) from {table.sql}"
        return {value for (value,) in tables.run(con, table, query) if value is not None}

    chosen = candidate.dataset or order.dataset
    names = {name.lower() for name, _ in table.columns}
    found = providers.recognise(names, lambda column: set() if chosen else distinct(tables.reference(column)))
    if found is None and not chosen:
        raise LandingError(
            f"{label}: not a cloud bill that is known here ({_headline(table)}); check --source"
        )
    provider, dataset = found or (DATASETS[chosen].provider, chosen)
    provider = provider or order.provider
    expected = (DATASETS[chosen].provider if chosen else "") or order.provider
    if provider != expected and not _own_focus(order, candidate, provider, table, distinct):
        raise LandingError(
            f"{label}: looks like {providers.PROVIDERS[provider].TITLE}, not "
            f"{providers.PROVIDERS[expected].TITLE}; land it with: tally land {provider} --source …"
        )
    return Read(staged, table, chosen or dataset)


def by_dataset(files: list[Read]) -> list[list[Read]]:
    """Files grouped by dataset; those without a byte go with the first group, or alone when there is none."""
    known = [file for file in files if file.dataset]
    hollow = [file for file in files if not file.dataset]
    settled = azure.settle({file.staged.entry.key: file.dataset for file in known})
    groups: dict[str, list[Read]] = defaultdict(list)
    for file in known:
        dataset = settled[file.staged.entry.key]
        groups[dataset].append(replace(file, dataset=dataset))
    ordered = [group for _, group in sorted(groups.items())]
    if ordered:
        ordered[0] += hollow
    return ordered


def _own_focus(
    order: Order, candidate: Candidate, provider: str, table: Table, distinct: Callable[[str], set[str]]
) -> bool:
    """Whether a FOCUS file is of the very cloud that was asked for: by its manifest, or by its own rows."""
    if provider != "focus" or candidate.dataset or order.dataset:
        return False
    focus = DATASETS["focus"]
    issuers = distinct(checks.text(focus, focus.issuer, table))
    return candidate.manifest is not None or {inspection.issuer_slug(name) for name in issuers} <= {
        order.provider
    }


def _headline(table: Table) -> str:
    names = [name for name, _ in table.columns]
    return "columns " + ", ".join(names[:4]) + (", …" if len(names) > 4 else "")
