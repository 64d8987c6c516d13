"""The lake's bills as flat Parquet files and a small catalog beside them, for warehouses that do not read raw
in place.

Here: writing the files so that a kill at any moment leaves whole files and an older or a newer list of them,
never a mixture. Not here: what a flat file holds (flat_files.py), how a bill is read
(macros/lake/raw_view.sql), and what a warehouse makes of the files (macros/lake/stage_raw.sql).

In the lake stand, per shape, `flat/<shape>/<source>/delivery=<id>/part-0.parquet`, all rows of one delivery;
`catalog/<shape>/<table>/<hash>/<table>.parquet`, what DuckDB has in raw of the deliveries; and the list of
both, `catalog/<shape>/flat_files/flat_files.parquet`: the one file whose exchange makes a staging count.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from ingestion import environment
from orchestration import building, flat_files

SHAPES = {"bigquery": "nested", "athena": "nested", "synapse": "text"}  # by dbt target
# the last of them decides which slices are built, and is therefore switched last
CATALOG = (
    "closed_statements",
    "deliveries",
    "delivery_slices",
    "delivery_accounts",
    "delivery_days",
    "current_slices",
)
LISTING = "flat_files"
Progress = Callable[[str, int, int], None]  # a delivery's label, how many are done, how many there are


class StagingError(Exception):
    """The lake cannot be staged; the message says why and what to do."""


@dataclass
class Staged:
    """What a staging did: paths relative to the lake, and how many files stood already."""

    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    kept: int = 0


def write(shape: str, progress: Progress | None = None) -> Staged:
    """Bring the flat files and the catalog of a shape (flat_files.py) up to date.

    Files of deliveries that are no longer current stay for one staging more, because a warehouse reads them
    until its stage_raw ran. Raises StagingError of a remote lake, WarehouseError when dbt cannot read it.
    """
    lake = environment.lake()
    if environment.scheme(lake) not in (None, "file"):
        raise StagingError(f"{lake} is remote, and only a lake in a local folder can be staged yet")
    root = Path(environment.local(lake)).expanduser().resolve()
    staged = Staged()
    with _raw_views() as (connection, raw, sources):
        wanted = flat_files.wanted(connection, raw, sources, shape)
        held = _fingerprints(connection, root / "flat" / shape)
        missing = [file for file in wanted if held.get(str(root / file.path)) != file.fingerprint]
        staged.kept = len(wanted) - len(missing)
        for done, file in enumerate(missing):
            if progress:
                progress(f"{file.source} {file.delivery_id}", done, len(missing))
            _put(connection, file.select, root / file.path, {"fingerprint": file.fingerprint})
            staged.written.append(file.path)
        listed = [(file.source, file.delivery_id, file.path) for file in wanted]
        for table in CATALOG:
            path = _catalog_file(connection, f"{raw}.{table}", root, f"catalog/{shape}/{table}", staged)
            listed.append((table, "", path))
        before = _listed(connection, root, shape)
        if listed != before:
            _put(connection, _as_select(listed), root / _listing(shape), {})
            staged.written.append(_listing(shape))
    named = {path for *_, path in [*listed, *before]} | {_listing(shape)}
    staged.removed = _remove_all_but(named, root, f"flat/{shape}", f"catalog/{shape}")
    return staged


@contextmanager
def _raw_views() -> Iterator[tuple[duckdb.DuckDBPyConnection, str, Mapping]]:
    """The raw schema that dbt makes of the lake, in a warehouse to throw away; its name; dbt's sources."""
    with tempfile.TemporaryDirectory() as folder:
        warehouse = Path(folder) / "staging.duckdb"
        manifest = building.operation("stage_raw", "duckdb", warehouse)
        sources = {s.name: s for s in manifest.sources.values() if s.source_name != "lake"}
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute("set TimeZone = 'UTC'; set enable_progress_bar = false")
            yield connection, environment.schema_prefix() + "raw", sources


def _fingerprints(connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, str]:
    """The fingerprints of the files that are there, from their footers."""
    paths = [str(path) for path in folder.glob("*/*/part-0.parquet")]
    if not paths:
        return {}
    return dict(
        connection.execute(
            "select file_name, decode(value) from parquet_kv_metadata($1) where decode(key) = 'fingerprint'",
            [paths],
        ).fetchall()
    )


def _put(connection: duckdb.DuckDBPyConnection, select: str, target: Path, footer: Mapping[str, str]) -> None:
    """The rows of a query as one Parquet file, there whole or not at all. All writing of files is this."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name("_" + target.name)  # a name that readers of a folder pass over
    literal = str(unfinished).replace("'", "''")
    pairs = ", ".join(f"{key}: '{value}'" for key, value in footer.items())
    metadata = f", kv_metadata {{{pairs}}}" if pairs else ""
    connection.execute(f"copy ({select}) to '{literal}' (format parquet, compression zstd{metadata})")
    unfinished.replace(target)


def _catalog_file(
    connection: duckdb.DuckDBPyConnection, relation: str, root: Path, folder: str, staged: Staged
) -> str:
    """A small relation in a file whose folder is named by its content, so that it never changes; its path."""
    typed = connection.execute(f"describe {relation}").fetchall()
    columns = ", ".join(
        f"{flat_files.value(name, kind.lower(), 'nested')} as {name}" for name, kind, *_ in typed
    )
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / f"{Path(folder).name}.parquet"
        _put(connection, f"select {columns} from {relation} order by all", made, {})
        content = hashlib.sha256(made.read_bytes()).hexdigest()[:16]
        path = f"{folder}/{content}/{made.name}"
        if not (root / path).exists():
            _put(connection, f"select * from read_parquet('{made}')", root / path, {})
            staged.written.append(path)
    return path


def _listing(shape: str) -> str:
    return f"catalog/{shape}/{LISTING}/{LISTING}.parquet"


def _listed(connection: duckdb.DuckDBPyConnection, root: Path, shape: str) -> list[tuple[str, str, str]]:
    """What the last staging listed: relation, delivery (empty for the catalog), path relative to the lake."""
    path = root / _listing(shape)
    if not path.exists():
        return []
    return connection.execute(
        "select relation, delivery_id, uri from read_parquet($1) order by place", [str(path)]
    ).fetchall()


def _as_select(listed: Iterable[tuple[str, str, str]]) -> str:
    rows = ", ".join(
        f"({place}::bigint, '{relation}', '{delivery}', '{uri}')"
        for place, (relation, delivery, uri) in enumerate(listed)
    )
    return f"select * from (values {rows}) as listed (place, relation, delivery_id, uri)"


def _remove_all_but(named: set[str], root: Path, *folders: str) -> list[str]:
    """Remove what older stagings and killed ones left, and folders that are empty then."""
    removed = []
    for folder in folders:
        for path in sorted((root / folder).rglob("*"), reverse=True):  # what is inside comes first
            relative = path.relative_to(root).as_posix()
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            elif relative not in named:
                path.unlink()
                removed.append(relative)
    return removed
