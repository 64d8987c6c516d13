"""A landing killed before each of its changes to the lake: a delivery is there whole or not at all."""

import os
import subprocess
import sys
from pathlib import Path

from tiny_bills import cur_row, stored

from ingestion import land
from ingestion.lake import Lake

ROOT = Path(__file__).resolve().parents[2]

# In a lake of its own for each change: the landing dies before that change. Python tells of each by an audit event.
KILLED = """
import os, signal, sys
from ingestion import land
bill, lakes = sys.argv[1:]
CHANGES = ("os.mkdir", "os.rename", "os.link", "os.rmdir", "os.remove", "open", "shutil.rmtree")
number = 0
while True:
    number += 1
    lake = os.path.join(lakes, str(number))
    child = os.fork()
    if child == 0:
        seen = 0
        def watch(event, arguments):
            global seen
            if event not in CHANGES or not str(arguments[0]).startswith(lake):
                return
            if event == "open" and not (isinstance(arguments[1], str) and arguments[1][0] in "wxa"):
                return
            seen += 1
            if seen == number:
                os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(watch)
        land("aws", bill, lake)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status):
        assert os.WEXITSTATUS(status) == 0
        break
"""


def test_killed_at_every_step_of_a_landing(bills, tmp_path):
    bill = bills.write("a.csv", [cur_row()])
    (whole,) = land("aws", str(bill), tmp_path / "whole").landed
    expected = stored(tmp_path / "whole")
    subprocess.run(
        [sys.executable, "-c", KILLED, str(bill), str(tmp_path / "lakes")],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=True,
    )
    lakes = sorted((tmp_path / "lakes").iterdir(), key=lambda lake: int(lake.name))
    outcomes = []
    for lake in lakes[:-1]:
        before = [delivery.delivery_id for delivery in Lake(lake).deliveries()]
        again = land("aws", str(bill), lake)
        assert len(again.landed) + len(again.skipped) == 1, lake.name
        assert len(again.skipped) == len(before), lake.name
        assert [delivery.delivery_id for delivery in Lake(lake).deliveries()] == [whole.delivery_id]
        outcomes.append(len(before))
        land("aws", str(bills.write("b.csv", [cur_row()] * 2)), lake, scope="other")
        left = [name for name in stored(lake) if "/other/" not in name]
        assert left == expected, lake.name
        (bills.root / "b.csv").unlink()
    assert len(outcomes) > 8 and outcomes == sorted(outcomes) and {0, 1} == set(outcomes)
