"""Published copies of a larger company, for `benchmarks.report_site`: the demo's, each service divided.

Here: dividing services and resources of the published Parquet. Months and money stay as they are, so that
forecasts, budgets and bills of higher levels still fit. Not here: what is measured.
"""

from __future__ import annotations

import math
from pathlib import Path

import duckdb

from orchestration import publishing, reporting

# what divides with the service: names that stay distinct, and what adds up
_NAMES = ("service_name", "resource_id", "series_id", "event_id")
_SUMS = ("_cost", "_quantity", "numerator", "denominator")


def divide(published: Path, lake: Path, services: int) -> int:
    """Write copies with at least `services` pairs of provider and service to `<lake>/published`; how many
    there are."""
    folder = lake / publishing.FOLDER
    folder.mkdir(parents=True)
    with duckdb.connect() as connection:
        [(found,)] = connection.execute(
            f"select count(distinct (provider, service_name)) from '{published / 'daily_cost.parquet'}'"
        ).fetchall()
        parts = math.ceil(services / found)
        for mart in sorted(reporting.marts()):
            file = published / f"{mart}.parquet"
            types = {
                name: type_ for name, type_, *_ in connection.execute(f"describe from '{file}'").fetchall()
            }
            if mart == "cost_and_usage" or "service_name" not in types:  # of the ledger only names are read
                (folder / file.name).symlink_to(file)
                continue
            columns = ", ".join(_column(name, type_, parts) for name, type_ in types.items())
            connection.execute(
                f"copy (select {columns} from '{file}' cross join range({parts}) as parts (part) "
                f"where service_name is not null or part = 0) to '{folder / file.name}' (format parquet)"
            )
    return found * parts


def _column(name: str, type_: str, parts: int) -> str:
    """The select item that gives each part its own name, or its share of what adds up."""
    if name in _NAMES:
        told = f"case when part = 0 then {name} else {name} || ' ' || (part + 1) end"
    elif name.endswith(_SUMS) and (type_ == "DOUBLE" or type_.startswith("DECIMAL")):
        told = f"case when service_name is null then {name} else cast({name} / {parts} as {type_}) end"
    else:
        return f'"{name}"'
    return f'{told} as "{name}"'
