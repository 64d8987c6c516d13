"""A table of intelligence made outside of dbt, for engines that run no Python: read, compute, land.

Here: the three steps, the same for all tables. Not here: which function fills which table from what
(intelligence/computed.py), and when it is made (flow/intelligence.py).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import pandas as pd

from ingestion import environment
from orchestration import history, relations
from orchestration.lake_files import LakeFiles, open_files
from orchestration.staging import SHAPES


@dataclass(frozen=True)
class Computed:
    """A table that was made: how many rows and bytes it has, and how long its parts took."""

    rows: int
    bytes: int
    read_seconds: float
    compute_seconds: float


def compute(table: str, manifest: Mapping[str, Any], target: str) -> Computed:
    """Make a table anew from its relations on the target, and land it in the lake for its SQL twin.

    `manifest` is dbt's of the target, as JSON: it has the table's settings. Raises WarehouseError when the
    target cannot be read, LandingError when the lake's bucket cannot be reached, and what the function
    raises.
    """
    from intelligence import computed  # it brings in all of intelligence

    shape = SHAPES.get(target)
    lake = open_files(environment.lake())
    began = time.monotonic()
    frames = relations.frames(computed.relations(table), manifest, target)
    for name, of in computed.remembered(table).items():
        frames[name] = _last(lake, history.path(of, shape))
    told = manifest["nodes"][f"model.cloudtally.{table}"]["config"]["meta"]
    settings = {name: told[name] for name in computed.settings(table)}
    read = time.monotonic()
    rows = computed.TABLES[table](**frames, **settings)
    done = time.monotonic()
    size = history.write(lake, table, shape, rows)
    return Computed(rows.num_rows, size, round(read - began, 3), round(done - read, 3))


def _last(lake: LakeFiles, path: str) -> pd.DataFrame | None:
    """The rows of the run before; none before the first."""
    if path not in lake.names(path.rsplit("/", 1)[0]):
        return None
    with duckdb.connect() as connection:
        lake.readable_by(connection)
        return connection.execute("from read_parquet(?)", [lake.uri(path)]).df()
