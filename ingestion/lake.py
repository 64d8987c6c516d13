"""The raw part of the lake on disk: where deliveries stand, how they are read, and how one comes to be.

Here: paths, reading delivery.json, the room a landing works in, publishing and removing a delivery, the note
of an export that brought nothing new. Not here: what is inside a delivery and whether it may land.
"""

from __future__ import annotations

import errno
import glob
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ingestion import disk, environment, locks
from ingestion.errors import LakeUnwritable, LandingError, writing
from ingestion.holdings import Holdings
from ingestion.records import Delivery
from ingestion.stores import Store

RECORD = "delivery.json"
EVENTS = "events"
SEEN = "seen"
_HOLDER = ".holder"  # the mark of who held the lock last; it locks nothing
_DELIVERIES = "*/*/*/exported=*/delivery=*"
_known: dict[tuple[str, int, int, int], Delivery] = {}  # records never change: read once in a process


class Lake:
    """`<lake>/raw`. A folder under it is a delivery only by its delivery.json."""

    keeps_rooms = True  # what a landing made in its room becomes the delivery itself

    def __init__(self, root: str | os.PathLike[str]) -> None:
        kind = environment.scheme(str(root))
        if kind not in (None, "file"):
            raise LandingError(
                f"{root}: this can be done with a lake of this machine alone; set CLOUDTALLY_LAKE to a folder"
            )
        self.root = Path(environment.local(str(root))).expanduser()
        self.raw = self.root / "raw"
        self._incoming = self.raw / ".incoming"
        self._mark = secrets.token_hex(8)
        self._held: Holdings | None = None
        self._left_behind: list[Path] = []
        self.newest_event = ""  # its name, as long as nobody else may have written one

    def deliveries(self) -> list[Delivery]:
        """All deliveries, oldest first."""
        found = (self._read(folder / RECORD) for folder in self._glob(_DELIVERIES))
        return sorted((delivery for delivery in found if delivery), key=lambda d: d.order)

    def held(self) -> Holdings:
        """The same, looked through only when somebody else may have changed them. The caller holds the lock,
        or will look again under it."""
        if self._held is None:
            found = {folder: self._read(folder / RECORD) for folder in self._glob(_DELIVERIES)}
            self._left_behind = [folder for folder, delivery in found.items() if delivery is None]
            self._held = Holdings(delivery for delivery in found.values() if delivery)
        return self._held

    def folder(self, delivery: Delivery) -> Path:
        return self.root / place(delivery)

    def delivery_ids(self) -> set[str]:
        """Of what may be deliveries, without reading them."""
        return {path.name.removeprefix("delivery=") for path in self._glob(_DELIVERIES)}

    @contextmanager
    def room(self) -> Iterator[Path]:
        """A private folder to work in, gone afterwards; what killed landings left behind is removed first."""
        with ExitStack() as lease:
            with self.lock(), writing(str(self.root)):
                self._incoming.mkdir(exist_ok=True)
                self._sweep()
                room = self._incoming / f"{os.getpid()}-{secrets.token_hex(4)}"
                room.mkdir()
                lease.enter_context(locks.held(room))
            try:
                yield room
            finally:
                shutil.rmtree(room, ignore_errors=True)
                with self.lock():
                    disk.remove_empty(self._incoming)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Held while the lake's deliveries are judged and changed."""
        with writing(str(self.root)):
            self.raw.mkdir(parents=True, exist_ok=True)
        with locks.held(self.raw):
            if self._last_mark() != self._mark:
                self._held, self.newest_event = None, ""
                self._leave_mark()
            yield

    def _last_mark(self) -> str | None:
        try:
            return self.text(_HOLDER)
        except (OSError, UnicodeDecodeError) as error:
            raise LakeUnwritable(
                f"{self.root / _HOLDER}: cannot be read ({error}); let this user read it, or remove it "
                "when no landing runs"
            ) from error

    def _leave_mark(self) -> None:
        with writing(str(self.root)):
            try:
                self.write(_HOLDER, self._mark)
            except OSError as error:
                # a lake that may only be read keeps no mark, and is looked through each time
                is_read_only = error.errno in (errno.EROFS, errno.EACCES) and not os.access(self.raw, os.W_OK)
                if not is_read_only:
                    raise

    def bring(self, prepared: Path, delivery: Delivery, source: Store) -> None:
        """Nothing: the files are on the lake's own disk already."""

    def publish(self, prepared: Path, delivery: Delivery) -> None:
        """Make the files in `prepared` a delivery: whole, or not at all. The caller holds the lock."""
        final = self.folder(delivery)
        record = prepared.with_name(prepared.name + ".json")
        with writing(str(self.root)):
            if (final / RECORD).exists():
                raise LandingError(f"{final}: this delivery is in the lake already")
            try:
                disk.write_synced(record, delivery.to_json())
                disk.sync_folder(prepared)
                shutil.rmtree(final, ignore_errors=True)
                final.parent.mkdir(parents=True, exist_ok=True)
                os.rename(prepared, final)
                disk.create_if_absent(record, final / RECORD)
                for folder in (final, *list(final.parents)[:5]):
                    disk.sync_folder(folder)
                if self._held:
                    self._held.add(delivery)
            except BaseException:
                self._held = None
                if not (final / RECORD).exists():
                    shutil.rmtree(final, ignore_errors=True)
                    self._trim(final.parent)
                raise

    def restore(self, old: Delivery, restored: Delivery, room: Path) -> None:
        """Publish the files of an older delivery again. The caller holds the lock."""
        folder = room / "delivery"
        with writing(str(self.root)):
            folder.mkdir()
            for file in old.files:
                disk.share(self.folder(old) / file.path, folder / file.path)
        self.publish(folder, restored)

    def note_seen(self, delivery: Delivery, exported_at: str) -> None:
        """Keep when the newest export ran that held the delivery's very files: it settles a month whose bill
        stays the same. It stands beside the delivery, which never changes. The caller holds the lock."""
        name = f"{SEEN}/{delivery.delivery_id}.json"
        if note := seen_since(self.text(name), delivery, exported_at):
            with writing(str(self.root)):
                self.write(name, note)

    def remove(self, delivery: Delivery) -> None:
        """Take a delivery out of the lake: first its record, then its files. The caller holds the lock."""
        folder = self.folder(delivery)
        self._held = None
        with writing(str(self.root)):
            (folder / RECORD).unlink()
            shutil.rmtree(folder)
            (self.root / SEEN / f"{delivery.delivery_id}.json").unlink(missing_ok=True)
        self._trim(folder.parent)

    def event_names(self) -> list[str]:
        return [path.name for path in (self.root / EVENTS).glob("*.json")]

    def text(self, name: str) -> str | None:
        """A small file beside the deliveries; None when it is not there. Raises OSError."""
        try:
            return (self.root / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def write(self, name: str, text: str) -> None:
        """Raises OSError."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_text(text, encoding="utf-8")
        os.replace(fresh, path)

    def _glob(self, pattern: str) -> list[Path]:
        # unlike Path.glob it passes over hidden folders, and over those that others remove meanwhile
        return [self.raw / name for name in glob.glob(pattern, root_dir=self.raw)]

    def _read(self, path: Path) -> Delivery | None:
        try:
            facts = path.stat()
            key = (str(path), facts.st_mtime_ns, facts.st_size, facts.st_ino)
            if key not in _known:
                _known[key] = Delivery.from_json(path.read_text(encoding="utf-8"))
            return _known[key]
        except FileNotFoundError:
            return None  # pruned since it was listed
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise LandingError(
                f"{path}: cannot be read as a delivery ({error}); restore the file or remove its folder"
            ) from error

    def _sweep(self) -> None:
        for room in self._incoming.iterdir():
            if room.is_dir() and locks.is_free(room):
                shutil.rmtree(room)
        self.held()
        for folder in self._left_behind:
            if folder.exists() and not (folder / RECORD).exists():
                shutil.rmtree(folder)
                self._trim(folder.parent)
        self._left_behind = []

    def _trim(self, folder: Path) -> None:
        while folder != self.raw and disk.remove_empty(folder):
            folder = folder.parent


def place(delivery: Delivery) -> str:
    """Where a delivery stands, relative to its lake, with forward slashes."""
    series = f"raw/{delivery.provider}/{delivery.dataset}/{delivery.scope}"
    return f"{series}/exported={delivery.exported_at[:10]}/delivery={delivery.delivery_id}"


def seen_since(note: str | None, delivery: Delivery, exported_at: str) -> str | None:
    """The text that a note of `seen/` is to have, None when what it says is as new."""
    try:
        known = str(json.loads(note)["exported_at"]) if note else delivery.exported_at
    except (ValueError, KeyError, TypeError):
        known = delivery.exported_at  # a note that was cut short is written anew
    if exported_at <= known:
        return None
    return json.dumps({"delivery_id": delivery.delivery_id, "exported_at": exported_at}) + "\n"
