"""One lake with the bills of every case, landed and built once; the tests only read it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "warehouse"))

import bills_aws  # noqa: E402
import bills_azure  # noqa: E402
import bills_focus  # noqa: E402
import bills_gcp  # noqa: E402
from lakes import Warehouse  # noqa: E402
from tables import lines, shown  # noqa: E402

LEDGER = "+cost_and_usage +reconciliation +focus_1_2 +daily_cost"


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    folder = tmp_path_factory.mktemp("defects")
    warehouse = Warehouse(folder / "lake")
    for provider, bills in (
        ("aws", bills_aws),
        ("azure", bills_azure),
        ("gcp", bills_gcp),
        ("focus", bills_focus),
    ):
        bills.write(folder / provider)
        warehouse.land(provider, folder / provider)
    warehouse.build(
        "--select", LEDGER, "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"
    )
    return warehouse


@pytest.fixture(scope="session")
def holds(warehouse: Warehouse) -> Callable[..., None]:
    """Asserts that a relation holds, of one billing account, exactly the rows of a table, in any order."""

    def holds(account: str, text: str, relation: str = "marts.cost_and_usage") -> None:
        names, expected = lines(text)
        key = "BillingAccountId" if relation.startswith("focus.") else "billing_account_id"
        found = warehouse.query(f"select {', '.join(names)} from {relation} where {key} = '{account}'")
        assert sorted([shown(value) for value in row] for row in found) == sorted(expected)

    return holds
