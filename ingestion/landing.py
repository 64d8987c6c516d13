"""Landing: a provider's export becomes immutable deliveries in the raw lake.

Here: the order of the steps: find, copy, check, judge, publish. Not here: any step's own knowledge.
"""

from __future__ import annotations

import dataclasses
import os
from datetime import date
from pathlib import Path

from ingestion import (
    assembly,
    bigquery_table,
    copying,
    environment,
    events,
    jobs,
    recognition,
    records,
    rules,
    tables,
)
from ingestion.candidates import Candidate
from ingestion.errors import LandingError, SourceChanged, writing
from ingestion.jobs import Job, Progress
from ingestion.lakes import AnyLake, open_lake
from ingestion.providers import PROVIDERS
from ingestion.recognition import Order
from ingestion.records import Delivery
from ingestion.results import LandingResult, Refused, Skipped, gathered
from ingestion.stores import open_store

_ATTEMPTS = 3


def land(
    provider: str,
    source: str,
    lake: str | os.PathLike[str],
    dataset: str | None = None,
    scope: str | None = None,
    estate: str = "real",
    progress: Progress | None = None,
    only: str | None = None,
    since: date | None = None,
    trace_id: str | None = None,
) -> LandingResult:
    """Land every delivery found at `source` into the lake: a path, a URI, or bigquery://PROJECT/DATASET/TABLE.

    With `only`, the one alone that this URI is the manifest of, and if that was landed before and replaced
    since, it is skipped. With `since`, exports of earlier months are left out, as far as manifests tell their
    month.

    Each delivery lands whole or not at all; one that the lake's rules forbid is in `refused`.
    Raises LandingError when the source or lake cannot be used, or when a bill cannot be read; then the other
    deliveries of the source have still been tried, and the error's `result` tells what became of them.
    """
    target = open_lake(lake)
    order = jobs.order(provider, str(source), dataset, scope, estate)
    if environment.scheme(order.source) == "bigquery":

        def land_extract(uri: str, scope: str) -> LandingResult:
            extract = dataclasses.replace(order, source=uri, scope=scope)
            return _land_all(extract, target, progress, None, None, trace_id)

        return bigquery_table.land_table(order, target, since, land_extract)
    return _land_all(order, target, progress, only, since, trace_id)


def _land_all(
    order: Order,
    target: AnyLake,
    progress: Progress | None,
    only: str | None,
    since: date | None,
    trace_id: str | None,
) -> LandingResult:
    store = open_store(order.source, exclude=target.root)
    job = Job(order, target, store, PROVIDERS[order.provider], progress, only, since, trace_id)
    found, notes = jobs.find(job)
    with target.lock():
        _one_estate(target, order.estate)
    newest = {candidate.series: candidate.exported_at for candidate in found}  # they come oldest first

    def land_candidate(candidate: Candidate) -> LandingResult:
        newer = only is not None or (
            candidate.series is not None and newest[candidate.series] > candidate.exported_at
        )
        return _land_one(job, candidate, newer)

    months = tuple(sorted({candidate.month for candidate in found if candidate.month}))
    return gathered(found, land_candidate, LandingResult(notes=tuple(notes), offered=months))


def _one_estate(lake: AnyLake, estate: str) -> None:
    if other := lake.held().of_other_estate(estate):
        raise LandingError(
            f"{lake.root}: holds {other.estate} deliveries, and {estate} ones never share a lake with them; "
            "set CLOUDTALLY_LAKE to another folder"
        )


def _land_one(job: Job, candidate: Candidate, newer: bool) -> LandingResult:
    """Land one candidate, from the start again when the provider rewrites it meanwhile."""
    for attempt in range(_ATTEMPTS):
        if candidate.fault:
            raise candidate.fault
        known = _known(job, candidate, newer)
        if known:
            return known
        try:
            return _copy_and_land(job, candidate, newer)
        except SourceChanged:
            fresh = [c for c in jobs.find(job)[0] if c.label == candidate.label]
            if attempt == _ATTEMPTS - 1 or not fresh:
                raise
            candidate = fresh[0]
    raise AssertionError("unreachable")


def _copy_and_land(job: Job, candidate: Candidate, newer: bool) -> LandingResult:
    count = jobs.counter(job, candidate)
    with job.lake.room() as room:
        con = tables.connect(room / "spill")
        try:
            files = []
            for number, entry in enumerate(candidate.entries):
                staged = copying.copy(job.store, entry, room / str(number), count, job.lake.keeps_rooms)
                label = job.store.describe(entry.key)
                files.append(recognition.recognise(con, job.order, candidate, staged, label))
            copying.confirm(job.store, candidate)
            groups = recognition.by_dataset(files)
            if not groups:
                return _rowless(job, candidate)
            prepared = [
                assembly.assemble(con, job.order, candidate, group, assembly.now()) for group in groups
            ]
        finally:
            con.close()
        result = LandingResult()
        for delivery, paths in prepared:
            folder = room / f"delivery-{delivery.dataset}"
            with writing(str(room)):
                folder.mkdir()
                for path, staged in paths.items():
                    os.rename(staged.path, folder / path)
            result += _publish(job, delivery, folder, newer)
        return result


def _publish(job: Job, delivery: Delivery, folder: Path, newer: bool) -> LandingResult:
    if not delivery.rows:
        return LandingResult(skipped=(Skipped(delivery.label, "holds no rows", None),))
    if _judged(job, delivery, newer).action == "land":
        job.lake.bring(folder, delivery, job.store)
    with job.lake.lock():
        _one_estate(job.lake, job.order.estate)
        settled = _settled(job, _judged(job, delivery, newer), delivery)
        if settled:
            return settled
        delivery = dataclasses.replace(delivery, landed_at=records.microseconds(assembly.now()))
        job.lake.publish(folder, delivery)
        events.announce(job.lake, [delivery], job.trace_id)
    return LandingResult(landed=(delivery,))


def _known(job: Job, candidate: Candidate, newer: bool) -> LandingResult | None:
    """The outcome when the lake holds these very files already and nothing need be copied; else None."""
    keys = frozenset((entry.key, entry.size) for entry in candidate.entries)
    likely = [
        d
        for d in job.lake.held().of_files(keys)
        if d.dataset == (candidate.dataset or job.order.dataset or d.dataset)
        and d.provider in (job.order.provider, "focus")
        and d.scope == (job.order.scope or d.scope)
    ]
    if not likely or len({(d.dataset, d.scope) for d in likely}) > 1:
        return None
    same = _of_same_etags if all(entry.etag for entry in candidate.entries) else _of_same_bytes
    for delivery in same(job, candidate, likely)[:1]:
        again = dataclasses.replace(
            delivery, exported_at=records.seconds(candidate.exported_at), restores=None
        )
        with job.lake.lock():
            return _settled(job, _judged(job, again, newer), again)
    return None


def _judged(job: Job, delivery: Delivery, newer: bool) -> rules.Verdict:
    return rules.judge(delivery, job.lake.held().series(delivery.dataset, delivery.scope), newer)


def _of_same_bytes(job: Job, candidate: Candidate, likely: list[Delivery]) -> list[Delivery]:
    count = jobs.counter(job, candidate)
    found = frozenset((e.key, e.size, copying.digest(job.store, e, count)) for e in candidate.entries)
    return [delivery for delivery in likely if delivery.fingerprint == found]


def _of_same_etags(job: Job, candidate: Candidate, likely: list[Delivery]) -> list[Delivery]:
    """A store that has etags need not be read again."""
    found = {(entry.uri, entry.etag) for entry in candidate.entries}
    return [d for d in likely if {(file.source_uri, file.etag) for file in d.files} == found]


def _settled(job: Job, verdict: rules.Verdict, delivery: Delivery) -> LandingResult | None:
    if verdict.action == "skip":
        job.lake.note_seen(verdict.about, delivery.exported_at)
        return LandingResult(skipped=(Skipped(delivery.label, verdict.reason, verdict.about.delivery_id),))
    if verdict.action == "refuse":
        return LandingResult(refused=(Refused(delivery.label, verdict.reason),))
    return None


def _rowless(job: Job, candidate: Candidate) -> LandingResult:
    if candidate.manifest is None:
        raise LandingError(f"{job.order.source}: all files are empty (0 bytes); export or copy them again")
    return LandingResult(skipped=(Skipped(candidate.label, "holds no rows", None),))
