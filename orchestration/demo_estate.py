"""The demo's bills on disk: made beside the lake, and only where nothing of anyone else is touched.

Here: what must hold before a demo may begin, and the folder of generated bills. Not here: the generator
(demo), landing and building.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from ingestion import environment
from ingestion.lake import Lake

MARKER = "made-by-tally-demo"  # a file in the folder that says it may be replaced
_WRITTEN = {MARKER, "aws", "azure", "gcp", "focus", "truth"}


class NoDemo(Exception):
    """The demo must not begin; the message says why and what to do."""


def folder() -> Path:
    """Where the demo's bills go. Raises NoDemo or LandingError if it may not run; nothing is made yet."""
    root = environment.lake()
    if environment.scheme(root) not in (None, "file"):
        raise NoDemo(
            f"{root}: the demo needs a local lake for now; set CLOUDTALLY_LAKE to a folder, such as ./lake"
        )
    if any(delivery.estate != "demo" for delivery in Lake(root).deliveries()):
        raise NoDemo(
            f"{root}: holds real deliveries, and demo ones never share a lake with them; "
            "set CLOUDTALLY_LAKE to another folder"
        )
    lake = Path(environment.local(root)).expanduser().resolve()
    bills = lake.parent / f"{lake.name}-demo-bills"
    if bills.exists() and not _is_ours(bills):
        raise NoDemo(
            f"{bills}: the demo would write its bills here, but did not make what is there; move it away, "
            "or set CLOUDTALLY_LAKE to another folder"
        )
    return bills


def make(bills: Path, seed: int, months: int, scale: float) -> None:
    """Generate the bills, and only when they are whole put them in the place of an earlier demo's."""
    from demo import generate

    bills.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=bills.parent, prefix=f".{bills.name}-") as room:
        fresh = Path(room) / "bills"
        fresh.mkdir()
        (fresh / MARKER).write_text("tally demo made this folder and replaces it when it runs again.\n")
        generate(fresh, seed=seed, months=months, scale=scale)
        if bills.exists():
            if not _is_ours(bills):
                raise NoDemo(f"{bills}: something was put there meanwhile; move it away and run again")
            shutil.rmtree(bills)
        fresh.rename(bills)


def _is_ours(bills: Path) -> bool:
    """Whether the folder holds what a demo wrote and nothing beside it."""
    return (
        bills.is_dir()
        and not bills.is_symlink()
        and (bills / MARKER).is_file()
        and {path.name for path in bills.iterdir()} <= _WRITTEN
    )
