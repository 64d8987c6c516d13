"""Tables of intelligence as dbt and the flow ask for them: in steps, and with what the run before told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from test_anomalies import complete, daily, day, steady

from intelligence import computed, tables
from intelligence.anomalies import anomalies

SETTINGS = {"method": "robust", "also_run": [], "sensitivity": 1.0, "heavy_series": 100, "seed": 0}
NO_HOLIDAYS = pd.DataFrame({"holiday_date": [], "holiday": []})


@pytest.fixture
def rows() -> pd.DataFrame:
    costs = steady()
    costs["a", "S2"][100], costs["a", "S4"][110] = 360.0, 480.0
    return daily(costs)


def flagged(rows: pd.DataFrame, told_before: pd.DataFrame | None = None) -> pd.DataFrame:
    return computed.int_anomalies__flagged(
        rows, complete(day(149)), NO_HOLIDAYS, told_before, **SETTINGS
    ).to_pandas()


def detected(flags: pd.DataFrame, details: pd.DataFrame) -> pd.DataFrame:
    return computed.int_anomalies__detected(flags, details).to_pandas()


def test_flags_and_then_reasons_are_what_one_step_gives(rows: pd.DataFrame) -> None:
    details = rows.assign(region_id="west", sku_id="X")
    in_steps = detected(flagged(rows), details)
    at_once = tables.anomalies_table(anomalies(rows, complete(day(149)), detail=details)).to_pandas()
    assert len(at_once) >= 2
    pd.testing.assert_frame_equal(in_steps, at_once)


def test_the_ledger_is_asked_only_of_days_whose_money_changed(rows: pd.DataFrame) -> None:
    before = detected(flagged(rows), rows.assign(region_id="west"))
    rows.loc[(rows["service_name"] == "S4") & (rows["charge_date"] == day(110)), "effective_cost"] = 500.0
    now = flagged(rows, before)
    assert dict(zip(now["service_name"], now["contributors"].isna(), strict=True)) == {
        "S2": False,
        "S4": True,
    }
    found = detected(now, rows.assign(region_id="east")).set_index("service_name")
    assert '"west"' in found.loc["S2", "contributors"] and '"east"' in found.loc["S4", "contributors"]
    assert "500.00" in found.loc["S4", "explanation"] and found["explanation"].notna().all()


def test_what_restated_data_withdraws_stays_as_it_was_told(rows: pd.DataFrame) -> None:
    before = detected(flagged(rows), rows.assign(region_id="west"))
    rows.loc[(rows["service_name"] == "S4") & (rows["charge_date"] == day(110)), "effective_cost"] = np.nan
    found = detected(flagged(rows, before), rows.iloc[:0].assign(region_id=None)).set_index("service_name")
    assert found.loc["S4", "status"] == "withdrawn"
    told = before.set_index("service_name").loc["S4"]
    assert (found.loc["S4", "explanation"], found.loc["S4", "event_id"]) == (
        told["explanation"],
        told["event_id"],
    )


def test_a_function_says_what_its_table_is_made_of() -> None:
    assert computed.relations("int_anomalies__flagged") == ["cost_series", "completeness", "holidays"]
    assert computed.remembered("int_anomalies__flagged") == {"told_before": "int_anomalies__detected"}
    assert computed.settings("int_anomalies__flagged") == list(SETTINGS)
    assert tables.COLUMNS.keys() == computed.TABLES.keys()
