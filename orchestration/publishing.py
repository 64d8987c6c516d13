"""`tally publish`: the marts as Parquet files that BI, notebooks and other engines read without the warehouse
file.

Here: copying the marts that dbt's manifest names, and putting all copies in the place of the earlier ones at
once. Not here: what the marts hold, and when to publish (the flow does it after its checks).

`<lake>/published` is a link to a folder in `<lake>/.published/`; it is switched when the new folder is whole,
and the folder before it stays until the next time, for readers that opened it. `published.json` inside says
what there is.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from ingestion import environment, locks
from orchestration import warehouse

FOLDER = "published"
CATALOG = "published.json"
Progress = Callable[[str, int, int], None]  # a mart's name, how many are copied, how many there are


class NotPublished(Exception):
    """Nothing was published and the earlier copies stay; the message says why and what to do."""


@dataclass(frozen=True)
class Copy:
    """One mart as it was published."""

    name: str
    rows: int
    bytes: int
    seconds: float


@dataclass(frozen=True)
class Published:
    """A publication: where it is, when it was made (UTC, ISO 8601), the copies in it, and the marts that are
    not built yet and so left out.
    """

    folder: Path
    published_at: str
    copies: tuple[Copy, ...]
    lacking: tuple[str, ...]


def marts(manifest: Mapping[str, Any]) -> list[str]:
    """The marts of dbt's manifest (as JSON), those of intelligence among them, by name."""
    return sorted(
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["fqn"][1] == "marts"
    )


def publish(names: Iterable[str], progress: Progress | None = None) -> Published:
    """Copy the marts to `<lake>/published/<mart>.parquet` and switch to the new copies at once.

    Marts that are not built yet are left out. Raises NotPublished when the ledger does not meet the bills or
    was not held against them, or the lake is remote; WarehouseError when the warehouse cannot be read.
    """
    root = _root()
    wanted = list(names)
    store = root / f".{FOLDER}"
    with warehouse.reading() as connection:
        schema = environment.schema_prefix() + "marts"
        built = _built(connection, schema)
        _ensure_reconciled(connection, schema, built)
        there = [name for name in wanted if name in built]
        store.mkdir(parents=True, exist_ok=True)
        with locks.held(store):
            moment = datetime.now(UTC)
            folder = store / f"{moment:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
            folder.mkdir()
            copies = []
            for done, name in enumerate(there):
                if progress:
                    progress(name, done, len(there))
                copies.append(_copy(connection, f"{schema}.{name}", folder / f"{name}.parquet"))
            lacking = tuple(name for name in wanted if name not in built)
            published = Published(root / FOLDER, moment.isoformat(timespec="seconds"), tuple(copies), lacking)
            _describe(published, folder)
            before = _switch(root / FOLDER, folder)
            _remove_all_but({folder, before}, store)
    return published


def _root() -> Path:
    lake = environment.lake()
    if environment.scheme(lake) not in (None, "file"):
        raise NotPublished(
            f"{lake} is remote, and only a lake in a local folder can hold published copies yet"
        )
    root = Path(environment.local(lake)).expanduser().resolve()
    if (root / FOLDER).exists() and not (root / FOLDER).is_symlink():
        raise NotPublished(f"{root / FOLDER} was not made by `tally publish`: move it away and publish again")
    return root


def _built(connection: duckdb.DuckDBPyConnection, schema: str) -> set[str]:
    found = connection.execute(
        "select table_name from information_schema.tables where table_schema = $1", [schema]
    )
    return {name for (name,) in found.fetchall()}


def _ensure_reconciled(connection: duckdb.DuckDBPyConnection, schema: str, built: set[str]) -> None:
    if "reconciliation" not in built:
        raise NotPublished(f"{schema}.reconciliation is not built: run `tally build`, then publish")
    beyond = connection.execute(
        f"select distinct provider || ' ' || strftime(billing_period, '%Y-%m') as slice "
        f"from {schema}.reconciliation where residual_reason = 'unexplained' order by slice"
    ).fetchall()
    if beyond:
        raise NotPublished(
            f"the ledger does not meet the bills of {', '.join(slice for (slice,) in beyond)}: the copies "
            "published before stay; see `tally status`, mend the bill or roll it back, then build and publish"
        )


def _copy(connection: duckdb.DuckDBPyConnection, relation: str, target: Path) -> Copy:
    began = time.monotonic()
    literal = str(target).replace("'", "''")
    [(rows,)] = connection.execute(
        f"copy (select * from {relation}) to '{literal}' (format parquet, compression zstd)"
    ).fetchall()
    return Copy(target.stem, rows, target.stat().st_size, round(time.monotonic() - began, 3))


def _describe(published: Published, folder: Path) -> None:
    told = {"published_at": published.published_at, "marts": [asdict(copy) for copy in published.copies]}
    (folder / CATALOG).write_text(json.dumps(told, indent=2) + "\n")


def _switch(link: Path, folder: Path) -> Path | None:
    """Point the link at the folder, in one step; the folder that it named before."""
    before = link.resolve() if link.is_symlink() else None
    fresh = folder.with_name(f"{folder.name}.link")
    fresh.symlink_to(os.path.relpath(folder, link.parent), target_is_directory=True)
    os.replace(fresh, link)
    return before


def _remove_all_but(kept: set[Path | None], store: Path) -> None:
    for path in store.iterdir():
        if path.is_symlink():
            path.unlink()
        elif path not in kept:
            shutil.rmtree(path, ignore_errors=True)
