"""Which rows of a FOCUS file the validator gets: all that it copes with, else some of every kind.

Here: the count, and the choice of rows. Not here: validating them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

# Values that rules name or compare; a kind of row is one combination of them with one pattern of nulls
NAMED = (
    "BillingCurrency BillingPeriodStart CapacityReservationStatus ChargeCategory ChargeClass ChargeFrequency"
    " CommitmentDiscountCategory CommitmentDiscountStatus CommitmentDiscountUnit ConsumedUnit"
    " InvoiceIssuerName PricingCategory PricingCurrency PricingUnit ProviderName ServiceCategory"
    " ServiceName ServiceSubcategory"
).split()
ZERO = ("BilledCost", "EffectiveCost")
PRODUCTS = (("ListUnitPrice", "ListCost"), ("ContractedUnitPrice", "ContractedCost"))


@dataclass(frozen=True)
class Rows:
    """A file for the validator, how many rows it holds and how many there are in all."""

    path: Path
    taken: int
    total: int


def choose(file: Path, folder: Path, limit: int) -> Rows:
    """The file itself when it is Parquet of at most `limit` rows, else what to validate of it, in `folder`.

    A sample holds rows of every kind, as many of each as the limit allows but at least one. Kinds differ in
    the billing month, the values that rules name, which columns are null, whether costs are 0 and whether
    price times quantity is the cost. It exceeds the limit only when there are more kinds than that.
    Raises duckdb.Error when the file cannot be read.
    """
    with duckdb.connect(config={"temp_directory": str(folder)}) as connection:
        connection.execute("set enable_progress_bar = false")
        source = _source(file)
        columns = [row[0] for row in connection.execute(f"describe select * from {source}").fetchall()]
        (total,) = connection.execute(f"select count(*) from {source}").fetchone()
        if total <= limit and file.suffix == ".parquet":
            return Rows(file, total, total)
        rows = f"select * from {source}" if total <= limit else _sample(connection, source, columns, limit)
        out = folder / f"{file.name.split('.')[0]}-chosen.parquet"
        (taken,) = connection.execute(f"copy ({rows}) to '{_quoted(out)}' (format parquet)").fetchone()
    return Rows(out, taken, total)


def _source(file: Path) -> str:
    """The file as SQL. Text stays text: an account id of digits is no number. The validator casts."""
    if file.suffix == ".parquet":
        return f"read_parquet('{_quoted(file)}')"
    return f"read_csv('{_quoted(file)}', header = true, all_varchar = true)"


def _sample(connection: duckdb.DuckDBPyConnection, source: str, columns: list[str], limit: int) -> str:
    """The query for the sample: the first rows of each kind, as deep as the limit allows."""
    connection.execute(
        f"create temp table counted as select *,"
        f" row_number() over (partition by {_kind(columns)}) as x_nth from {source}"
    )
    sql = "select x_nth, sum(count(*)) over (order by x_nth) as n from counted group by x_nth"
    (depth,) = connection.execute(f"select max(x_nth) from ({sql}) where n <= ?", [limit]).fetchone()
    return f"select * exclude (x_nth) from counted where x_nth <= {depth or 1}"


def _kind(columns: list[str]) -> str:
    """The SQL expressions that tell one kind of row from another, of those whose columns the file has."""
    present = set(columns)
    nulls = " || ".join(f"""case when "{column}" is null then '0' else '1' end""" for column in columns)
    zero = [f"coalesce({_number(cost)} = 0, false)" for cost in ZERO if cost in present]
    products = [
        f"coalesce(abs({_number(price)} * {_number('PricingQuantity')} - {_number(cost)})"
        f" > 1e-9 * greatest(abs({_number(cost)}), 1), false)"
        for price, cost in PRODUCTS
        if {price, cost, "PricingQuantity"} <= present
    ]
    return ", ".join([*(column for column in NAMED if column in present), nulls, *zero, *products])


def _number(column: str) -> str:
    return f"try_cast({column} as double)"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
