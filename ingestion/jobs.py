"""One landing: what was asked for, where it is taken from and brought to, and what is found there.

Here: checking what the caller asked, and the candidates of a source. Not here: what becomes of them
(landing.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from types import ModuleType

from ingestion import candidates, copying, records
from ingestion.candidates import Candidate
from ingestion.errors import LandingError, NoBill, SourceChanged
from ingestion.lakes import AnyLake
from ingestion.providers import PROVIDERS
from ingestion.recognition import Order
from ingestion.stores import Store

Progress = Callable[[str, int, int], None]  # label of the delivery, bytes read so far, bytes in all


@dataclass(frozen=True)
class Job:
    """What all steps of one landing have in common; `service` is the provider's module."""

    order: Order
    lake: AnyLake
    store: Store
    service: ModuleType
    progress: Progress | None
    only: str | None
    since: date | None
    trace_id: str | None


def order(provider: str, source: str, dataset: str | None, scope: str | None, estate: str) -> Order:
    """What the caller asked for, with the scope as a path-safe name. Raises LandingError."""
    if provider not in PROVIDERS:
        raise LandingError(f"{provider}: no such provider; take one of {', '.join(PROVIDERS)}")
    allowed = tuple(dict.fromkeys((*PROVIDERS[provider].DATASETS, "focus", "invoices")))
    if dataset is not None and dataset not in allowed:
        raise LandingError(f"--dataset {dataset}: {provider} has {', '.join(allowed)}; take one of these")
    if estate not in ("real", "demo"):
        raise LandingError(f"estate {estate}: must be real or demo")
    name = None if scope is None else records.slug(scope)
    if name == "":
        raise LandingError(
            f"--scope {scope!r}: holds no letter or digit; give a name such as the billing account"
        )
    return Order(provider, source, dataset, name, estate)


def find(job: Job) -> tuple[list[Candidate], list[str]]:
    """The source's candidates, oldest first, and notes. Raises LandingError when there is none."""
    entries = job.store.list()
    if job.only is not None:
        entries = [e for e in entries if e.uri == job.only or not e.name.lower().endswith("manifest.json")]
        if all(entry.uri != job.only for entry in entries):
            raise SourceChanged(f"{job.only}: the manifest is not there; it was removed, or lies elsewhere")
    if job.store.single and entries and entries[0].name.lower().endswith("manifest.json"):
        raise LandingError(
            f"{job.order.source}: a manifest by itself; give the folder that holds it and its data "
            f"files as --source"
        )
    found, notes = job.service.find(job.store, entries)
    wanted = [c for c in found if None in (c.dataset, job.order.dataset) or c.dataset == job.order.dataset]
    notes += [f"{c.label}: {c.dataset}, left out by --dataset" for c in found if c not in wanted]
    if job.since is not None:
        first = job.since.strftime("%Y-%m")
        earlier = [c for c in wanted if c.month and c.month < first]
        wanted = [c for c in wanted if c not in earlier]
        if earlier:
            notes.append(f"{len(earlier)} exports of months before {first}, left out by --since")
    if not wanted and notes:
        raise NoBill(f"{job.order.source}: no {job.order.provider} bill found; " + "; ".join(notes))
    if not wanted:
        wanted = [candidates.bare(job.order.source, entries, job.store.single, job.service.SUFFIXES)]
    return sorted(wanted, key=lambda c: (c.exported_at, c.label)), notes


def counter(job: Job, candidate: Candidate) -> copying.Count:
    """What adds up the bytes of a candidate and tells whoever watches."""
    total = sum(entry.size for entry in candidate.entries)
    done = 0

    def count(size: int) -> None:
        nonlocal done
        done += size
        if job.progress:
            job.progress(candidate.label, done, total)

    return count
