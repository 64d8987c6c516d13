"""`python -m benchmarks.landing`: landings against plain copies, in one run, and the memory of many landings.

A plain copy is by the same client in the same direction, with SHA-256 of every byte: what any tool must do
that wants to know what it copied. `move` is the part of a landing that copies and proves what was written;
`land` is all of it, with every row of the bill read. The servers are the emulators of tests/clouds, on the
same cores, so ratios mean something and megabytes a second do not.

Here: measuring and printing. Not here: the servers (tests/clouds/cloud_servers.py).
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from operator import truediv
from pathlib import Path

import duckdb

from ingestion import buckets, copying, land
from ingestion.object_lake import ObjectLake
from ingestion.stores import PART, open_store

sys.path.append(str(Path(__file__).resolve().parents[2] / "tests" / "clouds"))
sys.path.append(str(Path(__file__).resolve().parents[2] / "tests" / "ingestion"))
CLOUDS = ("s3", "azure", "gs")
_moving: list[float] = []  # seconds that the parts of a landing took which copy and prove


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.landing", description=__doc__)
    parser.add_argument("--megabytes", type=int, default=64, help="size of the bill")
    parser.add_argument(
        "--runs", type=int, default=5, help="how often each is measured, by turns; 0 for none"
    )
    parser.add_argument("--clouds", nargs="*", choices=CLOUDS, default=CLOUDS)
    parser.add_argument("--deliveries", type=int, default=1000, help="landings in one process; 0 for none")
    parser.add_argument(
        "--flood", type=int, default=0, help="events of a flood, which is tested and timed alone"
    )
    arguments = parser.parse_args()
    if arguments.flood:
        sys.exit(_flood(arguments.flood))
    copying.copy, ObjectLake.bring = _timed(copying.copy), _timed(ObjectLake.bring)
    with tempfile.TemporaryDirectory() as work, contextlib.ExitStack() as stack:
        folder = Path(work)
        if arguments.deliveries:  # first: the peak of memory is the process's
            _many(folder / "many", arguments.deliveries)
        if not arguments.runs:
            return
        bill = _bill(folder / "bill", arguments.megabytes)
        size = bill.stat().st_size / 1e6
        print(f"a Parquet bill of {size:.0f} MB; best of {arguments.runs}, MB/s; median of the ratios")
        print(f"{'from':<6} {'to':<6}{'plain':>7}{'move':>7}{'land':>7}{'move/plain':>12}{'land/plain':>12}")
        _row("disk", "disk", size, arguments.runs, *_on_disk(bill, folder))
        for name in arguments.clouds:
            _cloud(name, bill, size, arguments.runs, folder, stack)


def _bill(folder: Path, megabytes: int) -> Path:
    """CUR 2.0 in Parquet whose bytes hardly compress; some 70 bytes a row."""
    folder.mkdir()
    rows = megabytes * 1_000_000 // 66
    duckdb.connect().execute(
        f"""
        copy (
            select '012345678901' as bill_payer_account_id,
                timestamp '2026-01-01' as bill_billing_period_start_date,
                timestamp '2026-01-01' + to_hours(cast(range % 744 as integer)) as line_item_usage_start_date,
                'Usage' as line_item_line_item_type, random() as line_item_unblended_cost,
                'USD' as line_item_currency_code, cast(uuid() as varchar) as line_item_resource_id,
                cast(uuid() as varchar) as identity_line_item_id,
                md5(cast(random() as varchar)) as line_item_operation
            from range({rows})
        ) to '{folder / "bill.parquet"}' (format parquet, compression zstd)
        """
    )
    return folder / "bill.parquet"


def _row(source: str, target: str, size: float, runs: int, plain: Callable, landing: Callable) -> None:
    taken: dict[str, list[float]] = {"plain": [], "move": [], "land": []}
    for number in range(runs + 1):  # the first is not counted
        for name, call in (("plain", plain), ("land", landing)):
            _moving.clear()
            began = time.perf_counter()
            call(number)
            if number:
                taken[name].append(time.perf_counter() - began)
                taken["move"] += [sum(_moving)] if name == "land" else []
    # whatever else the machine does only ever adds time, and to what is done right after another alike
    speeds = "".join(f"{size / min(taken[name]):>7.0f}" for name in taken)
    ratios = "".join(
        f"{statistics.median(map(truediv, taken['plain'], taken[name])):>12.2f}" for name in ("move", "land")
    )
    print(f"{source:<6} {target:<6}{speeds}{ratios}", flush=True)


def _timed(method: Callable) -> Callable:
    def call(*args, **options):
        began = time.perf_counter()
        try:
            return method(*args, **options)
        finally:
            _moving.append(time.perf_counter() - began)

    return call


def _hashed(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _on_disk(bill: Path, folder: Path) -> tuple[Callable, Callable]:
    def plain(number: int) -> None:
        digest = hashlib.sha256()
        with bill.open("rb") as source, (folder / f"plain-{number}").open("wb") as sink:
            while chunk := source.read(1 << 20):
                digest.update(chunk)
                sink.write(chunk)
            os.fsync(sink.fileno())

    return plain, lambda number: land("aws", str(bill.parent), folder / f"lake-{number}")


def _cloud(name: str, bill: Path, size: float, runs: int, folder: Path, stack: contextlib.ExitStack) -> None:
    from cloud_servers import Servers, upload

    cloud = Servers(folder / "servers", stack)[name]
    os.environ.update(cloud.environment)
    root = cloud.make("bench")
    upload(bill.parent, f"{root}/bills")
    bucket = buckets.open_bucket(buckets.address(root))

    def up(number: int) -> None:
        _hashed(bill)
        bucket.put(f"plain-{number}", bill)

    def down(number: int) -> None:
        digest = hashlib.sha256()
        target = folder / f"{name}-plain-{number}"
        with (
            open_store(f"{root}/bills/bill.parquet").open("bill.parquet") as source,
            target.open("wb") as sink,
        ):
            while chunk := source.read(PART):
                digest.update(chunk)
                sink.write(chunk)
            os.fsync(sink.fileno())

    def through(number: int) -> None:
        down(number)
        bucket.put(f"through-{number}", folder / f"{name}-plain-{number}")

    source = f"{root}/bills/"
    _row("disk", name, size, runs, up, lambda number: land("aws", str(bill.parent), f"{root}/up-{number}"))
    _row(name, "disk", size, runs, down, lambda number: land("aws", source, folder / f"{name}-lake-{number}"))
    _row(name, name, size, runs, through, lambda number: land("aws", source, f"{root}/lake-{number}"))


def _flood(events: int) -> int:
    """A flood of events in a queue, worked off and timed by the test of it."""
    test = Path(__file__).resolve().parents[2] / "tests" / "clouds" / "test_flood.py"
    command = [sys.executable, "-m", "pytest", "-q", "-s", str(test)]
    return subprocess.run(command, env=os.environ | {"CLOUDTALLY_FLOOD": str(events)}).returncode


def _many(folder: Path, count: int) -> None:
    """Small bills, into one lake on disk by a landing each, and into another by one landing of them all."""
    from tiny_bills import Bills

    bills = Bills(folder / "bills")
    bill = bills.cur2("bill.parquet")
    told = _Told("a landing each", count)
    for number in range(1, count + 1):
        assert land("aws", str(bill), folder / "lake", scope=f"s{number}").landed
        told.landed(number)
    exports = Bills(folder / "exports")
    for number in range(count):
        exports.export(f"{2010 + number // 12}-{number % 12 + 1:02}")
    told, begun = _Told("one landing", count), []

    def copied(label: str, done: int, total: int) -> None:
        if label not in begun[-1:]:
            begun.append(label)
            told.landed(len(begun) - 1)

    assert len(land("aws", str(exports.root), folder / "other", progress=copied).landed) == count
    told.landed(count)


class _Told:
    """Prints seconds and the process's peak of memory after some of the landings."""

    def __init__(self, title: str, count: int) -> None:
        self._began = time.perf_counter()
        self._shown = {10, count // 10, count // 2, count}
        print(f"{title:<16}{'seconds':>8} {'peak MB':>8}")

    def landed(self, number: int) -> None:
        if number in self._shown:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
            print(f"{number:>16}{time.perf_counter() - self._began:>8.1f} {peak:>8.0f}", flush=True)


if __name__ == "__main__":
    main()
