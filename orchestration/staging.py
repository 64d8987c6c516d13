"""The lake's bills as flat Parquet files and a small catalog beside them, for warehouses that do not read raw in place.

Here: which files there must be, and writing them so that a kill at any moment leaves whole files and an older or a newer
list of them, never a mixture. Not here: how a bill is read (macros/lake/raw_view.sql) and what a warehouse makes of the
files (macros/lake/stage_raw.sql).

In the lake stand, per shape, `flat/<shape>/<source>/delivery=<id>/part-0.parquet` (all rows of one delivery in the
declared columns), `catalog/<shape>/<table>/<hash>/<table>.parquet` (what DuckDB has in raw of the deliveries), and the list
of both, `catalog/<shape>/flat_files/flat_files.parquet`: the one file whose exchange makes a staging count.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from ingestion import environment
from orchestration import building

SHAPES = {"bigquery": "nested", "athena": "nested", "synapse": "text"}  # by dbt target
# the last of them decides which slices are built, and is therefore switched last
CATALOG = ("deliveries", "delivery_slices", "delivery_accounts", "delivery_days", "current_slices")
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
    """Bring the flat files and the catalog of a shape (`nested`, or `text`: nested values as JSON) up to date.

    Files of deliveries that are no longer current stay for one staging more, because a warehouse reads them until its
    stage_raw ran. Raises StagingError when the lake is remote, and WarehouseError when dbt cannot read it.
    """
    lake = environment.lake()
    if environment.scheme(lake) not in (None, "file"):
        raise StagingError(f"{lake} is remote, and only a lake in a local folder can be staged yet")
    root = Path(environment.local(lake)).expanduser().resolve()
    staged = Staged()
    with _raw_views() as (connection, raw, sources):
        wanted = _flat_files(connection, raw, sources, shape)
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


@dataclass(frozen=True)
class _File:
    source: str
    delivery_id: str
    path: str
    select: str

    @property
    def fingerprint(self) -> str:
        """Of all that decides the file's rows but the delivery, whose bytes never change."""
        reader = (building.PROJECT / "macros" / "lake" / "raw_view.sql").read_text()
        return hashlib.sha256(f"{reader}\n{self.select}".encode()).hexdigest()[:16]


@contextmanager
def _raw_views() -> Iterator[tuple[duckdb.DuckDBPyConnection, str, Mapping]]:
    """The raw schema that dbt makes over the lake, in a warehouse that is thrown away; its name; dbt's sources by name."""
    with tempfile.TemporaryDirectory() as folder:
        warehouse = Path(folder) / "staging.duckdb"
        manifest = building.operation("stage_raw", "duckdb", warehouse)
        sources = {s.name: s for s in manifest.sources.values() if s.source_name != "lake"}
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute("set TimeZone = 'UTC'; set enable_progress_bar = false")
            yield connection, environment.schema_prefix() + "raw", sources


def _flat_files(connection: duckdb.DuckDBPyConnection, raw: str, sources: Mapping, shape: str) -> list[_File]:
    """Every file that must be there: one for each current delivery with rows."""
    current = connection.execute(
        f"select distinct dataset, delivery_id from {raw}.delivery_files where format <> 'empty' "
        f"and delivery_id in (select delivery_id from {raw}.current_slices where is_current = 1) order by all"
    ).fetchall()
    columns = {name: _columns(source, shape) for name, source in sources.items()}
    return [
        _File(
            name,
            delivery_id,
            f"flat/{shape}/{name}/delivery={delivery_id}/part-0.parquet",
            # what a source declares beside its columns decides how it is read
            f"/* {json.dumps(sources[name].meta, sort_keys=True)} */ "
            f"select {columns[name]} from {raw}.{name} where delivery_id = '{delivery_id}'",
        )
        for name, delivery_id in current
        if name in sources
    ]


def _columns(source, shape: str) -> str:
    """The select list of a source: lower-case names without slashes, types that every engine reads in Parquet."""
    typed = [(column.name, str(column.data_type).lower()) for column in source.columns.values()]
    plain = [*source.meta.get("pack", {}), "delivery_id", "scope", "row_id"]
    return ", ".join(
        f"{_value(name, kind, shape)} as {flat_name(name)}"
        for name, kind in [*typed, *((name, "varchar") for name in plain)]
    )


def flat_name(name: str) -> str:
    """A column's name in the flat files; macros/lake/flat_name.sql says the same."""
    return name.lower().replace("/", "_")


def _value(name: str, kind: str, shape: str) -> str:
    quoted = '"' + name.replace('"', '""') + '"'
    if kind.startswith("timestamp"):
        # an instant: some engines read a Parquet time without a zone as another type than one in UTC
        return f"cast({quoted} as timestamptz)"
    if kind == "hugeint":
        return (
            f"cast({quoted} as bigint)"  # a count; Parquet has no such integer, and it would become a float
        )
    if kind == "json":
        return f"cast({quoted} as varchar)"
    if shape == "text" and re.match(r"(struct|map)\b|.*\]$", kind):
        return f"case when {quoted} is not null then cast(to_json({quoted}) as varchar) end"
    if kind.startswith("map"):
        # Parquet's own map needs an option on BigQuery; a list of its pairs does not
        return f"map_entries({quoted})"
    return quoted


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
    """The rows of a query as one Parquet file, which is there whole or not at all. All writing of files is this."""
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
    """A small relation in a file whose folder is named by its content, so that none is ever changed; its path."""
    typed = connection.execute(f"describe {relation}").fetchall()
    columns = ", ".join(f"{_value(name, kind.lower(), 'nested')} as {name}" for name, kind, *_ in typed)
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
