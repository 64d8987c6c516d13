"""Real anonymised bills, where the folder with them is there."""

from __future__ import annotations

import pytest
from lakes import PROJECT, Warehouse

SAMPLES = PROJECT.parent / "shared" / "samples"

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the folder of sample bills is not there")


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    warehouse = Warehouse(tmp_path_factory.mktemp("samples"))
    warehouse.land("aws", SAMPLES / "aws_legacy_cur.csv")
    warehouse.land("azure", SAMPLES / "azure_ea_actual.csv")
    warehouse.land("focus", SAMPLES / "focus_1_0_multicloud.csv")
    warehouse.build()
    return warehouse


@pytest.mark.parametrize(
    ("dataset", "file", "cost"),
    [
        ("cur", "aws_legacy_cur.csv", "lineItem/UnblendedCost"),
        ("azure_actual", "azure_ea_actual.csv", "CostInBillingCurrency"),
        ("focus", "focus_1_0_multicloud.csv", "BilledCost"),
    ],
)
def test_billed_total_is_the_files(sampled: Warehouse, dataset: str, file: str, cost: str) -> None:
    in_file = sampled.query(
        f"""select sum("{cost}"::decimal(38, 12)), count(*) from read_csv('{SAMPLES / file}', all_varchar = true)"""
    )
    in_ledger = sampled.query(
        f"select sum(billed_cost), count(*) from marts.cost_and_usage where dataset = '{dataset}'"
    )
    assert in_ledger[0][1] == in_file[0][1]
    assert float(in_ledger[0][0]) == pytest.approx(float(in_file[0][0]), abs=1e-6)


def test_nothing_is_left_unexplained(sampled: Warehouse) -> None:
    assert sampled.query("select count(*), count(residual_reason) from marts.reconciliation") == [(6, 0)]


def test_azure_tags_without_braces_and_block_sizes_are_read(sampled: Warehouse) -> None:
    assert sampled.query(
        "select distinct json_extract_string(tags, '$.tagA') from marts.cost_and_usage where provider = 'azure' and dataset = 'azure_actual'"
    ) == [("valueA",)]
    blocks = sampled.query(
        "select distinct round(consumed_quantity / pricing_quantity) from marts.cost_and_usage where pricing_unit = '10K'"
    )
    assert blocks == [(10000.0,)]
