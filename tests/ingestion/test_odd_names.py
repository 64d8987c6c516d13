"""Names and kinds of files that a tired operator has: each lands under its own name, or is refused by it."""

import json
import os
import socket

import pytest
from outcomes import only, refused
from tiny_bills import csv_text, cur_row, stored

from ingestion import land
from ingestion.lake import Lake

BILL = csv_text([cur_row()]).encode()


@pytest.mark.parametrize(
    "key",
    [
        "my bills/a b .csv",
        "Übersicht/ü💶.csv",
        "a%20b/c%2Fd%zz.csv",
        "combin\u0301ed.csv",
        "a#b?c*.csv",
        "a[1]{2,3}.csv",
        "a'b\"c;d&e=f+g.csv",
        "back\\slash.csv",
        "line\nbreak.csv",
        "year=2026/$HOME/~x.csv",
        "x.parquet/a.csv",
        "-rf.csv",
    ],
)
def test_any_name_lands_as_it_is(bills, lake, key):
    delivery = only(land("aws", str(bills.write(key, BILL).parent), lake))
    assert delivery.files[0].source_key == key.rpartition("/")[2] and delivery.rows == 1
    [again] = land("aws", str(bills.root / key), lake).skipped  # the same file, given by itself
    assert again.delivery_id == delivery.delivery_id and Lake(lake).deliveries() == [delivery]


@pytest.mark.parametrize("name", ["delivery.json", "Delivery.JSON"])
def test_a_file_named_as_our_record_is_not_taken_for_it(bills, lake, name):
    row = {"billing_account_id": "0A", "invoice": {"month": "202601"}, "cost_type": "regular", "cost": 1.5}
    row |= {"usage_start_time": "2026-01-01 00:00:00 UTC", "currency": "EUR", "sku": {"id": "s"}}
    row |= {"export_time": "2026-01-02 00:00:00 UTC"}
    delivery = only(land("gcp", str(bills.write(name, json.dumps(row) + "\n")), lake))
    assert [(file.path, file.source_key) for file in delivery.files] == [(f"2-{name}", name)]
    assert Lake(lake).deliveries() == [delivery]


def test_a_uri_of_a_file_is_read_as_a_uri(bills, lake):
    bill = bills.write("my bills/100%/ü.csv", BILL)
    assert only(land("aws", bill.as_uri(), lake)).files[0].source_uri == bill.as_uri()


@pytest.mark.parametrize("name", [b"bill\xff.csv", b"d\xff/bill.csv"])
def test_a_name_that_is_not_utf_8_is_told(bills, lake, name):
    path = os.path.join(os.fsencode(bills.root), name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(BILL)
    message = refused("aws", bills.root, lake)
    assert "\\udcff" in message and "is not UTF-8; rename it" in message
    message.encode()


@pytest.mark.timeout(60)
def test_pipes_and_sockets_are_not_waited_for(bills, lake, monkeypatch):
    os.mkfifo(bills.root / "pipe.csv")
    monkeypatch.chdir(bills.root)  # a socket's path is short
    with socket.socket(socket.AF_UNIX) as held:
        held.bind("socket.csv")
        bills.write("a.csv", BILL)
        assert [file.source_key for file in only(land("aws", str(bills.root), lake)).files] == ["a.csv"]
        assert len(stored(lake)) == 2


def test_a_pipe_by_itself_is_told(bills, lake):
    os.mkfifo(bills.root / "pipe.csv")
    assert "neither a file nor a folder; copy" in refused("aws", bills.root / "pipe.csv", lake)


def test_a_note_that_was_cut_short_is_written_anew(bills, lake):
    bill = bills.write("a.csv", BILL)
    delivery = only(land("aws", str(bill), lake))
    (lake / "seen").mkdir()
    (lake / "seen" / f"{delivery.delivery_id}.json").write_text("{")
    os.utime(bill, (1_780_000_000, 1_780_000_000))
    assert len(land("aws", str(bill), lake).skipped) == 1
    assert "2026-05-28" in (lake / "seen" / f"{delivery.delivery_id}.json").read_text()


@pytest.mark.parametrize("keep", [4, 400, -4])
def test_cut_parquet_is_told_without_our_own_folders(bills, lake, keep):
    bill = bills.cur2("a.parquet", rows=5000)
    bill.write_bytes(bill.read_bytes()[:keep] + (b"PAR1" if keep == 400 else b""))
    message = refused("aws", bill, lake)
    assert "a.parquet: the Parquet file is cut short or damaged" in message and ".incoming" not in message
