"""The rig of Synapse: a folder with a stand-in pool, and what dbt needs to take it for a real one.

No server: dbt's process opens the pool's file itself, through the `pyodbc` in odbc/. So while dbt runs nothing else can look
into the pool, and `query` waits until no other process has the file. Everything runs in the project's own environment.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from .pool import Pool
from .pool.engine import MOUNTS, STATEMENTS

HERE = Path(__file__).parent
DATABASE = "pool"
ACCOUNT = "abfss://lake@rig.dfs.core.windows.net"


class Rig:
    target = "synapse"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            "CLOUDTALLY_RIG_FOLDER": str(folder),
            "CLOUDTALLY_SYNAPSE_SERVER": "rig.sql.azuresynapse.net",
            "CLOUDTALLY_SYNAPSE_DATABASE": DATABASE,
            "CLOUDTALLY_SYNAPSE_AUTHENTICATION": "sql",
            "CLOUDTALLY_SYNAPSE_USER": "rig",
            "CLOUDTALLY_SYNAPSE_PASSWORD": "no secret",
            "CLOUDTALLY_SYNAPSE_RETRIES": "0",
            "CLOUDTALLY_SYNAPSE_THREADS": "2",
            "PYTHONPATH": os.pathsep.join([str(HERE / "odbc"), str(HERE), str(HERE.parents[2])]),
        }

    def lake_uri(self, lake: Path) -> str:
        """The lake's storage URI; its folder is mounted under it, not copied."""
        mounts = json.loads(self._mounts.read_text()) if self._mounts.exists() else {}
        uri = next((uri for uri, path in mounts.items() if path == str(lake)), f"{ACCOUNT}/{len(mounts)}")
        self._mounts.write_text(json.dumps(mounts | {uri: str(lake)}))
        return uri

    def refresh(self, lake: Path) -> None:
        """Nothing to do: an external table reads the files as they are."""

    def query(self, sql: str) -> tuple[list[str], list[tuple]]:
        """Columns and rows of a T-SQL query, run in the pool itself. Raises PoolError as the pool does."""
        pool = self._opened()
        try:
            results = [result for result in pool.session().execute(sql) if result.columns is not None]
        finally:
            pool.close()
        return [name for name, _ in results[-1].columns or []], results[-1].rows

    def statements(self) -> list[str]:
        """Every batch that dbt sent, in order."""
        log = self.folder / STATEMENTS
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    @property
    def _mounts(self) -> Path:
        return self.folder / MOUNTS

    def _opened(self, patience: float = 30) -> Pool:
        deadline = time.monotonic() + patience
        while True:
            try:
                return Pool(self.folder, DATABASE)
            except duckdb.IOException:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)


@contextmanager
def running(folder: Path) -> Iterator[Rig]:
    """A rig whose pool, log and mounts live in `folder`; an earlier rig's state there is taken up again."""
    folder.mkdir(parents=True, exist_ok=True)
    yield Rig(folder)
