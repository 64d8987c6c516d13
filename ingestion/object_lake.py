"""The raw part of a lake in a bucket: the same deliveries as on disk (lake.py), by what buckets can do.

Here: reading records, the room a landing works in, copying in, publishing and removing. A bucket renames
nothing, so the files of a delivery are written to their place first, proven whole, and seen by nobody until
their delivery.json is created, which only one of several can do. What a killed landing left is written over
when the same export is landed again, and otherwise swept after a day. Not here: what is inside a delivery and
whether it may land.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingestion import buckets, environment
from ingestion.buckets import PART, Found
from ingestion.errors import LakeUnwritable, LandingError, SourceChanged
from ingestion.holdings import Holdings
from ingestion.lake import EVENTS, RECORD, SEEN, place, seen_since
from ingestion.leases import Lease
from ingestion.records import Delivery, File
from ingestion.stores import Body, ObjectStore, Store

_IN_DELIVERY = re.compile(r"raw/[^/.][^/]*/[^/]+/[^/]+/exported=[^/]+/delivery=(?P<id>[^/]+)/(?P<file>[^/]+)")
_LEFT_BEHIND = timedelta(days=1)
_AT_ONCE = 8
_PATIENCE = 30
_known: dict[tuple[str, str, str], Delivery] = {}  # records never change: read once in a process


class ObjectLake:
    """Paths that begin with `raw/` are relative to the lake. A folder is a delivery only by its record."""

    keeps_rooms = False

    def __init__(self, root: str) -> None:
        at = buckets.address(root)
        self.root = root
        self._bucket = buckets.open_bucket(at, writing=True)
        self._prefix = f"{at.path}/" if at.path else ""
        self._lease = Lease(self._bucket, f"{self._prefix}.lease")
        self._held: Holdings | None = None
        self._left_behind: list[str] = []
        self.newest_event = ""  # its name, as long as nobody else may have written one

    def deliveries(self) -> list[Delivery]:
        """All deliveries, oldest first."""
        return sorted(
            self._read_all(found for found, _ in self._raw() if _is_record(found)),
            key=lambda delivery: delivery.order,
        )

    def held(self) -> Holdings:
        """As Lake.held."""
        if self._held is None:
            folders: dict[str, list[Found]] = {}
            for found, _ in self._raw():
                folders.setdefault(found.path.rpartition("/")[0], []).append(found)
            self._left_behind = [folder for folder, files in folders.items() if _is_left_behind(files)]
            records = (file for files in folders.values() for file in files if _is_record(file))
            self._held = Holdings(self._read_all(records))
        return self._held

    def delivery_ids(self) -> set[str]:
        named = (_IN_DELIVERY.fullmatch(path) for found, path in self._raw() if _is_record(found))
        return {match["id"] for match in named if match}

    def uri(self, delivery: Delivery) -> str:
        return f"{self._bucket.root}/{self._prefix}{place(delivery)}"

    @contextmanager
    def room(self) -> Iterator[Path]:
        """A private folder of this machine to read bills in, gone afterwards; what landings left behind in
        the lake a day ago is removed first."""
        self._sweep()
        try:
            with tempfile.TemporaryDirectory(prefix="tally-", dir=environment.scratch()) as room:
                yield Path(room)
        except OSError as error:
            raise LakeUnwritable(
                f"{environment.scratch() or tempfile.gettempdir()}: bills cannot be read there "
                f"({error.strerror}); free some space, or set CLOUDTALLY_SCRATCH to a larger disk"
            ) from error

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Held while the lake's deliveries are judged and changed."""
        with self._lease.held() as alone:
            if not alone:
                self._held, self.newest_event = None, ""
            yield

    def bring(self, prepared: Path, delivery: Delivery, source: Store) -> None:
        """Put the files of a delivery in their place, unseen, each proven to be what was read."""
        for file in delivery.files:
            read, target = prepared / file.path, f"{self._prefix}{place(delivery)}/{file.path}"
            if self._holds(target, read, file):
                continue  # of a landing that was killed, or is at work beside this one
            if isinstance(source, ObjectStore) and self._bucket.takes_from(source.bucket.root):
                with contextlib.suppress(LandingError):  # too large for one call, or gone by now
                    self._bucket.copy(source.bucket.root, source.path(file.source_key), target)
                if self._holds(target, read, file):
                    continue
            with ThreadPoolExecutor(1) as beside:
                beside.submit(self._bucket.reckon, read)
                self._bucket.put(target, read)
            self._prove(target, read, file)

    def publish(self, prepared: Path, delivery: Delivery) -> None:
        """Make the files that were brought a delivery: whole, or not at all. The caller holds the lock."""
        folder = f"{self._prefix}{place(delivery)}/"
        there = {found.path.removeprefix(folder): found.size for found in self._bucket.list(folder)}
        if lost := [file.path for file in delivery.files if there.get(file.path) != file.bytes]:
            raise SourceChanged(
                f"{self.uri(delivery)}: {lost[0]} was removed meanwhile; run the landing again"
            )
        self._lease.keep()
        if not self._bucket.put(folder + RECORD, delivery.to_json().encode(), absent=True):
            self._held = None
            raise SourceChanged(f"{self.uri(delivery)}: another landing was faster; run this one again")
        if self._held:
            self._held.add(delivery)

    def restore(self, old: Delivery, restored: Delivery, room: Path) -> None:
        """Publish the files of an older delivery again. The caller holds the lock."""
        for file in old.files:
            source, target = (f"{self._prefix}{place(d)}/{file.path}" for d in (old, restored))
            self._bucket.copy(self._bucket.root, source, target)
            self._prove(target, None, file)
        self.publish(room, restored)

    def note_seen(self, delivery: Delivery, exported_at: str) -> None:
        """As Lake.note_seen. The caller holds the lock."""
        name = f"{SEEN}/{delivery.delivery_id}.json"
        if note := seen_since(self.text(name), delivery, exported_at):
            self.write(name, note)

    def remove(self, delivery: Delivery) -> None:
        """Take a delivery out of the lake: first its record, then its files. The caller holds the lock."""
        folder = f"{self._prefix}{place(delivery)}/"
        self._held = None
        self._lease.keep()
        self._bucket.delete(folder + RECORD)
        for found in list(self._bucket.list(folder)):
            self._lease.keep()
            self._bucket.delete(found.path)
        self._bucket.delete(f"{self._prefix}{SEEN}/{delivery.delivery_id}.json")

    def event_names(self) -> list[str]:
        folder = f"{self._prefix}{EVENTS}/"
        names = (found.path.removeprefix(folder) for found in self._bucket.list(folder))
        return [name for name in names if name.endswith(".json") and "/" not in name]

    def text(self, name: str) -> str | None:
        """A small file beside the deliveries; None when it is not there."""
        found = self._bucket.head(self._prefix + name)
        return bytes(self._bucket.read(found, 0, found.size)).decode() if found else None

    def write(self, name: str, text: str) -> None:
        self._bucket.put(self._prefix + name, text.encode())

    def _raw(self) -> Iterable[tuple[Found, str]]:
        """What is in deliveries, with paths relative to the lake."""
        for found in self._bucket.list(f"{self._prefix}raw/"):
            path = found.path.removeprefix(self._prefix)
            if _IN_DELIVERY.fullmatch(path):
                yield found, path

    def _read_all(self, records: Iterable[Found]) -> list[Delivery]:
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            return [delivery for delivery in threads.map(self._read, records) if delivery]

    def _read(self, found: Found) -> Delivery | None:
        key = (self._bucket.root, found.path, found.etag)
        if key not in _known:
            try:
                _known[key] = Delivery.from_json(bytes(self._bucket.read(found, 0, found.size)).decode())
            except SourceChanged:
                return None  # pruned since it was listed
            except (ValueError, KeyError, TypeError) as error:
                raise LandingError(
                    f"{self._bucket.root}/{found.path}: cannot be read as a delivery ({error}); restore the "
                    "file or remove its folder"
                ) from error
        return _known[key]

    def _prove(self, target: str, read: Path | None, file: File) -> None:
        if not self._holds(target, read, file):
            raise LakeUnwritable(
                f"{self._bucket.root}/{target}: holds other bytes than were written (by their SHA-256); "
                "nothing was landed, run the landing again"
            )

    def _holds(self, target: str, read: Path | None, file: File) -> bool:
        """Whether an object is the file: by the store's own checksum of what was read, else by reading it."""
        for _ in range(_PATIENCE):
            found = self._bucket.head(target)
            if found is None or found.size != file.bytes:
                return False
            if read and self._bucket.proves(found, read):
                return True
            with contextlib.suppress(SourceChanged):  # written over, with the same bytes, by another landing
                digest = hashlib.sha256()
                with Body(self._bucket, found) as body:
                    while part := body.read(PART):
                        digest.update(part)
                return digest.hexdigest() == file.sha256
        return False

    def _sweep(self) -> None:
        self.held()
        for folder in self._left_behind:
            files = list(self._bucket.list(f"{folder}/"))
            for found in files if _is_left_behind(files) else ():
                self._bucket.delete(found.path)
        self._left_behind = []


def _is_record(found: Found) -> bool:
    return found.path.endswith(f"/{RECORD}")


def _is_left_behind(files: list[Found]) -> bool:
    """Whether these are what a killed landing left, a day ago, of a delivery that never came to be."""
    newest = max((found.modified for found in files), default=datetime.now(UTC))
    return newest < datetime.now(UTC) - _LEFT_BEHIND and not any(map(_is_record, files))
