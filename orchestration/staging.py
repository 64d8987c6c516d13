"""The lake's bills as flat Parquet files and a small catalog beside them, for warehouses that do not read raw
in place.

Here: writing the files so that a kill at any moment leaves whole files and an older or a newer list of them,
never a mixture. Not here: what a flat file holds (flat_files.py), how a bill is read
(macros/lake/raw_view.sql), and what a warehouse makes of the files (macros/lake/stage_raw.sql).

In the lake stand, per shape, `flat/<shape>/<source>/delivery=<id>/part-0.parquet`, all rows of one delivery;
`catalog/<shape>/<table>/<hash>/<table>.parquet`, what DuckDB has in raw of the deliveries;
`history/<shape>/<table>/rows.parquet`, what intelligence told last (history.py); and the list of
all, `catalog/<shape>/flat_files/flat_files.parquet`: the one file whose exchange makes a staging count.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from ingestion import environment
from orchestration import building, flat_files, history
from orchestration.lake_files import LakeFiles, open_files

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


@dataclass
class Staged:
    """What a staging did: paths relative to the lake, and how many files stood already."""

    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    kept: int = 0


def write(shape: str, progress: Progress | None = None) -> Staged:
    """Bring the flat files and the catalog of a shape (flat_files.py) up to date.

    Files of deliveries that are no longer current stay for one staging more, because a warehouse reads them
    until its stage_raw ran. Raises WarehouseError when dbt cannot read the lake, LandingError when its bucket
    cannot be reached.
    """
    lake = open_files(environment.lake())
    standing = [path for path in lake.names(f"flat/{shape}") if path.endswith("/part-0.parquet")]
    staged = Staged()
    with _raw_views(lake) as (connection, raw, sources):
        wanted = flat_files.wanted(connection, raw, sources, shape)
        held = _fingerprints(connection, [lake.uri(path) for path in standing])
        missing = [file for file in wanted if held.get(lake.uri(file.path)) != file.fingerprint]
        staged.kept = len(wanted) - len(missing)
        for done, file in enumerate(missing):
            if progress:
                progress(f"{file.source} {file.delivery_id}", done, len(missing))
            _put(connection, file.select, lake, file.path, {"fingerprint": file.fingerprint})
            staged.written.append(file.path)
        listed = [(file.source, file.delivery_id, file.path) for file in wanted]
        told, made = history.ensure(lake, shape)
        listed += [(table, "", path) for table, path in told]
        staged.written += made
        for table in CATALOG:
            path = _catalog_file(connection, f"{raw}.{table}", lake, f"catalog/{shape}/{table}", staged)
            listed.append((table, "", path))
        before = _listed(connection, lake, shape)
        if listed != before:
            _put(connection, _as_select(listed), lake, _listing(shape), {})
            staged.written.append(_listing(shape))
    named = {path for *_, path in [*listed, *before]} | {_listing(shape)}
    # what older stagings and killed ones left
    for path in [*lake.names(f"flat/{shape}"), *lake.names(f"catalog/{shape}")]:
        if path not in named:
            lake.remove(path)
            staged.removed.append(path)
    return staged


@contextmanager
def _raw_views(lake: LakeFiles) -> Iterator[tuple[duckdb.DuckDBPyConnection, str, Mapping]]:
    """The raw schema that dbt makes of the lake, in a warehouse to throw away; its name; dbt's sources."""
    with tempfile.TemporaryDirectory() as folder:
        warehouse = Path(folder) / "staging.duckdb"
        manifest = building.operation("stage_raw", "duckdb", warehouse)
        no_bills = ("lake", history.FOLDER)
        sources = {s.name: s for s in manifest.sources.values() if s.source_name not in no_bills}
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute("set TimeZone = 'UTC'; set enable_progress_bar = false")
            lake.readable_by(connection)
            yield connection, environment.schema_prefix() + "raw", sources


def _fingerprints(connection: duckdb.DuckDBPyConnection, uris: list[str]) -> dict[str, str]:
    """The fingerprints of flat files, from their footers."""
    if not uris:
        return {}
    return dict(
        connection.execute(
            "select file_name, decode(value) from parquet_kv_metadata($1) where decode(key) = 'fingerprint'",
            [uris],
        ).fetchall()
    )


def _put(
    connection: duckdb.DuckDBPyConnection, select: str, lake: LakeFiles, path: str, footer: Mapping[str, str]
) -> None:
    """The rows of a query as one Parquet file, there whole or not at all."""
    with lake.writing(path) as unfinished:
        _copy(connection, select, unfinished, footer)


def _copy(
    connection: duckdb.DuckDBPyConnection, select: str, target: Path, footer: Mapping[str, str]
) -> None:
    literal = str(target).replace("'", "''")
    pairs = ", ".join(f"{key}: '{value}'" for key, value in footer.items())
    metadata = f", kv_metadata {{{pairs}}}" if pairs else ""
    connection.execute(f"copy ({select}) to '{literal}' (format parquet, compression zstd{metadata})")


def _catalog_file(
    connection: duckdb.DuckDBPyConnection, relation: str, lake: LakeFiles, folder: str, staged: Staged
) -> str:
    """A small relation in a file whose folder is named by its content, so that it never changes; its path."""
    typed = connection.execute(f"describe {relation}").fetchall()
    columns = ", ".join(
        f"{flat_files.value(name, kind.lower(), 'nested')} as {name}" for name, kind, *_ in typed
    )
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / f"{Path(folder).name}.parquet"
        _copy(connection, f"select {columns} from {relation} order by all", made, {})
        content = hashlib.sha256(made.read_bytes()).hexdigest()[:16]
        path = f"{folder}/{content}/{made.name}"
        if path not in lake.names(folder):
            with lake.writing(path) as unfinished:
                shutil.copyfile(made, unfinished)
            staged.written.append(path)
    return path


def _listing(shape: str) -> str:
    return f"catalog/{shape}/{LISTING}/{LISTING}.parquet"


def _listed(connection: duckdb.DuckDBPyConnection, lake: LakeFiles, shape: str) -> list[tuple[str, str, str]]:
    """What the last staging listed: relation, delivery (empty for the catalog), path relative to the lake."""
    path = _listing(shape)
    if path not in lake.names(str(Path(path).parent)):
        return []
    return connection.execute(
        "select relation, delivery_id, uri from read_parquet($1) order by place", [lake.uri(path)]
    ).fetchall()


def _as_select(listed: Iterable[tuple[str, str, str]]) -> str:
    rows = ", ".join(
        f"({place}::bigint, '{relation}', '{delivery}', '{uri}')"
        for place, (relation, delivery, uri) in enumerate(listed)
    )
    return f"select * from (values {rows}) as listed (place, relation, delivery_id, uri)"
