"""Copying a source's files into the lake's working room, hashing them on the way, in constant memory.

Here: bytes, and the proof that the source did not change meanwhile. Not here: what the bytes mean.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ingestion import manifests
from ingestion.candidates import Candidate
from ingestion.errors import LandingError, SourceChanged, reading, writing
from ingestion.lake import RECORD
from ingestion.stores import Entry, Store

CHUNK = 1 << 20
_LONGEST = 200  # bytes of a file's name
Count = Callable[[int], None]  # told of every run of bytes read


@dataclass(frozen=True)
class Staged:
    """A file of the source, copied to `path` in the working room."""

    entry: Entry
    path: Path
    sha256: str


def copy(store: Store, entry: Entry, folder: Path, count: Count, synced: bool = True) -> Staged:
    """Copy one file, synced to disk where it is to stay there. Raises LandingError."""
    _refuse_other_names(store, entry)
    target = folder / _name(entry)
    digest = hashlib.sha256()
    with reading(store.describe(entry.key)):
        source = store.open(entry.key)
    with source:
        with writing(str(folder)):
            folder.mkdir(parents=True, exist_ok=True)
            sink = target.open("xb")
        with writing(str(target)), sink, ThreadPoolExecutor(1) as beside:
            hashed: Future[None] | None = None
            while chunk := _read(store, entry, source):
                if hashed:
                    hashed.result()  # at most two runs of bytes are in memory
                hashed = beside.submit(digest.update, chunk)
                sink.write(chunk)
                count(len(chunk))
            sink.flush()
            if synced:
                os.fsync(sink.fileno())
    if target.stat().st_size != entry.size:
        raise SourceChanged(
            f"{store.describe(entry.key)}: the file changed while it was copied; "
            "run the landing again once the export has finished"
        )
    return Staged(entry, target, digest.hexdigest())


def _refuse_other_names(store: Store, entry: Entry) -> None:
    try:
        entry.key.encode()
    except UnicodeEncodeError as error:  # it would stand in delivery.json, which is UTF-8
        raise LandingError(
            f"{store.describe(entry.key)}: its name, or its folder's, is not UTF-8; rename it"
        ) from error


def digest(store: Store, entry: Entry, count: Count) -> str:
    """The sha256 of a file where it is. Raises LandingError."""
    total = hashlib.sha256()
    with reading(store.describe(entry.key)), store.open(entry.key) as source:
        while chunk := source.read(CHUNK):
            total.update(chunk)
            count(len(chunk))
    return total.hexdigest()


def confirm(store: Store, candidate: Candidate) -> None:
    """Raise SourceChanged unless the manifest and all files are still what they were when they were found."""
    manifest = candidate.manifest
    if manifest and manifests.read(store, manifest.key) != manifest.text:
        raise SourceChanged(
            f"{store.describe(manifest.key)}: the manifest changed while its files were copied; "
            "run the landing again once the export has finished"
        )
    for entry in candidate.entries:
        now = store.stat(entry.key)
        if now is None or now.version != entry.version:
            raise SourceChanged(
                f"{store.describe(entry.key)}: the file changed while it was copied; "
                "run the landing again once the export has finished"
            )


def distinct_names(staged: Iterable[Staged]) -> list[str]:
    """The files' own base names; where two collide the later ones get 2-, 3- … in front, as does one that has
    the name of the delivery's own record."""
    taken = {RECORD}
    names = []
    for file in staged:
        own = name = _name(file.entry)
        number = 1
        while name.lower() in taken:
            number += 1
            name = f"{number}-{own}"
        taken.add(name.lower())
        names.append(name)
    return names


def _name(entry: Entry) -> str:
    # `*` and `?` would be read as patterns by every engine that is given the file's name
    name = re.sub(r"[*?]", "-", entry.name)
    if len(name.encode()) <= _LONGEST:
        return name
    # a disk takes 255 bytes; the end tells the format, the hash keeps apart what begins alike
    mark = hashlib.sha256(name.encode()).hexdigest()[:16]
    ends = "".join(re.findall(r"\.\w{1,10}", name)[-2:])
    start = name.encode()[: _LONGEST - len(mark) - len(ends) - 1].decode(errors="ignore")
    return f"{start}-{mark}{ends}"


def _read(store: Store, entry: Entry, source) -> bytes:
    with reading(store.describe(entry.key)):
        return source.read(CHUNK)
