"""Permissions, full disks, kills, sources that change meanwhile, and two landings at once."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from tiny_bills import Bills, csv_text, cur_row, stored

from ingestion import LandingError, land
from ingestion.lake import Lake

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534


def run(code: str, *arguments, wait=True):
    """Python in another process, with `land`, `LandingError` and the arguments as `args`."""
    start = "import sys, os\nfrom ingestion import land, LandingError\nargs = sys.argv[1:]\n"
    process = subprocess.Popen(
        [sys.executable, "-c", start + code, *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    if not wait:
        return process
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out


AS_NOBODY = f"""
if os.getuid() == 0:
    os.setgid({NOBODY})
    os.setuid({NOBODY})
try:
    print("skipped", len(land("aws", args[0], args[1]).skipped))
except LandingError as error:
    print(error.message)
"""


@pytest.fixture
def open_folder():
    """A folder that any user may enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    for path in folder.rglob("*"):
        path.chmod(0o755)
    shutil.rmtree(folder)


def test_no_permission_to_read_a_file(open_folder):
    bill = Bills(open_folder / "source").write("a.csv", [cur_row()])
    bill.chmod(0)
    lake = open_folder / "lake"
    lake.mkdir()
    lake.chmod(0o777)
    out = run(AS_NOBODY, bill, lake)
    assert "a.csv: no permission to read it; grant read access" in out
    assert stored(lake) == []


def test_no_permission_to_enter_a_folder(open_folder):
    Bills(open_folder / "source").write("inner/a.csv", [cur_row()])
    (open_folder / "source/inner").chmod(0)
    assert "inner: no permission" in run(AS_NOBODY, open_folder / "source", open_folder / "lake")


def test_no_permission_to_write_the_lake(open_folder):
    bill = Bills(open_folder / "source").write("a.csv", [cur_row()])
    (open_folder / "lake").mkdir(mode=0o555)
    out = run(AS_NOBODY, bill, open_folder / "lake")
    assert "no permission to write the lake" in out
    assert "CLOUDTALLY_LAKE" in out


def test_a_lake_that_may_only_be_read_is_enough_for_what_it_holds(open_folder):
    bills, lake = Bills(open_folder / "source"), open_folder / "lake"
    bill = bills.write("a.csv", [cur_row()])
    land("aws", str(bill), lake)
    for path in (lake, *lake.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    assert run(AS_NOBODY, bill, lake) == "skipped 1\n"
    out = run(AS_NOBODY, bills.write("b.csv", [cur_row(), cur_row()]), lake)
    assert "no permission to write the lake" in out


def test_a_mark_in_the_lake_that_others_cannot_read_or_write_is_told(open_folder):
    bill, lake = Bills(open_folder / "source").write("a.csv", [cur_row()]), open_folder / "lake"
    land("aws", str(bill), lake)
    (lake / "raw").chmod(0o777)  # it might land something, and then no other would know
    assert "no permission to write the lake" in run(AS_NOBODY, bill, lake)
    (lake / ".holder").chmod(0)
    assert ".holder: cannot be read" in run(AS_NOBODY, bill, lake)


@pytest.mark.parametrize("limit", [200_000, 700])  # in the midst of the data; in delivery.json
def test_full_disk(bills, lake, limit):
    land("aws", str(bills.write("first.csv", [cur_row()])), lake)
    before = stored(lake)
    rows = 20_000 if limit > 1000 else 1
    bill = bills.write("a.csv", csv_text([cur_row(lineItem__UnblendedCost=str(n)) for n in range(rows)]))
    out = run(
        f"""
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
try:
    land("aws", args[0], args[1])
except LandingError as error:
    print(error.message)
""",
        bill,
        lake,
    )
    assert "no space left" in out
    assert "CLOUDTALLY_LAKE" in out
    assert stored(lake) == before
    assert not (lake / "raw/.incoming").exists()
    assert len(land("aws", str(bill), lake).landed) == 1


KILLED = """
import time
def pause(label, done, total):
    if done >= total / 2:
        print("half", flush=True)
        time.sleep(60)
land("aws", args[0], args[1], progress=pause)
"""


def test_killed_in_mid_copy(bills, lake):
    bill = bills.write("a.csv", csv_text([cur_row(lineItem__UnblendedCost=str(n)) for n in range(40_000)]))
    process = run(KILLED, bill, lake, wait=False)
    assert process.stdout.readline() == "half\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert any(".incoming" in name for name in stored(lake))  # a leftover, but no delivery
    assert Lake(lake).deliveries() == []
    (delivery,) = land("aws", str(bill), lake).landed
    assert delivery.rows == 40_000
    assert len(stored(lake)) == 2
    assert not (lake / "raw/.incoming").exists()


def test_a_live_landing_is_not_swept_by_another(bills, lake):
    slow = bills.write("slow.csv", csv_text([cur_row(lineItem__UnblendedCost=str(n)) for n in range(40_000)]))
    process = run(KILLED.replace("60", "2"), slow, lake, wait=False)
    assert process.stdout.readline() == "half\n"
    land("aws", str(bills.write("b.csv", [cur_row()])), lake, scope="b")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert len(Lake(lake).deliveries()) == 2


def test_killed_before_the_record_was_written(bills, lake):
    bill = bills.write("a.csv", [cur_row()])
    (first,) = land("aws", str(bill), lake).landed
    (Lake(lake).folder(first) / "delivery.json").unlink()
    assert Lake(lake).deliveries() == []
    (again,) = land("aws", str(bill), lake).landed
    assert again.delivery_id == first.delivery_id
    (Lake(lake).folder(again) / "delivery.json").unlink()
    land("aws", str(bills.write("b.csv", [cur_row()])), lake, scope="other")
    assert not Lake(lake).folder(again).exists()


def test_manifest_rewritten_during_the_copy_is_followed(bills, lake):
    bills.export("2026-01", cost=1)
    rewritten = []

    def rewrite(label, done, total):
        if not rewritten:
            rewritten.append(bills.export("2026-01", chunks=2, cost=2))

    (delivery,) = land("aws", str(bills.root), lake, progress=rewrite).landed
    assert delivery.rows == 4


def test_a_manifest_that_never_rests_is_refused(bills, lake):
    manifest = bills.export("2026-01")
    body = json.loads(manifest.read_text())

    def rewrite(label, done, total):
        body["n"] = body.get("n", 0) + 1
        manifest.write_text(json.dumps(body))

    with pytest.raises(LandingError, match="the manifest changed while"):
        land("aws", str(bills.root), lake, progress=rewrite)
    assert stored(lake) == []


def test_a_data_file_rewritten_during_the_copy_is_read_again(bills, lake):
    bill = bills.write("a.csv", [cur_row()])
    rewritten = []

    def rewrite(label, done, total):
        if not rewritten:
            rewritten.append(bills.write("a.csv", [cur_row(), cur_row()]))

    assert land("aws", str(bill), lake, progress=rewrite).landed[0].rows == 2


def test_two_landings_of_one_bill_at_once(bills, lake):
    bill = bills.write("a.csv", [cur_row()] * 2000)
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(land("aws", str(bill), lake))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((len(r.landed), len(r.skipped)) for r in results) == [(0, 1), (0, 1), (1, 0)]
    assert len(stored(lake)) == 2


def test_a_broken_record_is_named(bills, lake):
    bill = bills.write("a.csv", [cur_row()])
    (delivery,) = land("aws", str(bill), lake).landed
    record = Lake(lake).folder(delivery) / "delivery.json"
    record.write_text("{")
    with pytest.raises(LandingError, match="delivery.json: cannot be read"):
        land("aws", str(bill), lake)
