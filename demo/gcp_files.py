"""The Google Cloud bill as files exported from BigQuery: Parquet of one table, by time of append.

Belongs here: paths and the cut by export_time. Does not: the rows.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa

from demo.gcp_catalog import ACCOUNT
from demo.rows import set_time, write_parquet

TABLE = f"gcp_billing_export_resource_v1_{ACCOUNT.replace('-', '_')}"


def write(table: pa.Table, folder: Path) -> None:
    """One file for each half month of export_time; a file's time is its newest row's."""
    times = table["export_time"].to_numpy().astype("datetime64[us]")
    months = times.astype("datetime64[M]")
    second_half = (times - months.astype("datetime64[us]")) >= np.timedelta64(15, "D")
    halves = months.astype(int) * 2 + second_half
    for number, half in enumerate(np.unique(halves)):
        rows = np.flatnonzero(halves == half)
        rows = rows[np.argsort(times[rows], kind="stable")]
        path = folder / TABLE / f"{TABLE}-{number:012d}.parquet"
        write_parquet(table.take(pa.array(rows)), path)
        set_time(path, times[rows].max())
