"""The worked example of docs/allocation.md, computed, closed and restated: its tables are the inputs and the answers."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from lakes import PROJECT
from quick import Quick

from orchestration import closing

MARTS = ["+chargeback_lines", "+allocation_audit", "+showback", "+allocation", "+completeness"]
NO_TESTS = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
CENTERS = ("web", "api", "data", "platform", "support")
SEEDS = (
    "allocation_rules",
    "tag_aliases",
    "shared_cost_rules",
    "commitment_policy",
    "credit_and_tax_policy",
)
HEADER = (
    "ProviderName,BillingAccountId,SubAccountId,ServiceName,ResourceId,Tags,ChargeCategory,CommitmentDiscountStatus,"
    "CommitmentDiscountId,BilledCost,EffectiveCost,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,"
    "ChargePeriodStart,ChargePeriodEnd"
).split(",")
DAYS = {"01": ("2026-01-01", "2026-02-01", "2026-01-09"), "02": ("2026-02-01", "2026-03-01", "2026-02-09")}


def table(name: str) -> list[dict[str, str]]:
    """A table of the page, by the word behind its ```csv."""
    text = (PROJECT / "docs" / "allocation.md").read_text()
    (found,) = re.findall(rf"^```csv {name}\n(.*?)^```", text, re.S | re.M)
    return list(csv.DictReader(io.StringIO(found)))


def bill(folder: Path, month: str, charges: list[dict[str, str]], place: int) -> Path:
    """Charges of a month as a FOCUS file, the newer the larger its place."""
    start, end, day = (f"{each}T00:00:00Z" for each in DAYS[month])
    folder.mkdir()
    with (folder / "focus.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for charge in charges:
            commitment = "c-1" if charge["status"] else ""
            facts = [charge[name] for name in ("service", "resource", "tags", "category", "status")]
            row = ["Acme", "A1", "A1", *facts, commitment, charge["cost"], charge["cost"], "USD"]
            writer.writerow([*row, start, end, day, day.replace("T00", "T01")])
    os.utime(folder / "focus.csv", (1_770_000_000 + place * 86_400,) * 2)
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Quick:
    """January's bill by the example's rules, built."""
    folder = tmp_path_factory.mktemp("example")
    warehouse = Quick(folder / "lake")
    warehouse.land("focus", bill(folder / "january", "01", table("bill"), 0))
    warehouse.run("build", "--select", *MARTS, "closed_periods", *NO_TESTS)
    with duckdb.connect(str(warehouse.lake / "warehouse.duckdb")) as connection:
        for seed in (*SEEDS, "cost_centers", "usage_drivers"):
            connection.execute(f"delete from staging.{seed}")
        for center in CENTERS:
            connection.execute(
                f"insert into staging.cost_centers values ('{center}', '{center}', null, '{center} team', '2020-01-01')"
            )
        for seed in SEEDS:
            for row in table(seed):
                row |= {} if seed == "tag_aliases" else {"effective_from": "2020-01-01"}
                marks = ", ".join("nullif(?, '')" for _ in row)
                sql = f"insert into staging.{seed} ({', '.join(row)}) values ({marks})"
                connection.execute(sql, list(row.values()))
    warehouse.run("run", "--select", *MARTS)
    return warehouse


@pytest.fixture
def example(made: Quick, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Quick:
    """The same, free to change, and the lake of the commands."""
    shutil.copytree(made.lake, tmp_path / "lake")
    monkeypatch.setenv("CLOUDTALLY_LAKE", str(tmp_path / "lake"))
    monkeypatch.delenv("CLOUDTALLY_WAREHOUSE", raising=False)
    return Quick(tmp_path / "lake")


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A folder with the seed of closed periods, which closes January and February."""
    (tmp_path / "closed_periods.csv").write_text(
        "billing_period,note\n2026-01-01,Finance\n2026-02-01,Finance\n"
    )
    return tmp_path


def chargeback(warehouse: Quick, month: str = "2026-01-01") -> list[dict]:
    names = list(table("chargeback")[0])
    rows = warehouse.query(
        f"select cost_center_id, {', '.join(f'sum({name})' for name in names[1:])} from marts.chargeback "
        f"where billing_period = '{month}' group by all order by 1"
    )
    return [dict(zip(names, row, strict=True)) for row in rows]


def residuals(warehouse: Quick) -> list[tuple]:
    """The test of the project itself, on the warehouse as it is."""
    warehouse.run("test", "--select", "chargeback_holds_the_ledgers_money")
    return warehouse.query(
        """
        select billing_period, sum(cost) from (
            select billing_period, total_cost as cost from marts.chargeback
            union all select corrected_period, total_cost from marts.chargeback_adjustments
            union all select billing_period, -effective_cost from marts.cost_and_usage
        ) group by all having sum(cost) <> 0
        """
    )


def restate(warehouse: Quick, folder: Path, place: int = 1, **costs: str) -> None:
    """January again, with other costs of some resources, beside a bill of February."""
    charges = [
        row | {"cost": costs.get(row["resource"].replace("-", "_"), row["cost"])}
        if row["category"] == "Usage"
        else row
        for row in table("bill")
    ]
    warehouse.land("focus", bill(folder / f"again-{place}", "01", charges, place))
    if place == 1:
        warehouse.land("focus", bill(folder / "february", "02", table("bill")[:3], place))


def test_the_page_s_numbers_are_those_of_the_mart(made: Quick) -> None:
    wanted = [
        {name: value if name == "cost_center_id" else Decimal(value) for name, value in row.items()}
        for row in table("chargeback")
    ]
    assert chargeback(made) == wanted
    assert residuals(made) == []


def test_the_audit_tells_what_each_rule_took(made: Quick) -> None:
    took = dict(
        made.query(
            "select coalesce(rule_id, cost_center_id), effective_cost from marts.allocation_audit where finding = 'took'"
        )
    )
    assert took["web"] == 570 and took["data"] == 100 and took["support"] == 10
    assert took["unallocated"] == 40 and took["untaggable"] == 15 + 20 + 50


def test_a_closed_month_is_what_it_was_and_the_open_one_carries_the_difference(
    example: Quick, seeds: Path, tmp_path: Path
) -> None:
    before = chargeback(example)
    statement = closing.close("2026-01-01", early=True, seeds=seeds)
    written = statement.path.read_bytes()
    assert (statement.rows, statement.adjustments) == (len(example.query("from marts.chargeback")), 0)
    restate(example, tmp_path, vm_1="650")
    for again in ([], ["--full-refresh"]):
        example.run("run", "--select", *MARTS, *again)
        assert chargeback(example) == before
        assert residuals(example) == []
        assert statement.path.read_bytes() == written
    found = example.query(
        "select cost_center_id, service_name, cause, total_cost from marts.chargeback_adjustments where billing_period = '2026-02-01' and corrected_period = '2026-01-01'"
    )
    for row in table("adjustments"):
        assert (row["cost_center_id"], row["service_name"], row["cause"], Decimal(row["total_cost"])) in found
    assert sum(row[3] for row in found) == 50
    assert example.query(
        "select sum(total_cost) from marts.chargeback_lines where billing_period = '2026-02-01'"
    ) == [(1000 + 50,)]
    with pytest.raises(closing.ClosingError, match="never written again"):
        closing.close("2026-01-01", early=True, seeds=seeds)
    assert statement.path.read_bytes() == written


def test_a_correction_is_stated_once(example: Quick, seeds: Path, tmp_path: Path) -> None:
    closing.close("2026-01-01", early=True, seeds=seeds)
    restate(example, tmp_path, vm_1="650")
    example.run("run", "--select", *MARTS)
    february = closing.close("2026-02-01", early=True, seeds=seeds)
    assert february.adjustments > 0
    example.run("run", "--select", *MARTS)
    stated = example.query("from marts.chargeback_adjustments order by all")
    assert {row[0].isoformat() for row in stated} == {"2026-02-01"}
    restate(example, tmp_path, 2, vm_1="650", queue_1="310")
    example.run("run", "--select", *MARTS)
    assert [
        row for row in example.query("from marts.chargeback_adjustments order by all") if row[0].month == 2
    ] == stated
    assert example.query(
        "select sum(total_cost) from marts.chargeback_adjustments where billing_period = '2026-03-01'"
    ) == [(10,)]
    assert residuals(example) == []


def test_rules_that_changed_after_the_close_are_told_from_bills_that_did(example: Quick, seeds: Path) -> None:
    closing.close("2026-01-01", early=True, seeds=seeds)
    with duckdb.connect(str(example.lake / "warehouse.duckdb")) as connection:
        connection.execute("update staging.allocation_rules set cost_center_id = 'web' where rule_id = 'api'")
    example.run("run", "--select", *MARTS)
    causes = example.query("select distinct cause, billing_period::varchar from marts.chargeback_adjustments")
    assert causes == [("owners_changed", "2026-02-01")]
    assert residuals(example) == []


def test_a_center_that_moves_changes_nothing_before_its_month(example: Quick, tmp_path: Path) -> None:
    restate(example, tmp_path)
    example.run("run", "--select", *MARTS)
    before = (
        chargeback(example),
        example.query("from marts.showback where billing_period = '2026-01-01' order by all"),
    )
    with duckdb.connect(str(example.lake / "warehouse.duckdb")) as connection:
        connection.execute(
            "insert into staging.cost_centers values ('api', 'Gateway', 'web', 'Gateway team', '2026-02-01')"
        )
        connection.execute(
            "insert into staging.allocation_rules (rule_id, precedence, tag_key, tag_value, cost_center_id, effective_from) "
            "values ('data', 30, 'team', 'data', 'api', '2026-02-01')"
        )
    example.run("run", "--select", *MARTS)
    after = (
        chargeback(example),
        example.query("from marts.showback where billing_period = '2026-01-01' order by all"),
    )
    assert after == before
    assert example.query(
        "select cost_center_name, parent_id, total_cost from marts.showback where billing_period = '2026-02-01' and cost_center_id = 'api'"
    ) == [("Gateway", "web", Decimal(400))]


def test_a_month_is_not_closed_by_mistake(example: Quick, seeds: Path, tmp_path: Path) -> None:
    with pytest.raises(closing.ClosingError, match="add 2026-03-01"):
        closing.close("2026-03-01", seeds=seeds)
    with pytest.raises(closing.ClosingError, match="not whole yet: acme"):
        closing.close("2026-01-01", seeds=seeds)
    with pytest.raises(closing.ClosingError, match="no charge of 2026-02"):
        closing.close("2026-02-01", seeds=seeds)
    assert not list((example.lake / "closed").glob("*"))
    assert closing.unstated(seeds)[0] == (
        "2026-01 is in closed_periods.csv and has no statement: run `tally close --period 2026-01`"
    )
