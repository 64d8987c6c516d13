"""The flow's parts without a lake that is built: cells, translator, sensor, waiting, what may pass by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

dg = pytest.importorskip("dagster", reason="needs the dagster extra: uv sync --extra dagster")

from ingestion import land  # noqa: E402
from ingestion.lake import Lake  # noqa: E402
from orchestration.flow import (  # noqa: E402
    cells,
    checks,
    intelligence,
    one_writer,
    project,
    raw,
    schedules,
    sensors,
)
from orchestration.flow.translator import Translator, landing_of  # noqa: E402

HEADER = "ProviderName,BillingAccountId,BillingPeriodStart,ChargePeriodStart,ChargeCategory,BilledCost,BillingCurrency"
LEDGER = {name: dg.AssetKey(["staging", f"stg_{name}__focus"]) for name in ("aws", "azure", "gcp", "focus")}
MARTS = [dg.AssetKey(["marts", "daily_cost"])]


def bill(folder: Path, *charges: tuple[str, str], cost: str = "5", name: str = "bill.csv") -> Path:
    rows = [f"{who},1,{m}-01T00:00:00Z,{m}-02T00:00:00Z,Usage,{cost},USD" for who, m in charges]
    (folder / name).write_text("\n".join([HEADER, *rows, ""]))
    return folder / name


# cells


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 3, 15), "2026-01", "2026-03"),
        (date(2025, 12, 31), "2026-01", "2026-02"),
        (date(2026, 2, 1), "2026-01", "2026-02"),
    ],
)
def test_months_reach_from_the_first_bill_to_today_or_the_last_bill(
    at_lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, today: date, first: str, last: str
) -> None:
    land("focus", str(bill(tmp_path, ("Acme", "2026-01"), ("Acme", "2026-02"))), at_lake)
    months = cells.months(cells.deliveries(), today)
    keys = months.get_partition_keys(datetime(today.year, today.month, today.day, tzinfo=UTC))
    assert (keys[0], keys[-1]) == (first, last)


def test_an_empty_lake_has_the_last_year() -> None:
    keys = cells.months([], date(2024, 2, 29)).get_partition_keys(datetime(2024, 2, 29, tzinfo=UTC))
    assert (keys[0], keys[-1], len(keys)) == ("2023-02", "2024-02", 13)


def test_a_cell_of_focus_files_holds_the_slices_of_all_their_providers(at_lake: Path, tmp_path: Path) -> None:
    land(
        "focus", str(bill(tmp_path, ("Acme", "2026-01"), ("Other", "2026-01"), ("Acme", "2026-02"))), at_lake
    )
    held = Lake(at_lake).deliveries()
    assert cells.slices(["focus"], ["2026-01"], held) == [
        {"provider": "acme", "billing_period": "2026-01-01"},
        {"provider": "other", "billing_period": "2026-01-01"},
    ]
    assert cells.slices(["aws"], ["2026-01"], held) == []


def test_a_run_that_is_taken_up_again_forces_only_what_it_had_not_rebuilt(
    at_lake: Path, tmp_path: Path
) -> None:
    land("focus", str(bill(tmp_path, ("Acme", "2026-01"), ("Acme", "2026-02"))), at_lake)
    held = Lake(at_lake).deliveries()
    folder = at_lake / "ledger" / "stg_focus__focus"
    folder.mkdir(parents=True)
    done = folder / "acme__focus__1__2026-01-01.aa.bb.parquet"
    done.touch()
    began = done.stat().st_mtime
    months = ["2026-01", "2026-02"]
    assert [s["billing_period"] for s in cells.slices(["focus"], months, held, began - 1)] == ["2026-02-01"]
    assert len(cells.slices(["focus"], months, held, began + 1)) == 2


def test_spans_are_unbroken_across_the_year() -> None:
    assert cells.spans(["2026-01", "2025-12", "2026-03"]) == [("2025-12", "2026-01"), ("2026-03", "2026-03")]


@pytest.mark.parametrize(
    ("tags", "months"),
    [
        ({}, set()),
        ({cells.PARTITION: "2026-01"}, {"2026-01"}),
        ({cells.RANGE[0]: "2025-11", cells.RANGE[1]: "2026-01"}, {"2025-11", "2025-12", "2026-01"}),
    ],
)
def test_a_runs_months_are_in_its_tags(tags: dict, months: set) -> None:
    assert cells.of_run(tags) == months


# translator


def props(name: str, folder: str = "marts", kind: str = "model", **more: object) -> dict:
    config = {"schema": folder, "materialized": "table", "meta": {}} | more.pop("config", {})
    return {
        "name": name,
        "resource_type": kind,
        "fqn": ["cloudtally", folder, name],
        "config": config,
        "columns": {},
    } | more


@pytest.fixture
def translator() -> Translator:
    return Translator(dg.MonthlyPartitionsDefinition("2026-01", fmt="%Y-%m"))


def test_a_new_model_is_placed_by_its_folder_and_described_by_its_yml(translator: Translator) -> None:
    meta = {"grain": "one row per team", "owner": "finops", "rows_expected": 5, "nested": {"not": "shown"}}
    found = props("team_cost", config={"meta": meta})
    assert translator.get_asset_key(found) == dg.AssetKey(["marts", "team_cost"])
    assert translator.get_group_name(found) == "marts" and translator.get_owners(found) == ["team:finops"]
    shown = translator.get_metadata(found)
    assert shown["grain"] == "one row per team" and shown["rows_expected"] == 5 and "nested" not in shown


def test_owners_may_be_addresses_and_several(translator: Translator) -> None:
    found = props("x", config={"meta": {"owners": ["ann@example.com", "team:data"]}})
    assert translator.get_owners(found) == ["ann@example.com", "team:data"]


def test_intelligence_and_seeds_have_groups_of_their_own(translator: Translator) -> None:
    mart = props("anomalies") | {"fqn": ["cloudtally", "marts", "intelligence", "anomalies"]}
    python = props("int_anomalies__detected") | {
        "fqn": ["cloudtally", "intelligence", "int_anomalies__detected"]
    }
    assert {translator.get_group_name(mart), translator.get_group_name(python)} == {"intelligence"}
    assert translator.get_group_name(props("regions", kind="seed")) == "seeds"


def test_the_sources_of_a_landing_are_one_asset(translator: Translator) -> None:
    keys = {
        translator.get_asset_key({"resource_type": "source", "source_name": "aws", "name": name})
        for name in ("cur", "cur2")
    }
    assert keys == {dg.AssetKey(["raw", "aws"])} and raw.key("lake") == dg.AssetKey(["raw", "deliveries"])


def test_what_intelligence_landed_is_an_asset_for_each_table(translator: Translator) -> None:
    landed = {"resource_type": "source", "source_name": "history", "name": "int_forecasts__computed"}
    assert translator.get_asset_key(landed) == intelligence.key("int_forecasts__computed")
    assert translator.get_group_name(landed) == "intelligence"


@pytest.mark.parametrize(
    ("name", "materialized", "landing"),
    [
        ("stg_aws__focus", "sliced", "aws"),
        ("stg_focus__focus", "sliced", "focus"),
        ("stg_oracle__focus", "sliced", "oracle"),
        ("stg_aws__commitments", "sliced", None),
        ("stg_aws__focus", "view", None),
    ],
)
def test_only_the_landings_parts_of_the_ledger_have_months(
    translator: Translator, name: str, materialized: str, landing: str | None
) -> None:
    found = props(name, "staging", config={"materialized": materialized})
    assert landing_of(found) == landing
    assert translator.get_partitions_def(found) == (translator.months if landing else None)


def test_a_singular_test_guards_the_model_of_its_name_else_the_furthest_downstream() -> None:
    def node(name: str, kind: str = "model", *parents: str) -> dict:
        return {"name": name, "resource_type": kind, "depends_on": {"nodes": list(parents)}}

    nodes = {
        "model.c.ledger": node("ledger"),
        "model.c.daily": node("daily", "model", "model.c.ledger"),
        "test.c.ledger_is_whole": node("ledger_is_whole", "test", "model.c.ledger", "model.c.daily"),
        "test.c.money_stays": node("money_stays", "test", "model.c.ledger", "model.c.daily"),
    }
    parents = {name: found["depends_on"]["nodes"] for name, found in nodes.items()}
    found = project.attached({"nodes": nodes, "parent_map": parents})["nodes"]
    assert found["test.c.ledger_is_whole"]["attached_node"] == "model.c.ledger"
    assert found["test.c.money_stays"]["attached_node"] == "model.c.daily"


# sensor


@pytest.fixture
def ticking(at_lake: Path):
    months = dg.MonthlyPartitionsDefinition("2025-11", fmt="%Y-%m", end_offset=36)
    sensor = sensors.sensor("refresh", LEDGER, MARTS, months)
    job = dg.define_asset_job("refresh", dg.AssetSelection.all())
    specs = [dg.AssetSpec(key, partitions_def=months) for key in LEDGER.values()] + [dg.AssetSpec(MARTS[0])]

    def build(spec):
        return dg.multi_asset(specs=[spec], name=spec.key.path[-1])(lambda: None)

    defs = dg.Definitions(assets=[build(spec) for spec in specs], jobs=[job], sensors=[sensor])
    with dg.DagsterInstance.ephemeral() as instance:

        def tick(cursor: str | None = None):
            return sensor(
                dg.build_sensor_context(instance, cursor=cursor, repository_def=defs.get_repository_def())
            )

        yield tick


def test_an_event_starts_its_cells_and_tells_of_the_raw_bills(ticking, at_lake: Path, tmp_path: Path) -> None:
    land("focus", str(bill(tmp_path, ("Acme", "2025-12"), ("Acme", "2026-01"))), at_lake)
    result = ticking()
    [request] = result.run_requests
    assert set(request.asset_selection) == {LEDGER["focus"], *MARTS}
    assert (request.tags[cells.RANGE[0]], request.tags[cells.RANGE[1]]) == ("2025-12", "2026-01")
    assert [(event.asset_key, event.partition) for event in result.asset_events] == [
        (raw.key("focus"), "2025-12"),
        (raw.key("focus"), "2026-01"),
    ]
    assert result.asset_events[0].metadata["rows of the delivery"].value == 2


def test_a_month_that_is_older_than_all_cells_is_built_with_the_first(
    ticking, at_lake: Path, tmp_path: Path
) -> None:
    land("focus", str(bill(tmp_path, ("Acme", "2024-01"))), at_lake)
    result = ticking()
    [request] = result.run_requests
    assert [request.tags[name] for name in cells.RANGE] == [
        "2025-11",
        "2025-11",
    ] and result.asset_events == []


def test_months_that_are_apart_are_runs_of_their_own(ticking, at_lake: Path, tmp_path: Path) -> None:
    land("focus", str(bill(tmp_path, ("Acme", "2025-12"), ("Acme", "2026-03"))), at_lake)
    spans = {tuple(request.tags[name] for name in cells.RANGE) for request in ticking().run_requests}
    assert spans == {("2025-12", "2025-12"), ("2026-03", "2026-03")}


def test_after_a_restart_only_what_is_new_is_started(ticking, at_lake: Path, tmp_path: Path) -> None:
    land("focus", str(bill(tmp_path, ("Acme", "2025-12"))), at_lake)
    cursor = ticking().cursor
    assert isinstance(ticking(cursor), dg.SkipReason)
    land("focus", str(bill(tmp_path, ("Acme", "2026-01"), name="next.csv")), at_lake, scope="other")
    [request] = ticking(cursor).run_requests
    assert request.tags[cells.RANGE[0]] == "2026-01"


def test_an_event_that_comes_twice_starts_nothing_more(ticking, at_lake: Path, tmp_path: Path) -> None:
    land("focus", str(bill(tmp_path, ("Acme", "2025-12"))), at_lake)
    cursor = ticking().cursor
    [event] = (at_lake / "events").iterdir()
    (at_lake / "events" / "99990101T000000000000Z-again.json").write_text(event.read_text())
    result = ticking(cursor)
    assert (result.run_requests, result.asset_events) == ([], []) and "again" in result.cursor


def test_a_broken_event_is_passed_over(ticking, at_lake: Path, tmp_path: Path) -> None:
    (at_lake / "events").mkdir(parents=True)
    (at_lake / "events" / "20200101T000000000000Z-broken.json").write_text("{")
    land("focus", str(bill(tmp_path, ("Acme", "2025-12"))), at_lake)
    assert len(ticking().run_requests) == 1


def test_landings_that_share_a_span_are_one_run() -> None:
    def told(landing: str, *months: str) -> sensors.Ingested:
        slices = tuple((landing, f"{month}-01") for month in months)
        return sensors.Ingested("n", landing, landing, "cur2", "s", 1, 1, "", slices)

    fresh = [told("aws", "2026-01", "2026-02"), told("gcp", "2026-01", "2026-02"), told("azure", "2026-02")]
    found = {
        tuple(request.tags[name] for name in cells.RANGE): set(request.asset_selection) - set(MARTS)
        for request in sensors.requests(fresh, LEDGER, MARTS, ["2026-01", "2026-02"], "key")
    }
    assert found == {
        ("2026-01", "2026-02"): {LEDGER["aws"], LEDGER["gcp"]},
        ("2026-02", "2026-02"): {LEDGER["azure"]},
    }


def test_the_cursor_forgets_the_oldest_ids() -> None:
    cursor = sensors.Cursor().past(["a"], [str(n) for n in range(sensors.REMEMBERED + 5)])
    again = sensors.Cursor.from_text(cursor.to_text())
    assert again == cursor and len(again.ids) == sensors.REMEMBERED and again.ids[0] == "5"


# polling


def test_polling_lands_what_is_new_and_events_do_the_rest(at_lake: Path, tmp_path: Path) -> None:
    at_lake.mkdir()
    source = bill(tmp_path, ("Acme", "2026-01"))
    (at_lake / "sources.yml").write_text(f"sources:\n- {{provider: focus, source: {source}}}\n")
    for _ in range(2):
        assert schedules.poll_sources.execute_in_process().success
    assert len(Lake(at_lake).deliveries()) == len(list((at_lake / "events").iterdir())) == 1


def test_a_source_that_is_no_bill_fails_at_once_and_says_why(at_lake: Path, tmp_path: Path) -> None:
    at_lake.mkdir()
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n")
    (at_lake / "sources.yml").write_text(f"sources:\n- {{provider: aws, source: {tmp_path}/notes.csv}}\n")
    result = schedules.poll_sources.execute_in_process(raise_on_error=False)
    [failure] = [event for event in result.all_events if event.is_step_failure]
    assert "notes.csv" in failure.event_specific_data.error.message
    assert not [event for event in result.all_events if event.is_step_up_for_retry]


def test_without_a_list_there_is_nothing_to_poll(at_lake: Path) -> None:
    [told] = schedules.polling(dg.build_schedule_context())
    assert isinstance(told, dg.SkipReason) and "sources.yml" in told.skip_message


# failures


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (Exception("IO Error: Could not set lock on file"), True),
        (ConnectionResetError("peer"), True),
        (Exception("503 Service Unavailable"), True),
        (Exception("Got 3 results, configured to fail if != 0"), False),
        (Exception("bill.csv: the column BilledCost is missing"), False),
    ],
)
def test_what_may_pass_is_tried_again_and_bad_data_is_not(error: Exception, passes: bool) -> None:
    raised = one_writer.passing(error, 2)
    assert isinstance(raised, dg.RetryRequested) == passes
    assert raised.seconds_to_wait == 40 if passes else raised.allow_retries is False


# checks


def test_a_run_tells_the_residual_of_the_cells_that_it_built() -> None:
    rows = [
        {"delivery_id": "a", "month": "2026-01", "residual": 0.25},
        {"delivery_id": "b", "month": "2026-01", "residual": 0.5},
        {"delivery_id": "a", "month": "2026-02", "residual": 9},
        {"delivery_id": "gone", "month": "2026-01", "residual": 9},
    ]
    [told] = checks.observed(rows, {"a": "aws", "b": "aws"}, LEDGER, {"2026-01"})
    assert (told.asset_key, told.partition, told.metadata["residual"].value) == (
        LEDGER["aws"],
        "2026-01",
        0.5,
    )


@pytest.mark.parametrize(
    ("days", "passed", "severity"),
    [(0, True, "WARN"), (3, False, "WARN"), (14, False, "ERROR")],
)
def test_the_quieter_a_source_the_more_severe(days: int, passed: bool, severity: str) -> None:
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(
            "create schema marts; create table marts.deliveries as select 'aws' as provider, 'cur2' as dataset, "
            "'s' as scope, 'current' as status, timestamp '2026-01-01 12:00:00' as landed_at"
        )
        result = checks.still_arriving(connection, datetime(2026, 1, 1 + days, 13))
    assert (result.passed, result.severity.value) == (passed, severity)


def test_an_unexplained_residual_fails_and_is_named() -> None:
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(
            "create schema marts; create table marts.reconciliation as select 'aws' as provider, 'cur2' as dataset, 's' as scope, "
            "date '2026-01-01' as billing_period, 'USD' as billing_currency, 5::bigint as raw_rows, 'd' as delivery_id, "
            "unnest([0.25, 0])::decimal(38, 12) as residual, null::decimal(38, 12) as effective_residual, "
            "unnest(['unexplained', null]) as residual_reason"
        )
        result = checks.meets_the_bills(connection)
    assert not result.passed and "aws cur2 s 2026-01: 0.250000 USD" in result.description
    assert result.metadata["worst_residual"].value == 0.25
