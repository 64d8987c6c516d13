"""Anomalies and forecasts in the warehouse: an estate of five months whose incidents are known, and an empty lake."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from quick import Quick

from demo import generate
from intelligence.series import series_id

MARTS = ["+anomalies", "+forecasts", "+forecast_totals", "+forecast_accuracy", "+forecast_notes"]
COMMITMENTS = ["+commitment_recommendations", "+commitment_backtest"]
NO_TESTS = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
# a launch is a series without days before it; a leak of demand this short may pass for growth
FOUND = "kind in ('spike', 'drop', 'fee')"


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("incidents")
    generate(folder, seed=5, months=5, until=date(2026, 10, 28), scale=0.1)
    return folder


@pytest.fixture(scope="module")
def watched(truth: Path, tmp_path_factory: pytest.TempPathFactory) -> Quick:
    warehouse = Quick(tmp_path_factory.mktemp("watched") / "lake")
    for provider in ("aws", "azure", "gcp", "focus"):
        warehouse.land(provider, truth / provider, estate="demo")
    warehouse.run("build", "--select", *MARTS, *COMMITMENTS, *NO_TESTS)
    return warehouse


def test_labelled_incidents_are_found_where_and_when_they_were(watched: Quick, truth: Path) -> None:
    missed = watched.query(
        f"""
        select kind, service, sub_account_id, start_date from '{truth}/truth/incidents.parquet' as incident
        where {FOUND} and not exists (
            select 1 from marts.anomalies as flagged
            where flagged.provider = incident.provider and flagged.sub_account_id = incident.sub_account_id
                and flagged.charge_date between incident.start_date and incident.end_date
                and (flagged.impact_cost > 0) = (incident.impact_cost > 0)
        )
        """
    )
    assert missed == []


def test_no_day_is_flagged_that_is_not_complete(watched: Quick, truth: Path) -> None:
    last = f"(select min(last_complete_date) from '{truth}/truth/completeness.parquet')"
    assert watched.query(f"select count(*) > 0 from marts.cost_series where charge_date > {last}") == [
        (True,)
    ]
    assert watched.query(f"select * from marts.anomalies where charge_date > {last}") == []


def test_a_flagged_day_says_what_it_cost_and_what_contributed(watched: Quick) -> None:
    wrong = watched.query(
        "select series_id, charge_date from marts.anomalies as flagged left join marts.cost_series as series "
        "using (series_id, charge_date) where abs(coalesce(series.effective_cost, 0) - actual_cost) > 1e-6 "
        "or abs(actual_cost - expected_cost - impact_cost) > 1e-6 or explanation is null"
    )
    assert wrong == []
    # the marketplace's fee is one SKU, and its impact the fee's
    fee = watched.query("select contributors from marts.anomalies order by impact_cost desc limit 1")
    assert '"dimension": "sku_id"' in fee[0][0]


def test_forecasts_of_services_add_up_to_accounts_and_providers(watched: Quick) -> None:
    sums = watched.query(
        "select provider, billing_currency, forecast_date, "
        "abs(sum(forecast_cost) filter (level = 'service') - sum(forecast_cost) filter (level = 'account')), "
        "abs(sum(forecast_cost) filter (level = 'service') - sum(forecast_cost) filter (level = 'provider')) "
        "from marts.forecasts group by all"
    )
    assert len(sums) == 4 * 95
    assert max(off for *_, accounts, provider in sums for off in (accounts, provider)) < 1e-6


def test_a_months_total_is_what_it_cost_and_the_days_to_come(watched: Quick) -> None:
    off = watched.query(
        """
        with days as (
            select series_id, date_trunc('month', forecast_date) as charge_month, sum(forecast_cost) as to_come
            from marts.forecasts group by all
        ), so_far as (
            select provider, date_trunc('month', charge_date) as charge_month, sum(effective_cost) as cost
            from marts.cost_series where is_complete group by all
        )
        select provider, charge_month, abs(forecast_cost - actual_cost - to_come), abs(actual_cost - coalesce(cost, 0))
        from marts.forecast_totals as total join days using (series_id, charge_month)
        left join so_far using (provider, charge_month)
        where level = 'provider' and charge_month < (select max(charge_month) from days)
        """
    )
    assert len(off) == 4 * 3  # October, November and December; days end in January
    assert max(cost for *_, rest, begun in off for cost in (rest, begun)) < 1e-6


def test_intervals_lie_around_the_forecast_and_were_measured(watched: Quick) -> None:
    assert (
        watched.query(
            "select * from marts.forecasts where not (lower_95 <= lower_80 and lower_80 <= forecast_cost "
            "and forecast_cost <= upper_80 and upper_80 <= upper_95)"
        )
        == []
    )
    measured = watched.query(
        "select level, wape, coverage_80 from marts.forecast_accuracy where model = 'ensemble' "
        "and billing_currency = 'USD' and horizon_from = 1 and horizon_to = 30"
    )
    assert {level for level, *_ in measured} == {"service", "account", "provider"}
    assert all(0 < wape < 0.3 and 0.5 < coverage < 1 for _, wape, coverage in measured)


def test_names_of_series_are_those_of_intelligence(watched: Quick) -> None:
    with_keys = "series_id, provider, sub_account_id, service_name, billing_currency"
    with duckdb.connect(str(watched.lake / "warehouse.duckdb"), read_only=True) as connection:
        rows = connection.sql(f"select distinct {with_keys} from marts.cost_series").df()
    assert len(rows) > 40 and list(rows["series_id"]) == list(series_id(rows))


def test_an_empty_lake_gives_empty_marts_of_the_same_types(watched: Quick, tmp_path: Path) -> None:
    empty = Quick(tmp_path / "lake")
    empty.run("build", "--select", *MARTS, *COMMITMENTS, *NO_TESTS)
    commitments = ("demand", "inventory", "recommendations", "backtest")
    for mart in (
        *("cost_series", "anomalies", "forecasts", "forecast_totals", "forecast_accuracy"),
        *(f"commitment_{name}" for name in commitments),
    ):
        assert empty.query(f"select count(*) from marts.{mart}") == [(0,)]
        assert empty.query(f"describe marts.{mart}") == watched.query(f"describe marts.{mart}")
    types = "select column_name, data_type from information_schema.columns where table_schema = 'intermediate' and table_name like 'int_%ed' order by all"
    assert empty.query(types) == watched.query(types)


def test_an_event_keeps_its_id_and_stays_when_data_withdraws_it(watched: Quick) -> None:
    """The costs of the largest event are put to what was expected of them, as a restated bill would."""
    before = watched.query("select series_id, charge_date, event_id from marts.anomalies order by all")
    largest = "select event_id from marts.anomalies order by abs(impact_cost) desc limit 1"
    with duckdb.connect(str(watched.lake / "warehouse.duckdb")) as connection:
        event = connection.execute(largest).fetchone()[0]
        connection.execute(
            "update marts.cost_series as series set effective_cost = expected_cost from marts.anomalies as flagged "
            "where flagged.event_id = ? and series.series_id = flagged.series_id "
            "and series.charge_date = flagged.charge_date",
            [event],
        )
    watched.run("run", "--select", "int_anomalies__flagged+1", "int_anomalies__detected", "anomalies")
    now = watched.query("select series_id, charge_date, event_id, status from marts.anomalies order by all")
    assert [row for row in before if row not in [kept[:3] for kept in now]] == []
    assert {status for *_, name, status in now if name == event} == {"withdrawn"}


def test_events_outlive_the_warehouse_file(watched: Quick) -> None:
    """One event is put to a name of long ago, and one day that is not flagged to what an earlier run flagged."""
    memory = watched.lake / "history" / "int_anomalies__detected" / "rows.parquet"
    told = duckdb.read_parquet(str(memory)).df()
    newest = told["charge_date"].idxmax()
    event = told.loc[newest, "event_id"]
    told.loc[told["event_id"] == event, "event_id"] = "named long ago"
    unflagged = told.loc[[newest]].assign(
        charge_date=told["charge_date"].min() - pd.Timedelta(days=1), event_id="taken back", status="open"
    )
    told = pd.concat([told, unflagged], ignore_index=True)
    duckdb.sql("select * from told").write_parquet(str(memory))
    watched.lake.joinpath("warehouse.duckdb").unlink()
    watched.run("build", "--select", *MARTS, *NO_TESTS)
    now = watched.query("select series_id, charge_date, event_id, status from marts.anomalies")
    assert {row[:3] for row in now} == {
        (series, day.date(), name)
        for series, day, name in told[["series_id", "charge_date", "event_id"]].itertuples(index=False)
    }
    statuses = {name: status for _, _, name, status in now}
    assert (statuses["named long ago"], statuses["taken back"]) == ("open", "withdrawn")
