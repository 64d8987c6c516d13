"""What `tally doctor --target` asks of a warehouse: signing in, writing, reading the bills, understanding.

Here: the questions in the order in which they must be answered; one that fails ends them, since the next lean
on it. Not here: this machine and its lake (doctor.py), and the queries (macros/lake/doctor.sql).
"""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator

from ingestion import environment
from orchestration import building
from orchestration.doctor import Finding
from orchestration.warehouse import WarehouseError

SCHEMES = {"athena": ("s3",), "bigquery": ("gs",), "synapse": ("abfss", "abfs")}
MARK = "doctor:"  # what the macro's answers begin with


def engine(target: str) -> Iterator[Finding]:
    """The findings of a target, until the first fault."""
    for question in (_extra, _lake_address, _sign_in, _account, _dialect):
        for finding in question(target):
            yield finding
            if finding.level == "fault":
                return


def _extra(target: str) -> Iterator[Finding]:
    if importlib.util.find_spec(f"dbt.adapters.{target}"):
        yield Finding("ok", f"extra {target}", "installed")
    else:
        yield Finding("fault", f"extra {target}", "not installed", f"uv sync --extra {target}")
    if target == "synapse":
        yield from _odbc()


def _odbc() -> Iterator[Finding]:
    try:
        import pyodbc
    except ImportError as error:
        remedy = "install unixODBC, and Microsoft's ODBC Driver 18 for SQL Server"
        yield Finding("fault", "odbc", str(error), remedy)
        return
    drivers = pyodbc.drivers()
    level = "ok" if drivers else "fault"
    remedy = "" if drivers else "install Microsoft's ODBC Driver 18 for SQL Server"
    yield Finding(level, "odbc", f"drivers: {', '.join(drivers) or 'none'}", remedy)


def _lake_address(target: str) -> Iterator[Finding]:
    lake, fitting = environment.lake(), SCHEMES[target]
    if environment.scheme(lake) in fitting:
        yield Finding("ok", "lake", lake)
    else:
        remedy = f"set CLOUDTALLY_LAKE to the {fitting[0]}:// address to which the staged files were copied"
        yield Finding("note", "lake", f"{target} does not read {lake}", remedy)


def _sign_in(target: str) -> Iterator[Finding]:
    fault = building.debug(target)
    if fault:
        yield Finding("fault", "sign-in", fault, f"docs/engines/{target}.md, Settings and Signing in")
    else:
        yield Finding("ok", "sign-in", f"dbt debug reaches {target}")


def _account(target: str) -> Iterator[Finding]:
    """Its settings, the right to write, and whether each listed delivery's rows are read."""
    told: list[str] = []
    try:
        building.operation("doctor", target, heard=told.append)
    except WarehouseError as error:
        yield Finding("fault", "permissions", str(error), f"docs/engines/{target}.md, Permissions")
        return
    for answer in (json.loads(line.removeprefix(MARK)) for line in told if line.startswith(MARK)):
        yield Finding(answer["level"], answer["subject"], answer["said"], answer["remedy"])


def _dialect(target: str) -> Iterator[Finding]:
    """Whether the engine gives the expected value of every expression that the models are made of."""
    outcome = building.test(["path:tests/dialect"], target)
    wrong = [re.sub(r"\s+", " ", f"{failure.name} {failure.message}")[:300] for failure in outcome.failures]
    if wrong:
        remedy = f"the compiled queries stand beside {outcome.log}; please report what differs"
        yield Finding("fault", "expressions", "; ".join(wrong), remedy)
    else:
        yield Finding(
            "ok", "expressions", f"{outcome.total} of {outcome.total} mean here what they mean on DuckDB"
        )
