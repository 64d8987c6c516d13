"""What `tally doctor` looks at: whether machine, lake and warehouse are fit to run, and what mends them.

Here: one function a question, each giving findings; none changes anything. Not here: the questions put to an
engine's account (engine_doctor.py), and how findings are printed (upkeep_commands.py).
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

import duckdb

from ingestion import LandingError, environment
from ingestion.lake import Lake
from orchestration import warehouse

# what an extra is for, and a module that tells whether it is installed
EXTRAS = {
    "ml": ("prophet", "forecasts are the run-rate's alone, and there is no Isolation Forest"),
    "cloud": ("obstore", "bills land from and to folders alone, not s3://, abfss:// and gs://"),
    "dagster": ("dagster", "there is no Dagster to schedule and watch runs"),
}


@dataclass(frozen=True)
class Finding:
    """`ok`, a `note` that something is left out, or a `fault`, which has a remedy."""

    level: Literal["ok", "note", "fault"]
    subject: str
    said: str
    remedy: str = ""


def local() -> Iterator[Finding]:
    """The findings on this machine: versions, extras, lake, deliveries, warehouse."""
    yield from versions()
    yield from extras()
    root = environment.lake()
    if environment.scheme(root) not in (None, "file"):
        yield Finding("note", "lake", f"{root} is remote: the files of its deliveries are not looked at")
    else:
        yield from lake(Path(environment.local(root)).expanduser())
    yield from warehouse_file()


def versions() -> Iterator[Finding]:
    """Python and the packages that everything stands on."""
    python = ".".join(map(str, sys.version_info[:3]))
    told = ", ".join(f"{name} {metadata.version(name)}" for name in ("dbt-core", "dbt-duckdb", "duckdb"))
    yield Finding("ok", "versions", f"Python {python}, {told}")


def extras() -> Iterator[Finding]:
    """What is not installed, and what that leaves out."""
    for name, (module, without) in EXTRAS.items():
        if importlib.util.find_spec(module):
            yield Finding("ok", f"extra {name}", "installed")
        else:
            yield Finding("note", f"extra {name}", f"not installed: {without}", f"uv sync --extra {name}")


def lake(root: Path) -> Iterator[Finding]:
    """Whether the lake can be written, and whether each delivery's files stand there with their sizes."""
    if not root.exists():
        remedy = "tally demo, or tally land, makes it; CLOUDTALLY_LAKE names another"
        yield Finding("note", "lake", f"{root} is not there yet", remedy)
        return
    if not os.access(root, os.W_OK | os.X_OK):
        remedy = "give this user the right to write there, or set CLOUDTALLY_LAKE"
        yield Finding("fault", "lake", f"{root} cannot be written", remedy)
    try:
        held = Lake(root)
        deliveries = held.deliveries()
    except LandingError as error:
        yield Finding("fault", "lake", error.message, "tally land brings the delivery back from its source")
        return
    damaged = 0
    for delivery in deliveries:
        folder = held.folder(delivery)
        for file in delivery.files:
            fault = _damage(folder / file.path, file.bytes)
            if fault:
                damaged += 1
                yield Finding(
                    "fault",
                    f"delivery {delivery.label}",
                    f"{folder / file.path} {fault}",
                    f"restore the file, or remove {folder} and land its source again",
                )
    if not damaged:
        size = sum(file.bytes for delivery in deliveries for file in delivery.files)
        yield Finding("ok", "lake", f"{root}: {len(deliveries)} deliveries, {size:,} bytes, all files whole")


def _damage(path: Path, size: int) -> str | None:
    try:
        found = path.stat().st_size
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return None if found == size else f"has {found:,} bytes where its delivery says {size:,}"


def warehouse_file() -> Iterator[Finding]:
    """Whether the DuckDB file opens, and whether its last build read the deliveries that are there now."""
    file = warehouse.path()
    if not file.exists():
        yield Finding("note", "warehouse", f"{file} is not there yet", "tally build makes it from the lake")
        return
    raw = environment.schema_prefix() + "raw"
    try:
        _, found = warehouse.rows(f"select delivery_id from {raw}.deliveries")
    except warehouse.WarehouseError as error:
        yield Finding("fault", "warehouse", str(error), "the message above says it")
        return
    except duckdb.Error:
        yield Finding("note", "warehouse", f"{file} was never built", "tally build")
        return
    unread = _delivery_ids() - {delivery for (delivery,) in found}
    if unread:
        yield Finding(
            "note", "warehouse", f"{len(unread)} deliveries came after the last build", "tally build"
        )
    else:
        yield Finding("ok", "warehouse", f"{file} read every delivery of the lake")


def _delivery_ids() -> set[str]:
    """None of a remote lake, or of one that cannot be read: that has a finding of its own."""
    try:
        return {delivery.delivery_id for delivery in Lake(environment.lake()).deliveries()}
    except LandingError:
        return set()
