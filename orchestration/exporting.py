"""Writes the published FOCUS views to files.

Here: which rows go out, in which format. Not here: what a FOCUS column holds (models/focus), validating it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingestion import environment
from orchestration import warehouse

VERSIONS = ("1.2", "1.3", "1.4")
DATASETS = ("cost_and_usage", "contract_commitment")
# FOCUS writes times in UTC with a Z; the views' timestamps are UTC without a zone
CSV = "format csv, header, timestampformat '%Y-%m-%dT%H:%M:%SZ'"
FORMATS = {
    ".parquet": "format parquet, compression zstd",
    ".csv": CSV,
    ".csv.gz": CSV + ", compression gzip",
}


class ExportError(warehouse.WarehouseError):
    """The export cannot be made; the message says why and what to do."""


@dataclass(frozen=True)
class Export:
    """A written file, its rows and its columns."""

    path: Path
    rows: int
    columns: int


def export_commitments(version: str, out: Path) -> Export:
    """Write FOCUS's Contract Commitment dataset to `out`, whole or not at all.

    Raises ExportError, also when the ledger has no commitment or the version no such dataset here.
    """
    options = _options(out)
    if version != "1.3":
        raise ExportError(f"FOCUS {version} has no Contract Commitment dataset here: give --version 1.3")
    with warehouse.reading() as connection:
        view = _view(connection, f"contract_commitment_{version.replace('.', '_')}")
        rows, columns = _copy(connection, f"select * from {view}", {}, out, options)
    return Export(out, rows, columns)


def export_focus(version: str, out: Path, period: str | None = None, provider: str | None = None) -> Export:
    """Write focus.focus_<version> to `out`, whole or not at all; the file's ending chooses the format.

    `period` is a billing month (YYYY-MM-01). `provider` is the ledger's: its charges are those of its billing
    accounts, since the views carry no column of ours. Raises ExportError, also when nothing is left to write.
    """
    options = _options(out)
    with warehouse.reading() as connection:
        view = _view(connection, f"focus_{version.replace('.', '_')}")
        if provider is not None:
            _check_provider(connection, provider)
        conditions = [
            *(["BillingPeriodStart = $period::timestamp"] if period else []),
            *([f"BillingAccountId in (select {_ACCOUNT} where provider = $provider)"] if provider else []),
        ]
        given = {key: value for key, value in (("period", period), ("provider", provider)) if value}
        select = f"select * from {view} where {' and '.join(conditions) or 'true'}"
        rows, columns = _copy(connection, select.format(marts=_marts()), given, out, options)
    return Export(out, rows, columns)


def providers(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The ledger's providers, in order."""
    found = connection.execute(f"select distinct provider from {_marts()}.cost_and_usage order by provider")
    return [provider for (provider,) in found.fetchall()]


_ACCOUNT = "distinct billing_account_id from {marts}.cost_and_usage"


def _check_provider(connection: duckdb.DuckDBPyConnection, provider: str) -> None:
    known = providers(connection)
    if provider not in known:
        raise ExportError(f"the ledger has no provider {provider}, only {', '.join(known) or 'none yet'}")
    mine = f"select {_ACCOUNT} where provider = $provider"
    sql = f"{mine} intersect select {_ACCOUNT} where provider <> $provider"
    shared = connection.execute(sql.format(marts=_marts()), {"provider": provider}).fetchall()
    if shared:
        accounts = ", ".join(str(account) for (account,) in shared)
        raise ExportError(f"{provider} shares billing account {accounts} with another provider: export all")


def _options(out: Path) -> str:
    """How DuckDB writes the format that the file's ending chooses."""
    ending = next((each for each in FORMATS if out.name.lower().endswith(each)), None)
    if ending is None:
        raise ExportError(f"{out.name} names no format: end it in {', '.join(FORMATS)}")
    return FORMATS[ending]


def _view(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    schema = environment.schema_prefix() + "focus"
    sql = "select 1 from information_schema.tables where table_schema = ? and table_name = ?"
    if connection.execute(sql, [schema, name]).fetchone() is None:
        raise ExportError(f"{environment.warehouse()} has no {schema}.{name}: run `tally build`")
    return f"{schema}.{name}"


def _copy(
    connection: duckdb.DuckDBPyConnection, select: str, given: dict[str, str], out: Path, options: str
) -> tuple[int, int]:
    """Rows and columns written. Through a file beside, so that nobody reads half a file."""
    columns = len(connection.execute(f"describe {select}", given).fetchall())
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    target = str(part).replace("'", "''")
    try:
        (rows,) = connection.execute(f"copy ({select}) to '{target}' ({options})", given).fetchone()
        if not rows:
            raise ExportError("no row matches: nothing was written")
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return rows, columns


def _marts() -> str:
    return environment.schema_prefix() + "marts"
