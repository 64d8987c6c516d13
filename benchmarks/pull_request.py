"""`python -m benchmarks.pull_request`: how long `make pr` takes for a pull request that changes one model.

Here: a clone in build/, its base built once, then each line of `make pr` timed for a new mart (CONTRIBUTING's
example) and for a change of `daily_cost`, on which much hangs. Not here: what the lines do.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOM = ROOT / "build" / "pull-request"
MART = "models/marts/costs/daily_provider_cost"
CHANGED = "models/marts/costs/daily_cost.sql"
PROMISES = """version: 2

models:
  - name: daily_provider_cost
    description: Cost by day and provider. Use it for one line a provider; never add across billing_currency.
    config:
      meta:
        grain: one row per day, provider and currency
    columns:
      - {name: charge_date, data_type: "date", description: "{{ doc('charge_date') }}"}
      - {name: provider, data_type: "varchar", description: "{{ doc('provider') }}"}
      - {name: billing_currency, data_type: "varchar", description: "{{ doc('billing_currency') }}"}
      - {name: effective_cost, data_type: "decimal(38, 12)", description: "{{ doc('effective_cost') }}"}
    data_tests:
      - unique_together:
          arguments: {columns: [charge_date, provider, billing_currency]}
      - not_null_when:
          arguments: {column: [charge_date, provider, billing_currency]}
"""


def main() -> None:
    """Print the seconds of each line, and whether it passed."""
    shutil.rmtree(ROOM, ignore_errors=True)
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(ROOM)], check=True)
    print("| line of `make pr` | base, once | a new mart | daily_cost changed |\n| --- | --: | --: | --: |")
    columns = [times(change) for change in (lambda: None, add_a_mart, change_a_mart)]
    for line in columns[0]:
        print(f"| `{shown(line)}` | {' | '.join(f'{column[line]:.0f} s' for column in columns)} |")
    print(f"| all | {' | '.join(f'{sum(column.values()):.0f} s' for column in columns)} |")


def times(change) -> dict[str, float]:
    """Make the change in the clone as it was cloned, and time each line of `make pr`."""
    run("git clean --quiet --force models && git checkout --quiet .")
    change()
    found = {}
    for line in lines():
        began = time.monotonic()
        run(line)
        found[line] = time.monotonic() - began
    return found


def add_a_mart() -> None:
    """The example that CONTRIBUTING gives, with what the house rules ask of it."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    [block] = re.findall(r"^ *```sql\n(.*?)^ *```", page, re.S | re.M)
    indent = len(block) - len(block.lstrip())
    sql = "\n".join(line[indent:] for line in block.splitlines()).strip()
    (ROOM / f"{MART}.sql").write_text(f"{sql}\n")
    (ROOM / f"{MART}.yml").write_text(PROMISES)


def change_a_mart() -> None:
    """A comment is a change to dbt, and all that hangs on the mart is built again."""
    file = ROOM / CHANGED
    file.write_text(f"{file.read_text()}-- looked at again\n")


def lines() -> list[str]:
    told = run("make --no-print-directory -n pr PR_BASE=HEAD").replace("\\\n", " ")
    return [line.strip() for line in told.splitlines() if line.strip() and not line.startswith("make")]


def shown(line: str) -> str:
    command = re.search(r"uv run (.*)", line)
    return command[1] if command else line


def run(line: str) -> str:
    """Run it in the clone, with this environment's programs and no other. Raises CalledProcessError."""
    told = {"UV_PROJECT_ENVIRONMENT": sys.prefix, "UV_NO_SYNC": "1", "PYTHONPATH": str(ROOM)}
    ended = subprocess.run(
        line,
        shell=True,
        cwd=ROOM,
        env=os.environ | told,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if ended.returncode:
        sys.exit(f"{line}\n{ended.stdout}")
    return ended.stdout


if __name__ == "__main__":
    main()
