"""Many deliveries of one run: what each costs does not grow with how many there are."""

from collections import Counter

import pytest
from tiny_bills import Bills, cur_row

from ingestion import land
from ingestion.lake import Lake


@pytest.fixture
def calls(monkeypatch):
    """How often a lake's folders were looked through, and its records and small files read."""
    made = Counter()

    def counting(name):
        method = getattr(Lake, name)

        def call(self, *args):
            made[name] += 1
            return method(self, *args)

        return call

    for name in ("_glob", "_read", "text", "event_names"):
        monkeypatch.setattr(Lake, name, counting(name))
    return made


@pytest.mark.parametrize("there", [0, 5])
def test_one_run_looks_through_the_lake_once_however_much_it_lands(bills, lake, calls, there):
    for number in range(there):
        land("aws", str(bills.write("a.csv", [cur_row()])), lake, scope=f"s{number}")
    made = {}
    for count in (1, 2, 6):
        exports = Bills(bills.root / f"{count}")
        for month in range(1, count + 1):
            exports.export(f"2026-{month:02}")
        calls.clear()
        assert len(land("aws", str(exports.root), lake, scope=f"of-{count}").landed) == count
        assert (calls["_glob"], calls["_read"], calls["event_names"]) == (1, there, 1)
        made[count] = calls["text"]
        there += count
    assert made[6] - made[2] == 4 * (made[2] - made[1])


def test_a_run_sees_what_another_landed_meanwhile(bills, lake):
    """The second export of this run is landed by another while the first is copied."""
    bills.export("2026-01")
    bills.export("2026-02")
    others = []

    def land_beside(label, done, total):
        if not others:
            others.append(None)
            others[0] = land("aws", str(bills.root), lake)

    result = land("aws", str(bills.root), lake, progress=land_beside)
    assert (len(others[0].landed), len(result.landed), len(result.skipped)) == (2, 0, 2)
    assert len(Lake(lake).deliveries()) == 2
