"""Azure: Cost Management exports of actual and amortized cost details, and of FOCUS.

Here: their manifest.json and the signs by which their columns are known. Not here: reading the data
(inspection.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from ingestion import manifests
from ingestion.candidates import TABLES, Candidate, Manifest
from ingestion.errors import LandingError
from ingestion.stores import Entry, Store

TITLE = "Azure"
DATASETS = ("azure_actual", "azure_amortized")
SUFFIXES = TABLES

_MANIFESTS = ("manifest.json", "_manifest.json")
_PART = re.compile(r"(?:^|/)part_\d+_\d+\.(?:csv(?:\.gz)?|(?:snappy\.)?parquet)$", re.IGNORECASE)
_TYPES = {"actualcost": "azure_actual", "amortizedcost": "azure_amortized", "focuscost": "focus"}
_EXPORT = re.compile(r"/providers/Microsoft\.CostManagement/exports/[^/]+/?$", re.IGNORECASE)


def find(store: Store, entries: Sequence[Entry]) -> tuple[list[Candidate], list[str]]:
    """One candidate per run, and notes on runs that cannot or need not be landed."""
    by_key = {entry.key: entry for entry in entries}
    bodies, notes, faults = [], [], []
    for entry in entries:
        folder, _, name = entry.key.rpartition("/")
        if name not in _MANIFESTS or (
            name == "_manifest.json" and f"{folder}/manifest.json".lstrip("/") in by_key
        ):
            continue
        text = manifests.read(store, entry.key)
        try:
            body = manifests.parse(store, entry.key, text, ["blobs"])
        except LandingError as error:
            faults.append(_faulty(entry, text, {}, error))
            continue
        kind = str(_part(body, "exportConfig").get("type", ""))
        if kind.lower() not in _TYPES:
            notes.append(f"{entry.key}: an export of type {kind or 'unknown'}, which is no bill, left out")
            continue
        if not body.get("blobs") and body.get("dataRowCount") == 0:
            notes.append(f"{entry.key}: an export without a row, left out")
            continue
        bodies.append((entry, text, body))
    newest: dict[tuple[str, str], str] = {}
    for _, _, body in bodies:
        newest[_series(body)] = max(newest.get(_series(body), ""), _submitted(body))
    candidates = []
    for entry, text, body in bodies:
        try:
            candidates.append(_candidate(store, entry, text, body, by_key))
        except LandingError as error:
            if _submitted(body) == newest[_series(body)]:
                faults.append(_faulty(entry, text, body, error))
            else:
                notes.append(f"{error.message}; left out, for a newer run of the month is there")
    return candidates + faults, notes


def recognise(columns: set[str], distinct: Callable[[str], set[str]]) -> str | None:
    """The dataset of a file with these lower-case columns, None when it is not Azure's."""
    marks = {
        "chargetype",
        "costinbillingcurrency",
        "billingperiodstartdate",
        "metercategory",
        "subscriptionid",
    }
    if len(marks & columns) < 2:
        return None
    unused = "chargetype" in columns and any(
        kind.lower().startswith("unused") for kind in distinct("ChargeType")
    )
    return "azure_amortized" if unused else "azure_actual"


def settle(datasets: dict[str, str]) -> dict[str, str]:
    """The datasets of bare files by key, once all are known: the parts of one export are all of one dataset,
    though only some of an amortized export's may hold unused benefits."""
    amortized = {
        key.rpartition("/")[0]
        for key, name in datasets.items()
        if name == "azure_amortized" and _is_part(key)
    }
    return {
        key: "azure_amortized" if _is_part(key) and key.rpartition("/")[0] in amortized else name
        for key, name in datasets.items()
    }


def _is_part(key: str) -> bool:
    return _PART.search(key) is not None


def _faulty(entry: Entry, text: bytes, body: dict[str, Any], error: LandingError) -> Candidate:
    return Candidate(
        entries=(),
        exported_at=entry.modified,
        dataset=_TYPES.get(str(_part(body, "exportConfig").get("type")).lower()),
        series=_series(body) if body else None,
        manifest=Manifest(entry.key, text),
        fault=error,
    )


def _candidate(
    store: Store, entry: Entry, text: bytes, body: dict[str, Any], by_key: dict[str, Entry]
) -> Candidate:
    config, blobs = _part(body, "exportConfig"), body.get("blobs") or ()
    blobs = [blob if isinstance(blob, dict) else {"blobName": blob} for blob in blobs]
    names = [str(blob.get("blobName", "")).strip() for blob in blobs]
    if not names:
        raise LandingError(
            f"{store.describe(entry.key)}: the manifest names no data files (blobs); "
            "copy it again once the export has finished"
        )
    files = {name: manifests.resolve(store, entry.key, [name], by_key)[0] for name in names}
    exported_at = manifests.moment(_submitted(body)) or max(file.modified for file in files.values())
    plain = str(_part(body, "deliveryConfig").get("compressionMode") or "none").lower() == "none"
    for name, blob in zip(names, blobs, strict=True):
        size = blob.get("byteCount")
        if plain and isinstance(size, int) and files[name].size < size:
            raise LandingError(
                f"{store.describe(files[name].key)}: has {files[name].size} bytes where the "
                f"manifest says {size}; "
                "the copy is cut short, copy the file again"
            )
    return Candidate(
        entries=tuple(dict.fromkeys(files.values())),
        exported_at=exported_at,
        dataset=_TYPES[str(config["type"]).lower()],
        scope=_EXPORT.sub("", str(config.get("resourceId") or "")) or None,
        definition=json.dumps(
            {name: body[name] for name in ("exportConfig", "deliveryConfig") if name in body}, sort_keys=True
        ),
        series=_series(body),
        manifest=Manifest(entry.key, text),
        row_counts={
            files[name].key: blob["dataRowCount"]
            for name, blob in zip(names, blobs, strict=True)
            if isinstance(blob.get("dataRowCount"), int)
        },
    )


def _part(body: dict[str, Any], name: str) -> dict[str, Any]:
    part = body.get(name)
    return part if isinstance(part, dict) else {}


def _submitted(body: dict[str, Any]) -> str:
    return str(_part(body, "runInfo").get("submittedTime") or "")


def _series(body: dict[str, Any]) -> tuple[str, str]:
    return (
        str(_part(body, "exportConfig").get("resourceId") or "").lower(),
        str(_part(body, "runInfo").get("startDate") or "")[:7],
    )
