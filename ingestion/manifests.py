"""Reading the providers' manifests and finding, at the source, the files that they name.

Here: what AWS and Azure manifests have in common. Not here: the fields of either (aws.py, azure.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ingestion.errors import Incomplete, LandingError, reading
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


def parse(store: Store, key: str, text: bytes) -> dict[str, Any]:
    """The manifest as a dict. Raises LandingError when it is not a JSON object."""
    try:
        body = json.loads(text.decode("utf-8-sig"))
    except ValueError as error:
        raise LandingError(
            f"{store.describe(key)}: the manifest is not JSON ({error}); copy it again from the cloud storage"
        ) from error
    if not isinstance(body, dict):
        raise LandingError(f"{store.describe(key)}: the manifest is not a JSON object; copy it again")
    return body


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
        f"{store.describe(manifest)}: the manifest names {uri.strip()}, which is not under {store.uri}; "
        "copy the whole export (data and manifests, with their folders) and give its top folder as --source"
    )
