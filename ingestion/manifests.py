"""Reading the providers' manifests and finding, at the source, the files that they name.

Here: what AWS and Azure manifests have in common. Not here: the fields of either (aws.py, azure.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ingestion.errors import Incomplete, LandingError, reading
from ingestion.periods import YEARS
from ingestion.records import parse_time
from ingestion.stores import Entry, Store

_LARGEST = 64 * 1024 * 1024


def read(store: Store, key: str) -> bytes:
    """The manifest's bytes. Raises LandingError when it cannot be read."""
    with reading(store.describe(key)), store.open(key) as file:
        parts, size = [], 0
        while size < _LARGEST and (part := file.read(_LARGEST)):
            parts.append(part)
            size += len(part)
        return b"".join(parts)


def parse(store: Store, key: str, text: bytes, lists: Iterable[str]) -> dict[str, Any]:
    """The manifest as a dict, in which each of `lists` is a list of objects or texts, or is not there.

    Raises LandingError naming the field when it is none.
    """
    where = store.describe(key)
    try:
        body = json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        said = error if isinstance(error, ValueError) else "too many brackets in each other"
        raise LandingError(
            f"{where}: the manifest is not JSON ({said}); copy it again from the cloud storage"
        ) from error
    if not isinstance(body, dict):
        raise LandingError(f"{where}: the manifest is not a JSON object; copy it again")
    for name in lists:
        found = body.get(name)
        wrong = [] if found is None else found if isinstance(found, list) else [found]
        if not isinstance(found, list | None) or not all(isinstance(one, dict | str) for one in wrong):
            raise LandingError(
                f"{where}: {name} is no list of objects or names, but {ascii(found)[:60]}; the manifest was "
                "edited or is another file: copy it again from the cloud storage"
            )
    return body


def moment(text: object) -> datetime | None:
    """The time of a run; None for what is none, such as the year 1 that stands where nobody set it."""
    try:
        found = parse_time(str(text))
    except ValueError:
        return None
    return found if found.year in YEARS else None


def resolve(
    store: Store, manifest: str, uris: Iterable[str], entries: Mapping[str, Entry]
) -> tuple[Entry, ...]:
    """The source's entries for the URIs or keys that a manifest names.

    A source may be a whole bucket or any folder of it, so a URI's path is matched by its end: beside the
    manifest,
    else below each folder above it, nearest first. Raises LandingError naming the first file that is not
    there.
    """
    found = tuple(_resolve(store, manifest, uri, entries) for uri in uris)
    return tuple(dict.fromkeys(found))


def _resolve(store: Store, manifest: str, uri: str, entries: Mapping[str, Entry]) -> Entry:
    path = uri.split("://", 1)[-1].strip().strip("/").split("/")
    folders = manifest.split("/")[:-1]
    for depth in range(len(folders), -1, -1):
        above = folders[:depth]
        shortest = 1 if depth == len(folders) else 2
        for start in range(len(path) - shortest + 1):
            entry = entries.get("/".join([*above, *path[start:]]))
            if entry:
                return entry
    raise Incomplete(
        f"{store.describe(manifest)}: the manifest names {_short(uri)}, which is not under {store.uri}; "
        "copy the whole export (data and manifests, with their folders) and give its top folder as --source"
    )


def _short(uri: str) -> str:
    text = uri.strip()
    return text if len(text) <= 1100 else f"{text[:1000]} …"
