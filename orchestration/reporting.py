"""`tally report`: the BI site, built by Evidence from the published copies.

Here: where it is built, its three steps under their time limits, what is missing and how to mend that, and
putting the new site in the place of the old. Not here: the pages (reports/), serving them (static_site.py).

Evidence and its 600 MB of packages live in a cache folder that is named by their lock, one for all lakes; the
site is `<lake>/report`, which needs neither Node nor a network any more.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ingestion import environment, locks
from orchestration import publishing

PROJECT = Path(__file__).resolve().parents[1] / "reports"
FOLDER = "report"
OLDEST_NODE = 18
Progress = Callable[[str], None]  # the step that begins
# generous: what is meant to end here is a hang, which gives no message
_LIMITS = {"installing Evidence": 1200, "reading the published copies": 600, "building the pages": 1200}
_PACKAGES = ("package.json", "package-lock.json", "scripts/offline-patch.mjs")
_PAGES = ("pages", "partials", "components", "sources", "evidence.config.yaml")
_READ = re.compile(r"read_parquet\('data/(\w+)\.parquet'\)")


class CannotReport(Exception):
    """No site was built and an earlier one stays; the message says why and what to do."""


class NoNode(CannotReport):
    """This machine has nothing that could build a site."""


@dataclass(frozen=True)
class Site:
    """A built site: the folder to serve, and the log of its making."""

    folder: Path
    log: Path


def build(progress: Progress) -> Site:
    """Build the site from `<lake>/published` into `<lake>/report`. Raises CannotReport."""
    lake = _lake()
    published = _published(lake)
    npm = _npm()
    log = lake / "logs" / "report.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_bytes(b"")
    room = workspace()
    room.mkdir(parents=True, exist_ok=True)
    with locks.held(room):
        _install(room, npm, log, progress)
        _lay_out(room, published)
        evidence = str(room / "node_modules" / ".bin" / "evidence")
        _step("reading the published copies", [evidence, "sources", "--strict"], room, log, progress)
        _step("building the pages", [evidence, "build"], room, log, progress)
        return Site(_put_in_place(room / "build", lake / FOLDER), log)


def marts() -> set[str]:
    """The marts that the pages read."""
    return set(_READ.findall((PROJECT / "sources" / "marts" / "initialize.sql").read_text()))


def workspace() -> Path:
    """Where Evidence is installed and runs: another lock, another folder."""
    if not PROJECT.is_dir():
        raise CannotReport(f"no {PROJECT}: the pages come with a checkout, not with the package")
    digest = hashlib.sha256(b"".join((PROJECT / name).read_bytes() for name in _PACKAGES)).hexdigest()
    return environment.cache() / f"report-{digest[:12]}"


def _lake() -> Path:
    lake = environment.lake()
    if environment.scheme(lake) not in (None, "file"):
        raise CannotReport(f"{lake} is remote, and only a lake in a local folder holds published copies yet")
    return Path(environment.local(lake)).expanduser().resolve()


def _published(lake: Path) -> Path:
    """The newest copies' own folder, which stays as it is when others are published meanwhile."""
    link = lake / publishing.FOLDER
    if not link.exists():
        raise CannotReport(f"nothing is published in {link}: run `tally build`, then `tally publish`")
    folder = link.resolve()
    lacking = sorted(name for name in marts() if not (folder / f"{name}.parquet").exists())
    if lacking:
        raise CannotReport(
            f"not published in {link}: {', '.join(lacking)}; run `tally build`, then `tally publish`"
        )
    return folder


def _npm() -> str:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise NoNode(
            f"Evidence, which builds the site, needs Node.js {OLDEST_NODE} or newer and its npm, but there "
            f"is no {'npm' if node else 'node'} here: install it (nodejs.org, or the system's packages)"
        )
    told = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=60).stdout
    version = re.match(r"v(\d+)\.", told)
    if version is None or int(version[1]) < OLDEST_NODE:
        raise NoNode(
            f"{node} is {told.strip() or 'of no known version'}; Evidence needs {OLDEST_NODE} or newer"
        )
    return npm


def _install(room: Path, npm: str, log: Path, progress: Progress) -> None:
    for name in _PACKAGES:
        target = room / name
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(PROJECT / name, target)
    done = room / "node_modules" / ".installed-by-tally"
    if done.exists():
        return
    _step("installing Evidence", [npm, "ci", "--no-audit", "--no-fund"], room, log, progress)
    done.touch()


def _lay_out(room: Path, published: Path) -> None:
    """The pages and a link to the copies; nothing of the build before, maybe of another lake."""
    for name in (*_PAGES, "data", "build", ".evidence"):
        _remove(room / name)
    for name in _PAGES:
        source = PROJECT / name
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, room / name)
    (room / "data").symlink_to(published, target_is_directory=True)


def _step(name: str, command: list[str], room: Path, log: Path, progress: Progress) -> None:
    progress(name)
    told = {
        **os.environ,
        "SEND_ANONYMOUS_USAGE_STATS": "no",
        "NO_COLOR": "1",
        "npm_config_update_notifier": "false",
    }
    with log.open("ab") as out:
        out.write(f"--- {name}\n".encode())
        out.flush()
        child = subprocess.Popen(
            command,
            cwd=room,
            env=told,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        try:
            ended = child.wait(timeout=_LIMITS[name])
        except subprocess.TimeoutExpired:
            raise CannotReport(
                f"{name} took longer than {_LIMITS[name]} s and was stopped; log: {log}"
            ) from None
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)  # with all that it started
                child.wait()
    if ended != 0:
        lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
        said = lines[lines.index(f"--- {name}") + 1 :]
        said = [line for line in said if "error" in line.lower()][:8] or said[-8:]
        raise CannotReport("\n".join([f"{name} failed", *(f"    {line}" for line in said), f"log: {log}"]))


def _put_in_place(built: Path, target: Path) -> Path:
    if not (built / "index.html").is_file():
        raise CannotReport(
            f"Evidence ended well and left no site in {built}: see its log, and run `tally report` again"
        )
    fresh, before = target.with_name(f".{FOLDER}-new"), target.with_name(f".{FOLDER}-before")
    for leftover in (fresh, before):
        _remove(leftover)
    shutil.copytree(built, fresh)
    if target.exists():
        target.rename(before)
    fresh.rename(target)
    _remove(before)
    return target


def _remove(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)
