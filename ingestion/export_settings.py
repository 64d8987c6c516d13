"""How an export is set up, as far as its newest manifest tells, and what would serve better.

Here: format, resource ids, granularity and what becomes of older runs; pure. Not here: finding exports (the
provider modules), and how advice is shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingestion.candidates import Candidate

_RUN = re.compile(r"/\d{8}T\d{6}Z[^/]*/")
_GRANULARITY = re.compile(r"TIME_GRANULARITY\W+(HOURLY|DAILY|MONTHLY)", re.IGNORECASE)


@dataclass(frozen=True)
class Setting:
    """`remedy` is empty where nothing need be changed."""

    name: str
    said: str
    remedy: str = ""


def settings(candidate: Candidate) -> Iterator[Setting]:
    """Of one export run with a manifest that could be read."""
    yield _format(candidate)
    body = json.loads(candidate.manifest.text.decode("utf-8-sig")) if candidate.manifest else {}
    if isinstance(body.get("exportConfig"), dict):
        yield from _azure(body)
    elif body:
        yield from _aws(candidate, body)


def _format(candidate: Candidate) -> Setting:
    if all(entry.name.lower().endswith(".parquet") for entry in candidate.entries):
        return Setting("format", "Parquet")
    return Setting("format", "CSV or JSON", "choose Parquet: it keeps types, and is read many times faster")


def _azure(body: dict) -> Iterator[Setting]:
    granularity = str(body["exportConfig"].get("granularity") or "")
    if granularity:
        daily = granularity.lower() == "daily"
        yield Setting("granularity", granularity, "" if daily else "export it with daily granularity")
    delivery = body.get("deliveryConfig")
    kept = str((delivery if isinstance(delivery, dict) else {}).get("dataOverwriteBehavior") or "")
    if kept:
        replaces = kept.lower() == "overwritepreviousreport"
        advice = "switch file overwrite on, else every run's whole month stays in the container"
        yield Setting("older runs", kept, "" if replaces else advice)


def _aws(candidate: Candidate, body: dict) -> Iterator[Setting]:
    listed = body.get("columns") if isinstance(body.get("columns"), list) else []
    names = {str(c.get("name", "") if isinstance(c, dict) else c).lower() for c in listed}
    if len(names) > 1:
        has = bool(names & {"line_item_resource_id", "resourceid"} or "resource_id" in names)
        advice = "switch resource ids on: without them no cost can be traced to a resource"
        yield Setting("resource ids", "included" if has else "not included", "" if has else advice)
    if found := _GRANULARITY.search(
        candidate.manifest.text.decode(errors="replace") if candidate.manifest else ""
    ):
        granularity = found[1].lower()
        advice = "choose daily or hourly: a month in one row has no days to compare"
        yield Setting("granularity", granularity, advice if granularity == "monthly" else "")
    if any(_RUN.search(f"/{entry.key}") for entry in candidate.entries):
        advice = "choose to overwrite, or let a lifecycle rule remove old runs: each holds the whole month"
        yield Setting("older runs", "are kept beside the newest", advice)
