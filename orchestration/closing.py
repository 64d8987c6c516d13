"""Writes the statement of a closed month: what `marts.chargeback` says of it, once and for ever.

Here: the file `<lake>/closed/YYYY-MM.parquet` and why it cannot be written. Not here: how a closed month and
what differs from it are shown (models/marts/allocation), and the seed that closes it (closed_periods.csv).
"""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from pathlib import Path

from ingestion import environment
from orchestration import warehouse
from orchestration.rule_seeds import SEEDS

_AMOUNTS = (
    "direct_cost, shared_cost, commitment_waste_cost, credit_cost, tax_cost, total_cost, commitment_benefit"
)
_STATEMENT = f"""
    select billing_period, billing_period as corrected_period, cost_center_id, provider, service_name,
        billing_currency, {_AMOUNTS}, basis, null::varchar as cause
    from {{marts}}.chargeback where billing_period = $period::date
    union all
    select billing_period, corrected_period, cost_center_id, provider, service_name, billing_currency,
        {_AMOUNTS}, (select max(basis) from {{marts}}.chargeback) as basis, cause
    from {{marts}}.chargeback_adjustments where billing_period = $period::date
    order by all
"""
_NOT_WHOLE = """
    select provider, scope, min(complete_through) as complete_through from {marts}.completeness as sources
    where complete_through < last_day($period::date) and exists (
        select 1 from {marts}.cost_and_usage as charges
        where charges.billing_period = $period::date and charges.provider = sources.provider
            and charges.dataset = sources.dataset and charges.scope = sources.scope
    )
    group by all order by all
"""


class ClosingError(warehouse.WarehouseError):
    """The month cannot be closed; the message says why and what to do."""


@dataclass(frozen=True)
class Statement:
    """A statement that was written: its file, its rows and how many of them correct earlier months."""

    path: Path
    rows: int
    adjustments: int


def close(period: str, early: bool = False, seeds: Path = SEEDS) -> Statement:
    """Write the statement of a billing month (YYYY-MM-01), whole or not at all, and never over another.

    Raises ClosingError when the seed does not close the month, its statement exists, the last build has no
    charge of it, or (unless `early`) a source's days of it are still filling up.
    """
    target = statement_file(period)
    if target.exists():
        raise ClosingError(f"{period[:7]} is closed already: {target} is never written again")
    if period not in closed_periods(seeds):
        raise ClosingError(
            f"{period[:7]} is not in {seeds / 'closed_periods.csv'}: add {period} with why and on whose word"
        )
    marts = environment.schema_prefix() + "marts"
    with warehouse.reading() as connection:
        waiting = connection.execute(_NOT_WHOLE.format(marts=marts), {"period": period}).fetchall()
        if waiting and not early:
            named = ", ".join(f"{provider} {scope} (through {day})" for provider, scope, day in waiting)
            raise ClosingError(f"{period[:7]} is not whole yet: {named}; wait for the bill, or give --early")
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        literal = str(part).replace("'", "''")
        try:
            statement = _STATEMENT.format(marts=marts)
            connection.execute(
                f"copy ({statement}) to '{literal}' (format parquet, compression zstd)", {"period": period}
            )
            rows, adjustments = connection.execute(
                "select count(*), count(*) filter (corrected_period <> billing_period) from read_parquet(?)",
                [str(part)],
            ).fetchone()
            if rows == adjustments:
                raise ClosingError(f"the ledger has no charge of {period[:7]}: run `tally build` first")
            _put_once(part, target)
        finally:
            part.unlink(missing_ok=True)
    return Statement(target, rows, adjustments)


def unstated(seeds: Path = SEEDS) -> list[str]:
    """What to do about months that are closed without a statement, a line each; none for a remote lake."""
    if environment.scheme(environment.lake()) not in (None, "file"):
        return []
    return [
        f"{period[:7]} is in closed_periods.csv and has no statement: run `tally close --period {period[:7]}`"
        for period in closed_periods(seeds)
        if not statement_file(period).exists()
    ]


def closed_periods(seeds: Path = SEEDS) -> list[str]:
    """The months that the seed closes, as YYYY-MM-01, in order."""
    with (seeds / "closed_periods.csv").open(newline="", encoding="utf-8-sig") as file:
        return sorted(row["billing_period"].strip() for row in csv.DictReader(file))


def statement_file(period: str) -> Path:
    """Where the statement of a month lies. Raises ClosingError of a remote lake."""
    lake = environment.lake()
    if environment.scheme(lake) not in (None, "file"):
        raise ClosingError(f"{lake} is remote, and months are closed in a lake in a local folder only, yet")
    return Path(environment.local(lake)).expanduser().resolve() / "closed" / f"{period[:7]}.parquet"


def _put_once(part: Path, target: Path) -> None:
    """Move a finished file to its place unless one is there: a link is made or refused, in one step."""
    try:
        os.link(part, target)
    except FileExistsError as error:
        raise ClosingError(f"{target} was written in the meantime and is never written again") from error
