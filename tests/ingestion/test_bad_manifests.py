"""Manifests with anything in them: a message that names file and field, the other exports land, the lake stays whole."""

import copy
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outcomes import only
from tiny_bills import Bills, azure_row

from ingestion import LandingError, land
from ingestion.lake import Lake

JUNK = st.sampled_from(
    [None, True, 5, -1, 1.5, float("nan"), 10**30, "", "x", [], {}, [1], ["a"], {"a": 1}, [[]], [None], [{}]]
    + ["0001-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "\ud800", "../../x"]
    + ["s3://b/" + "x" * 3000, [{"blobName": 5}], [{"uri": None}], {"type": []}]
)


def export(bills, of) -> Path:
    """An export of January, of AWS beside one of February that is well; its manifest."""
    if of == "azure":
        return bills.azure_run([azure_row()])
    bills.export("2026-02")
    return bills.export("2026-01")


@settings(max_examples=60, deadline=None)
@given(of=st.sampled_from(["aws", "azure"]), data=st.data())
def test_anything_anywhere_in_a_manifest(of, data):
    with tempfile.TemporaryDirectory() as folder:
        bills, lake = Bills(Path(folder) / "source"), Path(folder) / "lake"
        manifest = export(bills, of)
        body = json.loads(manifest.read_text()) | {"executionTime": "2026-02-02T00:00:00Z"}
        at = copy.deepcopy(body)
        body = at
        while True:
            place = data.draw(st.sampled_from(list(at) if isinstance(at, dict) else range(len(at))))
            if isinstance(at[place], dict | list) and at[place] and data.draw(st.booleans()):
                at = at[place]
                continue
            at[place] = data.draw(JUNK)
            break
        manifest.write_text(json.dumps(body))
        for _ in range(2):  # the second meets what the first left
            try:
                land(of, str(bills.root), lake)
            except LandingError as error:
                assert manifest.name in error.message and "; " in error.message and len(error.message) < 1600
                print(error.message)
        periods = {delivery.periods for delivery in Lake(lake).deliveries()}
        assert of == "azure" or ("2026-02-01",) in periods


@pytest.mark.parametrize(
    ("of", "name", "value", "says"),
    [
        ("aws", "dataFiles", 5, "cur-Manifest.json: dataFiles is no list of objects or names, but 5; "),
        ("aws", "columns", [[]], r"cur-Manifest.json: columns is no list of objects or names, but \[\[\]\]"),
        ("azure", "blobs", [7], r"a1.manifest.json: blobs is no list of objects or names, but \[7\]; "),
    ],
)
def test_the_field_that_is_wrong_is_named(bills, lake, of, name, value, says):
    manifest = export(bills, of)
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {name: value}))
    with pytest.raises(LandingError, match=says) as told:
        land(of, str(bills.root), lake)
    assert [d.periods for d in told.value.result.landed] == ([("2026-02-01",)] if of == "aws" else [])


@pytest.mark.parametrize("text", ["[" * 100_000, "{", "[]", b"\xff\xfe{\x00}\x00".decode("latin-1")])
def test_a_manifest_that_is_no_json_keeps_no_other_export_from_landing(bills, lake, text):
    export(bills, "aws").write_text(text, encoding="latin-1")
    with pytest.raises(
        LandingError, match="cur-Manifest.json: the manifest is not .*; copy it again"
    ) as told:
        land("aws", str(bills.root), lake)
    assert [d.periods for d in told.value.result.landed] == [("2026-02-01",)]
    assert told.value.result.offered == ("2026-01", "2026-02")


@pytest.mark.parametrize("of", ["aws", "azure"])
def test_a_run_without_a_time_of_its_own_has_its_files(bills, lake, of):
    """The year 1 stands where a program set no time, and no delivery of that year could be read again."""
    if of == "azure":
        bills.azure_run([azure_row()], submitted="0001-01-01T00:00:00")
    else:
        manifest = bills.export("2026-01")
        body = json.loads(manifest.read_text()) | {"executionTime": "0001-01-01T00:00:00Z"}
        manifest.write_text(json.dumps(body))
    assert only(land(of, str(bills.root), lake)).exported_at == "2026-02-02T00:00:00Z"
    assert len(land(of, str(bills.root), lake).skipped) == 1


def test_an_export_of_a_time_to_come_is_refused(bills, lake):
    """It would count before all that are exported until then."""
    manifest = bills.export("2026-01")
    body = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(body | {"executionTime": "2098-01-01T00:00:00Z"}))
    with pytest.raises(
        LandingError, match="cur-Manifest.json: was exported at 2098-01-01.*; correct the time"
    ):
        land("aws", str(bills.root), lake)
    manifest.unlink()
    bills.touch(
        "exports/cur/data/BILLING_PERIOD=2026-01/cur-00001.snappy.parquet", datetime(2098, 1, 1, tzinfo=UTC)
    )
    with pytest.raises(LandingError, match="cur-00001.snappy.parquet: was exported at 2098-01-01"):
        land("aws", str(bills.root), lake)
    assert not Lake(lake).deliveries()


def test_a_record_whose_time_cannot_be_read_is_named(bills, lake):
    delivery = only(land("azure", str(export(bills, "azure").parents[4]), lake))
    record = Lake(lake).folder(delivery) / "delivery.json"
    record.write_text(record.read_text().replace(delivery.exported_at, "1-01-01T00:00:00Z"))
    with pytest.raises(
        LandingError, match="delivery.json: cannot be read as a delivery .*; restore the file"
    ):
        Lake(lake).deliveries()
