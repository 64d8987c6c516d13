"""Checks that span a whole mart: does the ledger meet the bills, how far are they whole, did any stop coming.

Here: what the warehouse is asked, and how severe an answer is. Not here: dbt's own tests, which are checks
already, and what a failure keeps back (publication.py).
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import dagster as dg
import duckdb

from ingestion import environment
from orchestration import relations
from orchestration.flow import cells, one_writer, project

RECONCILIATION = dg.AssetKey(["marts", "reconciliation"])
COMPLETENESS = dg.AssetKey(["marts", "completeness"])
DELIVERIES = dg.AssetKey(["marts", "deliveries"])
QUIET_DAYS = {dg.AssetCheckSeverity.WARN: 3, dg.AssetCheckSeverity.ERROR: 14}

_SPECS = (
    dg.AssetCheckSpec(
        "meets_the_bills",
        asset=RECONCILIATION,
        blocking=True,
        description="Every residual of the ledger is within the bound or explained. Blocks publication.",
    ),
    dg.AssetCheckSpec("no_gaps", asset=COMPLETENESS, description="No month, account or source is missing."),
    dg.AssetCheckSpec(
        "still_arriving", asset=DELIVERIES, description="Every source delivered in the last days."
    ),
)
_READ = ("reconciliation", "completeness", "gaps", "deliveries")
_RESIDUALS = """
    select provider, dataset, scope, strftime(billing_period, '%Y-%m') as month, delivery_id,
        billing_currency as currency, raw_rows,
        greatest(abs(residual), abs(effective_residual)) as residual, coalesce(residual_reason, '') as reason
    from {marts}.reconciliation order by residual_reason is null, residual desc nulls last
"""
_WHOLE = """
    select provider, dataset, scope, min(complete_through) as whole_through
    from {marts}.completeness group by all order by all
"""
_GAPS = """
    select gap_kind, provider, coalesce(sub_account_id, billing_account_id, scope) as account_or_scope,
        missing_from, missing_through
    from {marts}.gaps order by missing_from desc, gap_kind, account_or_scope
"""
_ARRIVALS = """
    select provider, dataset, scope, max(landed_at) as landed_at
    from {marts}.deliveries where status = 'current' group by all order by all
"""


def definition(manifest: Mapping[str, Any], ledger: Mapping[str, dg.AssetKey]) -> dg.AssetChecksDefinition:
    """All checks in one step that opens the warehouse once; `ledger` names each landing's asset."""

    @dg.multi_asset_check(name="checks", specs=list(_SPECS), can_subset=True, pool=one_writer.POOL)
    def checks(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        chosen = context.selected_asset_check_keys
        landed_as = {delivery.delivery_id: delivery.provider for delivery in cells.deliveries()}
        try:
            with (
                one_writer.turn(context.log.info),
                relations.readable(_READ, manifest, project.target()) as connection,
            ):
                residuals = _rows(connection, _RESIDUALS)
                results = [
                    meets_the_bills(connection),
                    no_gaps(connection),
                    still_arriving(connection, _now()),
                ]
        except Exception as error:  # DuckDB's, or whatever a warehouse's driver raises
            raise one_writer.passing(error, context.retry_number) from error
        for observation in observed(residuals, landed_as, ledger, cells.of_run(context.run.tags)):
            context.op_execution_context.log_event(observation)
        yield from (
            result for result in results if dg.AssetCheckKey(result.asset_key, result.check_name) in chosen
        )

    return checks


def observed(
    residuals: list[dict[str, Any]],
    landed_as: Mapping[str, str],
    ledger: Mapping[str, dg.AssetKey],
    months: set[str],
) -> Iterator[dg.AssetObservation]:
    """What a run tells of the cells that it built, beside rows and bytes: how far each is from its bill."""
    worst: dict[tuple[str, str], float] = {}
    for row in residuals:
        cell = (landed_as.get(row["delivery_id"], ""), row["month"])
        worst[cell] = max(worst.get(cell, 0.0), float(row["residual"] or 0))
    for (landing, month), residual in sorted(worst.items()):
        if landing in ledger and month in months:
            yield dg.AssetObservation(ledger[landing], partition=month, metadata={"residual": residual})


def keys() -> list[dg.AssetCheckKey]:
    """All checks here."""
    return [spec.key for spec in _SPECS]


def blocking() -> list[dg.AssetCheckKey]:
    """The checks here that keep a publication back."""
    return [spec.key for spec in _SPECS if spec.blocking]


def meets_the_bills(connection: duckdb.DuckDBPyConnection) -> dg.AssetCheckResult:
    """Fails on a residual beyond the bound that nothing explains."""
    rows = _rows(connection, _RESIDUALS)
    beyond = [row for row in rows if row["reason"] == "unexplained"]
    return dg.AssetCheckResult(
        passed=not beyond,
        asset_key=RECONCILIATION,
        check_name="meets_the_bills",
        description="; ".join(_slice(row) for row in beyond[:5]) or "every slice meets its bill",
        metadata={
            "slices": len(rows),
            "rows": sum(row["raw_rows"] for row in rows),
            "beyond": len(beyond),
            "worst_residual": float(max((row["residual"] or 0 for row in rows), default=0)),
            "residuals": _table(rows[:100]),
        },
    )


def no_gaps(connection: duckdb.DuckDBPyConnection) -> dg.AssetCheckResult:
    """Warns of what marts.gaps names; a closed account is one, so it cannot be an error."""
    gaps = _rows(connection, _GAPS)
    return dg.AssetCheckResult(
        passed=not gaps,
        asset_key=COMPLETENESS,
        check_name="no_gaps",
        severity=dg.AssetCheckSeverity.WARN,
        description=f"{len(gaps)} gaps, see marts.gaps" if gaps else "nothing is missing",
        metadata={"gaps": _table(gaps[:100]), "whole_through": _table(_rows(connection, _WHOLE))},
    )


def still_arriving(connection: duckdb.DuckDBPyConnection, now: datetime) -> dg.AssetCheckResult:
    """Warns of sources that landed nothing for some days; an error, which keeps nothing back, after two
    weeks.
    """
    sources = _rows(connection, _ARRIVALS)
    for source in sources:
        source["days"] = (now - source["landed_at"]).days
    longest = max((source["days"] for source in sources), default=0)
    is_error = longest >= QUIET_DAYS[dg.AssetCheckSeverity.ERROR]
    return dg.AssetCheckResult(
        passed=longest < QUIET_DAYS[dg.AssetCheckSeverity.WARN],
        asset_key=DELIVERIES,
        check_name="still_arriving",
        severity=dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN,
        description=f"the quietest source landed {longest} days ago" if sources else "nothing was landed yet",
        metadata={"sources": _table(sources)},
    )


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)  # the warehouse's timestamps are UTC without a zone


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    result = connection.execute(sql.format(marts=environment.schema_prefix() + "marts"))
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _table(rows: list[dict[str, Any]]) -> dg.TableMetadataValue:
    if not rows:
        return dg.MetadataValue.table([], schema=dg.TableSchema(columns=[dg.TableColumn("nothing")]))
    return dg.MetadataValue.table([dg.TableRecord({k: _plain(v) for k, v in row.items()}) for row in rows])


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _slice(row: Mapping[str, Any]) -> str:
    return f"{row['provider']} {row['dataset']} {row['scope']} {row['month']}: " + (
        f"{row['residual']:.6f} {row['currency']}"
    )
