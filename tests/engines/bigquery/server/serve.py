"""BigQuery emulated: bqemulator, with external tables over Parquet files and a record of every statement.

Run in the environment beside this file: `serve.py FOLDER BUCKETS`. Buckets are folders of BUCKETS, `gs://name/…` is
`BUCKETS/name/…`. FOLDER gets `port` once the server listens, and `statements.jsonl`: one line for each statement, with
the error that it met. What belongs here is only what the emulator lacks and dbt needs; what it gets wrong is not mended
but shunned by our SQL, or said in docs/engines/bigquery.md.
"""

import json
import sys
import time
from pathlib import Path

import external_tables
import loads
from bqemulator import config, server
from bqemulator.api.routes import jobs, upload
from bqemulator.domain.errors import DomainError, InvalidQueryError
from bqemulator.jobs import executor
from bqemulator.sql import inner_query
from bqemulator.storage.engine import DuckDBEngine
from sqlglot import exp
from sqlglot.generators.duckdb import DuckDBGenerator


def main(folder: Path, buckets: Path) -> None:
    # no bill has a place on the globe, and the extension would be fetched from outside
    DuckDBEngine._load_spatial = lambda self: None
    # nobody's rows are hidden here, and to hide them the text of every view is put into what reads it, all the way down
    inner_query.rewrite_for_row_access = lambda sql, **_: sql
    # types are needed for averages of decimals alone, and with them a star is written out, nested columns left out
    inner_query.build_catalog_schema = lambda *_, **__: {}
    # a bignumeric of no stated places would keep five; the ledger's money has twelve
    DuckDBGenerator.TYPE_PARAM_SETTINGS[exp.DType.BIGDECIMAL] = ((38, 12), (38, 38))
    settings = config.Settings(
        rest_port=0,
        grpc_port=0,
        default_project_id="cloudtally",
        gcs_local_root=buckets,
        enable_format_extensions=False,
        # what a table held before each statement would be copied, each time
        time_travel_retention_days=0,
        log_level=config.LogLevel.WARNING,
    )
    record = recorder(folder / "statements.jsonl")
    jobs.execute_query_job = recorded(jobs.execute_query_job, record)
    upload.execute_load_job = loads.recorded(upload.execute_load_job, record)
    executor._LOAD_FORMAT_HANDLERS["CSV"] = loads.load_csv
    emulator = server.EmulatorServer(settings)
    start = emulator.start

    async def start_and_tell() -> None:
        await start()
        written = folder / "port.part"
        written.write_text(str(emulator.rest_port))
        written.rename(folder / "port")

    emulator.start = start_and_tell
    emulator.run_forever()


def recorder(path: Path):
    """A function that adds a statement and its error, if any, to a file."""

    def record(sql: str, error: str | None = None, seconds: float = 0.0) -> None:
        with path.open("a") as lines:
            lines.write(json.dumps({"sql": sql, "error": error, "seconds": round(seconds, 3)}) + "\n")

    return record


def recorded(execute, record):
    """The function that runs a query's job, with external tables, telling `record` each statement."""

    async def execute_and_record(project_id, job_id, sql, parameters, context, **options):
        error, began = None, time.monotonic()
        try:
            table = external_tables.declared(sql, project_id)
            if table:
                external_tables.create(table, context)
            # the client wants a job of every statement
            done = "select 1 from unnest([1]) as one where one = 2" if table else sql
            return await execute(project_id, job_id, done, parameters, context, **options)
        except DomainError as failure:
            error = str(failure)
            raise
        except Exception as failure:
            error = repr(failure)
            # any other error is one of the server to the client, which then asks again for ten minutes
            raise InvalidQueryError(error) from failure
        finally:
            record(sql, error, time.monotonic() - began)

    return execute_and_record


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
