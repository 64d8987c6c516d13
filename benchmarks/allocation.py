"""`python -m benchmarks.allocation`: allocating a large ledger, beside a bare group by of the same rows.

Here: a ledger of many rows made from the small one of a built lake, dbt's own SQL over it, and the clock. Not
here: whether the answers are right (tests/warehouse/test_allocation_fuzz.py), and what building the ledger
costs (python -m benchmarks).

A row of the lake's ledger becomes 24 hours of as many resources as it takes. The bare statements read the
same files: one groups by all that rules and KPIs read, the other by five short columns, the least that any
statement of who pays could read.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parents[1]
# From the ledger to chargeback, in the order in which they are built.
MODELS = (
    "int_charges__attributed int_allocation__rules int_allocation__combinations int_tags__values "
    "int_allocation__matches int_allocation__policies int_allocation__pools int_allocation__owners "
    "int_allocation__commitments int_allocation__charges int_allocation__booked int_allocation__links "
    "int_allocation__weights int_allocation__costs int_chargeback__live"
).split()
SEEDS = (
    "allocation_rules commitment_policy credit_and_tax_policy shared_cost_rules tag_aliases tag_policy "
    "taggable_resource_types usage_drivers"
).split()
SAME_COLUMNS = """
    provider, dataset, scope, billing_period, delivery_id, billing_account_id, sub_account_id, service_name,
    region_id, resource_id, resource_type, tags, allocated_tags, charge_category, pricing_category,
    commitment_discount_id, commitment_discount_status, list_basis, contracted_basis, billing_currency
"""
FEW_COLUMNS = "billing_period, provider, sub_account_id, service_name, billing_currency"


def compiled(lake: Path, folder: Path) -> dict[str, str]:
    """dbt's SQL of the models, for that lake; raises CalledProcessError."""
    places = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    places += ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
    subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", "--quiet", "compile", "--select", *MODELS, *places],
        check=True,
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,  # it tells the SQL as well
        env={**os.environ, "CLOUDTALLY_LAKE": str(lake.resolve())},
    )
    models = folder / "target" / "compiled" / "cloudtally" / "models" / "intermediate"
    return {model: next(models.rglob(f"{model}.sql")).read_text() for model in MODELS}


def enlarge(connection: duckdb.DuckDBPyConnection, rows: int, rules: int, folder: Path) -> int:
    """A ledger of about `rows` rows under marts.cost_and_usage, and `rules` more rules; the rows it has."""
    (small,) = connection.execute("select count(*) from built.marts.cost_and_usage").fetchone()
    copies = max(1, round(rows / small / 24))
    connection.execute(
        "use warehouse; create schema marts; create schema intermediate; create schema staging"
    )
    for month in connection.execute(
        "select distinct billing_period from built.marts.cost_and_usage order by 1"
    ).fetchall():
        connection.execute(
            f"""
            copy (
                select charges.* replace (
                    resource_id || '-' || copy as resource_id,
                    charge_period_start + to_hours(hour) as charge_period_start,
                    effective_cost / (24 * {copies}) as effective_cost,
                    billed_cost / (24 * {copies}) as billed_cost
                )
                from built.marts.cost_and_usage as charges, range({copies}) as copies (copy),
                    range(24) as hours (hour)
                where billing_period = '{month[0]}'
            ) to '{folder}/{month[0]}.parquet' (format parquet, compression zstd, compression_level 1)
            """
        )
    connection.execute(f"create view marts.cost_and_usage as from read_parquet('{folder}/*.parquet')")
    for seed in SEEDS:
        connection.execute(f"create table staging.{seed} as from built.staging.{seed}")
    connection.execute(
        f"""
        insert into staging.allocation_rules
            (rule_id, precedence, tag_key, tag_value, cost_center_id, effective_from)
        select 'more-' || n, 1000 + n, 'application', 'app-' || n, 'api', '2020-01-01'
        from range({rules}) as more (n)
        """
    )
    return connection.execute("select count(*) from marts.cost_and_usage").fetchone()[0]


def allocate(connection: duckdb.DuckDBPyConnection, sql: dict[str, str], folder: Path) -> None:
    """Every model once; the kept sums go to a Parquet file, as the project keeps them."""
    for model, select in sql.items():
        if model == "int_charges__attributed":
            file = folder / "kept" / f"{model}.parquet"
            file.parent.mkdir(exist_ok=True)
            connection.execute(
                f"copy ({select}) to '{file}' (format parquet, compression zstd, compression_level 1)"
            )
            connection.execute(f"create or replace view intermediate.{model} as from read_parquet('{file}')")
        else:
            connection.execute(f"create or replace table intermediate.{model} as {select}")


def clocked(work: Callable[[], object]) -> float:
    """Seconds that it took."""
    began = time.monotonic()
    work()
    return time.monotonic() - began


def main() -> None:
    """Print a line for each statement: seconds, and what allocating takes of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.allocation", description=__doc__)
    parser.add_argument("--lake", type=Path, required=True, help="a built lake, such as `tally demo` makes")
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rules", type=int, default=200, help="rules beside those of the seed")
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        sql = compiled(arguments.lake, folder)
        with duckdb.connect() as connection:
            connection.execute(f"attach '{arguments.lake}/warehouse.duckdb' as built (read_only)")
            connection.execute(f"attach '{folder}/warehouse.duckdb' as warehouse")
            connection.execute("set preserve_insertion_order = false; set parquet_metadata_cache = true")
            rows = enlarge(connection, arguments.rows, arguments.rules, folder)
            times: dict[str, list[float]] = {}
            sums = "sum(billed_cost), sum(effective_cost), sum(contracted_cost), sum(list_cost), count(*)"
            for _ in range(arguments.runs):
                for name, work in (
                    ("allocate", lambda: allocate(connection, sql, folder)),
                    ("group by the same columns", lambda: _group(connection, SAME_COLUMNS, sums)),
                    (
                        "group by five short columns",
                        lambda: _group(connection, FEW_COLUMNS, "sum(effective_cost)"),
                    ),
                ):
                    times.setdefault(name, []).append(clocked(work))
            (combinations,) = connection.execute(
                "select count(*) from intermediate.int_allocation__combinations"
            ).fetchone()
    print(f"{rows:,} rows, {combinations:,} combinations of attributes, median of {arguments.runs} runs")
    ours = statistics.median(times["allocate"])
    for name, taken in times.items():
        bare = statistics.median(taken)
        print(f"{name:<28} {bare:7.2f} s   allocating takes {ours / bare:5.2f} of it")


def _group(connection: duckdb.DuckDBPyConnection, columns: str, sums: str) -> None:
    connection.execute(
        f"""
        create or replace temp table bare as
        select {columns}, {sums} from marts.cost_and_usage group by {columns}
        """
    )


if __name__ == "__main__":
    main()
