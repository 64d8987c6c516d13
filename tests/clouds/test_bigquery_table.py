"""Google's bill landed out of BigQuery: on an emulator of BigQuery, beside one of Google's storage.

It has no ingestion time: of a partitioned table the statement alone is held, to what GoogleSQL's own analyzer takes.
"""

import json
import shutil
from datetime import UTC, date, datetime

import pytest
from bigquery_server import ACCOUNT, COLUMNS, PROJECT, SOURCE, TABLE, row

pytest.importorskip("google.cloud.bigquery", reason="needs the extra cloud: uv sync --all-extras")
from bigquery import judge  # noqa: E402
from test_adapters import CHANGED, changed, push  # noqa: E402

from ingestion import LandingError, adapters, bigquery_table, land, receiving, rules  # noqa: E402
from ingestion.errors import NoAccess  # noqa: E402
from ingestion.lake import Lake  # noqa: E402
from orchestration import source_doctor  # noqa: E402


def held(lake) -> list[tuple]:
    return [(d.export_time_from, d.export_time_to, d.rows, d.scope) for d in Lake(lake).deliveries()]


def counting(lake) -> float:
    """What the deliveries that count say the table's cost is."""
    counted = {d.delivery_id: d for named in rules.current(Lake(lake).deliveries()).values() for d in named}
    return sum(float(total.cost) for delivery in counted.values() for total in delivery.totals)


def test_months_of_exports_land_and_only_those_that_moved_land_again(table, tmp_path):
    lake = tmp_path / "lake"
    table(row("202601", 1, "2026-01-06 03:00:00.000001"), row("202601", 2, "2026-01-31 23:59:59.999999"))
    table(row("202601", 4, "2026-02-01 00:00:00"))
    first = land("gcp", SOURCE, lake)
    assert held(lake) == [
        ("2026-01-06T03:00:00.000001Z", "2026-01-31T23:59:59.999999Z", 2, ACCOUNT),
        ("2026-02-01T00:00:00.000000Z", "2026-02-01T00:00:00.000000Z", 1, ACCOUNT),
    ]
    assert [delivery.dataset for delivery in first.landed] == ["gcp_detailed"] * 2 and counting(lake) == 7
    again = land("gcp", SOURCE, lake)
    assert not again.landed
    assert [skipped.delivery_id for skipped in again.skipped] == [d.delivery_id for d in first.landed]

    table(row("202602", 8, "2026-02-07 09:00:00"), row("202601", 16, "2026-03-01 09:00:00"))
    moved = land("gcp", SOURCE, lake).landed
    assert [(d.rows, d.export_time_from[:10]) for d in moved] == [(2, "2026-02-01"), (1, "2026-03-01")]
    assert counting(lake) == 31


def test_the_lake_is_looked_through_once_for_all_months(table, tmp_path, monkeypatch):
    for month in (1, 2, 3):
        table(row(f"20260{month}", 1, f"2026-0{month}-06 03:00:00"))
    looks, glob = [], Lake._glob
    monkeypatch.setattr(Lake, "_glob", lambda self, pattern: looks.append(pattern) or glob(self, pattern))
    assert len(land("gcp", SOURCE, tmp_path / "lake").landed) == 3
    assert len(looks) == 1


def test_a_row_that_comes_late_with_an_earlier_time_is_seen(table, tmp_path):
    lake = tmp_path / "lake"
    table(row("202601", 1, "2026-01-06 03:00:00"), row("202601", 2, "2026-02-08 03:00:00"))
    land("gcp", SOURCE, lake)
    table(row("202601", 4, "2026-01-06 02:00:00"))
    [late] = land("gcp", SOURCE, lake).landed
    assert late.rows == 2 and counting(lake) == 7


def test_a_month_that_lost_rows_replaces_no_fuller_one(table, tmp_path):
    """As when partitions expire; the other months land, and what was landed under another scope is no matter."""
    lake = tmp_path / "lake"
    for exported in ("2026-01-06 03:00:00", "2026-01-07 03:00:00", "2026-01-08 03:00:00"):
        table(row("202601", 1, exported))
    [whole] = land("gcp", SOURCE, lake).landed
    table.query("delete from {table} where export_time = timestamp '2026-01-07 03:00:00+00'")
    table(row("202602", 8, "2026-02-07 09:00:00"))
    with pytest.raises(
        LandingError, match=f"has 2 rows of exports of 2026-01, and delivery {whole.delivery_id}"
    ) as told:
        land("gcp", SOURCE, lake)
    assert "holds 3" in told.value.message and "lift the expiry" in told.value.message
    assert [d.periods for d in told.value.result.landed] == [("2026-02-01",)] and counting(lake) == 11
    assert [d.rows for d in land("gcp", SOURCE, lake, scope="other").landed] == [2, 1]

    shutil.rmtree(Lake(lake).folder(whole))  # as the message tells who wants the month as it is now
    assert [d.rows for d in land("gcp", SOURCE, lake).landed] == [2]


def test_a_right_that_is_taken_away_ends_the_run_and_may_come_back(table, tmp_path):
    for month in (1, 2, 3):
        table(row(f"20260{month}", 1, f"2026-0{month}-06 03:00:00"))
    with pytest.raises(NoAccess, match="no permission") as told:
        land("gcp", SOURCE, tmp_path / "lake", progress=lambda *_: table.forbidden.set())
    assert [d.periods for d in told.value.result.landed] == [("2026-01-01",)]
    assert "\n" not in told.value.message, "more was asked after that"
    table.forbidden.clear()
    assert len(land("gcp", SOURCE, tmp_path / "lake").landed) == 2


def finished(table=TABLE):
    """The log of a job that wrote a table, as Pub/Sub pushes it."""
    path = f"projects/{PROJECT}/datasets/billing/tables/{table}"
    return push({}, changed(CHANGED, "protoPayload.resourceName", path))


def test_the_log_of_a_finished_job_lands_the_table(table, tmp_path, monkeypatch):
    """A delivery that could not be told of is told of when the event comes again."""
    lake = tmp_path / "lake"
    monkeypatch.setenv("CLOUDTALLY_LAKE", str(lake))
    monkeypatch.setenv("CLOUDTALLY_SOURCES", json.dumps([{"provider": "gcp", "source": SOURCE}]))
    table(row("202601", 1, "2026-01-06 03:00:00"))
    said = finished()

    def fail(event):
        raise ConnectionError

    with pytest.raises(receiving.Later):
        receiving.receive(said, adapters.gcp, fail)
    told = []
    assert receiving.receive(said, adapters.gcp, told.append) == ["known"]
    assert [event["id"] for event in told] == [d.delivery_id for d in Lake(lake).deliveries()]
    assert receiving.receive(said, adapters.gcp, told.append) == ["known"] and len(told) == 1
    other = finished("x")
    assert receiving.receive(other, adapters.gcp, told.append) == ["dead"]


def test_what_landed_beside_a_bad_month_is_told_of(table, tmp_path, monkeypatch):
    monkeypatch.setenv("CLOUDTALLY_LAKE", str(tmp_path / "lake"))
    monkeypatch.setenv("CLOUDTALLY_SOURCES", json.dumps([{"provider": "gcp", "source": SOURCE}]))
    table(row("199901", 1, "2026-01-06 03:00:00"), row("202601", 2, "2026-02-07 03:00:00"))
    told = []
    assert receiving.receive(finished(), adapters.gcp, told.append) == ["dead"]
    assert (
        [event["id"] for event in told] == [d.delivery_id for d in Lake(tmp_path / "lake").deliveries()] != []
    )
    [letter] = (tmp_path / "lake/dead-letters").iterdir()
    assert "is no billing period" in letter.read_text()


def test_exports_before_a_month_are_left_out(table, tmp_path):
    table(row("202512", 1, "2025-12-31 23:59:59"), row("202601", 2, "2026-01-01 00:00:00"))
    assert [d.rows for d in land("gcp", SOURCE, tmp_path / "lake", since=date(2026, 1, 15)).landed] == [1]
    assert held(tmp_path / "lake")[0][0][:10] == "2026-01-01"


def test_a_bill_that_cannot_be_read_keeps_no_other_month_from_landing(table, tmp_path):
    table(row("199901", 1, "2026-01-06 03:00:00"), row("202601", 2, "2026-02-07 03:00:00"))
    with pytest.raises(LandingError, match="is no billing period") as told:
        land("gcp", SOURCE, tmp_path / "lake")
    assert [d.rows for d in told.value.result.landed] == [1]


@pytest.mark.parametrize(
    ("source", "provider", "reason"),
    [
        (f"bigquery://{PROJECT}/billing/nothing", "gcp", "no such table"),
        ("bigquery://only/two", "gcp", "write bigquery://PROJECT/DATASET/TABLE"),
        (SOURCE, "aws", "land it with: tally land gcp"),
    ],
)
def test_what_is_wrong_is_told(table, tmp_path, source, provider, reason):
    with pytest.raises(LandingError, match=reason):
        land(provider, source, tmp_path / "lake")
    assert not (tmp_path / "lake").exists()


def test_the_doctor_looks_at_a_table_and_the_bucket_of_its_extracts(table, monkeypatch):
    found = list(source_doctor.source("gcp", SOURCE))
    assert [(one.level, one.said.rpartition(": ")[2]) for one in found] == [
        ("ok", "is a table with export times, which may be queried"),
        ("ok", "may be written, read and cleared"),
    ]
    [found] = source_doctor.source("gcp", f"bigquery://{PROJECT}/billing/nothing")
    assert found.level == "fault" and "no such table" in found.said
    monkeypatch.setenv("CLOUDTALLY_EXTRACTS", "gs://nowhere-at-all/x")
    *_, found = source_doctor.source("gcp", SOURCE)
    assert found.level == "fault" and "gs://nowhere-at-all: no such bucket" in found.said
    table.forbidden.set()
    [found] = source_doctor.source("gcp", SOURCE)
    assert found.level == "fault" and found.remedy.startswith("grant BigQuery Data Viewer")


def test_a_table_needs_a_bucket_for_its_extracts(table, tmp_path, monkeypatch):
    monkeypatch.delenv("CLOUDTALLY_EXTRACTS")
    with pytest.raises(LandingError, match="set CLOUDTALLY_EXTRACTS to gs://"):
        land("gcp", SOURCE, tmp_path / "lake")


@pytest.mark.parametrize("at", ["", "/lake"])
def test_extracts_inside_the_lake_are_refused_before_they_are_paid_for(table, monkeypatch, at):
    bucket = bigquery_table.environment.extracts().removesuffix("/bills")
    monkeypatch.setenv("CLOUDTALLY_EXTRACTS", f"{bucket}/lake/bills")
    table(row("202601", 1, "2026-01-06 03:00:00"))
    before = len(table.statements())
    with pytest.raises(LandingError, match="lies inside the lake"):
        land("gcp", SOURCE, f"{bucket}{at}")
    assert len(table.statements()) == before > 0


def test_of_a_partitioned_table_only_the_partitions_of_the_month_are_read(table):
    found = bigquery_table.Table(SOURCE)
    found._is_partitioned = True
    partitions = (datetime(2026, 1, 7, tzinfo=UTC), datetime(2026, 1, 8, tzinfo=UTC))
    times = (datetime(2026, 1, 7, 1, tzinfo=UTC), datetime(2026, 1, 7, 23, 0, 0, 1, tzinfo=UTC))
    said = found.statement(bigquery_table.Month(*times, 3, partitions), "gs://extracts/bills/x/")
    assert "uri = 'gs://extracts/bills/x/*.parquet'" in said
    made = [
        f"create table `{PROJECT}`.`billing`.`{TABLE}` ({COLUMNS}, _PARTITIONTIME timestamp)"
    ]  # the analyzer has no pseudo columns
    assert judge.rejected([*made, said]) == []
    query = said.partition(" as ")[2]
    assert (
        "between timestamp '2026-01-07 01:00:00.000000+00' and timestamp '2026-01-07 23:00:00.000001+00'"
        in query
    )
    assert "(_PARTITIONTIME between timestamp '2026-01-07 00:00:00.000000+00'" in query
