"""`<lake>/sources.yml`: where bills are fetched from that no event announces.

Here: reading the list, and landing all of it. Not here: when that is done (flow/schedules.py), and landing
itself.

    sources:
      - {provider: aws, source: /mnt/billing/cur2}
      - {provider: gcp, source: /mnt/billing/gcp, dataset: gcp_detailed}
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ingestion import LandingError, LandingResult, environment, land
from ingestion.errors import SourceChanged
from ingestion.providers import PROVIDERS

FILE = "sources.yml"
_FIELDS = {"provider", "source", "dataset", "scope"}


class BadSources(Exception):
    """The list cannot be used; the message names the file, the entry and what to write instead."""


@dataclass(frozen=True)
class Source:
    """What `tally land PROVIDER --source … --dataset … --scope …` is told."""

    provider: str
    source: str
    dataset: str | None = None
    scope: str | None = None


def listed() -> list[Source]:
    """The sources to poll; none when there is no list. Raises BadSources."""
    file = path()
    if file is None or not file.exists():
        return []
    try:
        said = yaml.safe_load(file.read_text()) or {}
    except (OSError, yaml.YAMLError) as error:
        raise BadSources(
            f"{file}: cannot be read as YAML ({error}); correct it or remove the file"
        ) from error
    entries = said.get("sources") if isinstance(said, dict) else None
    if not isinstance(entries, list):
        raise BadSources(
            f"{file}: holds no list `sources:`; write one, such as - {{provider: aws, source: /bills}}"
        )
    return [_source(file, number, entry) for number, entry in enumerate(entries, start=1)]


def path() -> Path | None:
    """Where the list is looked for; None for a remote lake."""
    root = environment.lake()
    if environment.scheme(root) not in (None, "file"):
        return None
    return Path(environment.local(root)).expanduser() / FILE


def poll(sources: list[Source]) -> tuple[LandingResult, list[LandingError]]:
    """Land each source, the others too when one fails; what became of the bills, and the errors."""
    result, errors = LandingResult(), []
    for source in sources:
        try:
            result += land(
                source.provider, source.source, environment.lake(), dataset=source.dataset, scope=source.scope
            )
        except LandingError as error:
            errors.append(error)
            if error.result is not None:
                result += error.result
    return result, errors


def may_pass(error: LandingError) -> bool:
    """Whether the landing may succeed if it is only tried again: the export was being written."""
    return isinstance(error, SourceChanged)


def _source(file: Path, number: int, entry: Any) -> Source:
    where = f"{file}, entry {number}"
    if not isinstance(entry, dict) or not {"provider", "source"} <= entry.keys():
        raise BadSources(
            f"{where}: needs provider and source, such as {{provider: aws, source: /mnt/billing}}"
        )
    if unknown := sorted(str(name) for name in entry.keys() - _FIELDS):
        raise BadSources(f"{where}: unknown {', '.join(unknown)}; a source has {', '.join(sorted(_FIELDS))}")
    for name, value in entry.items():
        if not isinstance(value, str) or not value:
            raise BadSources(
                f"{where}: {name} is {value!r}; write a text, in quotes where it looks like a number"
            )
    if entry["provider"] not in PROVIDERS:
        raise BadSources(f"{where}: provider {entry['provider']}; take one of {', '.join(PROVIDERS)}")
    return Source(**entry)
