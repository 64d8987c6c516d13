"""AWS: CUR 2.0 and FOCUS from Data Exports, and the legacy Cost and Usage Report.

Here: the `*-Manifest.json` files of both and the signs by which their columns are known. Not here:
reading the data (inspection.py).
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ingestion import manifests, shapes
from ingestion.candidates import TABLES, Candidate, Manifest
from ingestion.errors import LandingError
from ingestion.stores import Entry, Store

TITLE = "AWS"
DATASETS = ("cur2", "cur")
SUFFIXES = TABLES

_SUFFIX = "-manifest.json"
_MONTH_FOLDER = re.compile(r"^(?:.*/)?(?:BILLING_PERIOD=\d{4}-\d{2}|\d{8}-\d{8})(?=/)", re.IGNORECASE)
_RUN_FOLDER = re.compile(r"/(\d{8}T\d{6}Z)(?:-[^/]*)?/")
_RUN_TIMES = (
    "executionTime",
    "executionDate",
    "executionCreatedAt",
    "completedAt",
    "createdAt",
    "lastUpdatedAt",
)
_LISTS = ("dataFiles", "reportKeys", "columns")
_RUN_FIELDS = {"dataFiles", "reportKeys", "additionalOutputFiles", "additionalArtifactKeys", "columns"}
_ONLY_IN_CUR2 = {
    "product",
    "discount",
    "resource_tags",
    "cost_category",
    "tags",
    "bill_payer_account_name",
    "line_item_usage_account_name",
    "line_item_iam_principal",
    "line_item_user_identifier",
}
_ACCOUNT = re.compile(r"^arn:[^:]*:[^:]*:[^:]*:(\d{12}):")


def find(store: Store, entries: Sequence[Entry]) -> tuple[list[Candidate], list[str]]:
    """One candidate per export and billing period, and notes on exports that are no bills."""
    by_key = {entry.key: entry for entry in entries}
    groups: dict[tuple[str, str], list[_Run]] = defaultdict(list)
    notes, faults = [], []
    for entry in entries:
        if not entry.name.lower().endswith(_SUFFIX):
            continue
        text = manifests.read(store, entry.key)
        run = _Run(entry, text, {})
        try:
            run = _Run(entry, text, manifests.parse(store, entry.key, text, _LISTS))
        except LandingError as error:
            faults.append(_faulty(run, error))
            continue
        if run.dataset == "other":
            notes.append(f"{entry.key}: an export that is no bill, left out")
        else:
            groups[run.series].append(run)
    runs = [_latest(group) for _, group in sorted(groups.items())]
    return [_candidate(store, run, by_key) for run in runs] + faults, notes


def recognise(columns: set[str], distinct: Callable[[str], set[str]]) -> str | None:
    """The dataset of a file with these lower-case columns, None when it is not AWS's."""
    if any(name.startswith("lineitem/") for name in columns):
        return "cur"
    if any(name.startswith("line_item_") for name in columns) or "bill_payer_account_id" in columns:
        return "cur" if _legacy_parquet(columns) else "cur2"
    return None


def _legacy_parquet(columns: set[str]) -> bool:
    """Whether snake_case columns are the legacy report's: each tag, cost category and product attribute has
    a column of its own there, where CUR 2.0 has maps, and names of accounts are missing."""
    if columns & _ONLY_IN_CUR2:
        return False
    if any(name.startswith(("resource_tags_", "cost_category_")) for name in columns):
        return True
    return any(name.startswith("product_") for name in columns - shapes.declared("cur2").paths)


@dataclass(frozen=True)
class _Run:
    entry: Entry
    text: bytes
    body: dict[str, Any]

    @property
    def name(self) -> str:
        return self.entry.name[: -len(_SUFFIX)]

    @property
    def dataset(self) -> str | None:
        if "reportKeys" in self.body:
            return "cur"
        columns = self.body.get("columns") or ()
        names = {str(c.get("name", "") if isinstance(c, dict) else c).lower() for c in columns}
        if not names:
            return None
        if "billedcost" in names:
            return "focus"
        # Data Exports make CUR 2.0 alone, whatever its query calls the columns
        return "cur2" if recognise(names, lambda _: set()) else "other"

    @property
    def series(self) -> tuple[str, str]:
        month = _MONTH_FOLDER.match(self.entry.key)
        return (self.name, month.group(0) if month else self.entry.key.rpartition("/")[0])

    @property
    def uris(self) -> list[str]:
        return [_uri(item) for item in self.body.get("reportKeys") or self.body.get("dataFiles") or ()]

    @property
    def time(self) -> datetime | None:
        return _run_time(self.body, [self.entry.key, *self.uris])


def _faulty(run: _Run, error: LandingError) -> Candidate:
    return Candidate(
        entries=(),
        exported_at=run.entry.modified,
        dataset=run.dataset,
        series=run.series,
        manifest=Manifest(run.entry.key, run.text),
        fault=error,
    )


def _candidate(store: Store, run: _Run, by_key: dict[str, Entry]) -> Candidate:
    try:
        return _whole(store, run, by_key)
    except LandingError as error:
        return _faulty(run, error)


def _whole(store: Store, run: _Run, by_key: dict[str, Entry]) -> Candidate:
    if not run.uris:
        raise LandingError(
            f"{store.describe(run.entry.key)}: the manifest names no data files (dataFiles or reportKeys); "
            "copy it again once the export has finished"
        )
    files = manifests.resolve(store, run.entry.key, run.uris, by_key)
    account = _account(run.body)
    return Candidate(
        entries=files,
        exported_at=run.time or max(file.modified for file in files),
        dataset=run.dataset,
        scope=f"{account}-{run.name}" if account else None,
        export_name=run.name,
        definition=json.dumps({k: v for k, v in run.body.items() if k not in _RUN_FIELDS}, sort_keys=True),
        series=run.series,
        manifest=Manifest(run.entry.key, run.text),
    )


def _uri(item: Any) -> str:
    if isinstance(item, dict):
        item = next((item[name] for name in ("uri", "s3Uri", "key", "path") if name in item), "")
    return str(item)


def _account(body: dict[str, Any]) -> str | None:
    if body.get("account"):
        return str(body["account"])
    found = _ACCOUNT.match(str(body.get("exportArn") or ""))
    return found.group(1) if found else None


def _run_time(body: dict[str, Any], keys: list[str]) -> datetime | None:
    folders = (found[1] for key in keys if (found := _RUN_FOLDER.search(key)))
    said = [*(body.get(name) for name in _RUN_TIMES), *folders]
    return next((time for text in said if (time := manifests.moment(text))), None)


def _latest(runs: list[_Run]) -> _Run:
    """Of a month's manifests the one nearest the top: AWS keeps it equal to the latest run's own copy."""
    top = min(run.entry.key.count("/") for run in runs)
    return max(
        (run for run in runs if run.entry.key.count("/") == top),
        key=lambda run: (run.time or run.entry.modified, run.entry.key),
    )
