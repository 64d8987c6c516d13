"""BigQuery emulated: bqemulator, with external tables over Parquet files and a record of every statement.

Run in the environment beside this file: `serve.py FOLDER BUCKETS`. Buckets are folders of BUCKETS, `gs://name/…` is
`BUCKETS/name/…`. FOLDER gets `port` once the server listens, and `statements.jsonl`: one line for each statement, with
the error that it met. What belongs here is only what the emulator lacks and dbt needs; what it gets wrong is not mended
but shunned by our SQL, or said in docs/engines/bigquery.md.
"""

import json
import sys
from pathlib import Path

import external_tables
from bqemulator import config, server
from bqemulator.api.routes import jobs
from bqemulator.storage.engine import DuckDBEngine


def main(folder: Path, buckets: Path) -> None:
    # no bill has a place on the globe, and the extension would be fetched from outside
    DuckDBEngine._load_spatial = lambda self: None
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
    jobs.execute_query_job = recorded(jobs.execute_query_job, folder / "statements.jsonl")
    emulator = server.EmulatorServer(settings)
    start = emulator.start

    async def start_and_tell() -> None:
        await start()
        written = folder / "port.part"
        written.write_text(str(emulator.rest_port))
        written.rename(folder / "port")

    emulator.start = start_and_tell
    emulator.run_forever()


def recorded(execute, path: Path):
    """The function that runs a query's job, with external tables, recording each statement in a file."""

    async def execute_and_record(project_id, job_id, sql, parameters, context, **options):
        error = None
        try:
            table = external_tables.declared(sql, project_id)
            if table:
                external_tables.create(table, context)
            # the client wants a job of every statement
            done = "select 1 from unnest([1]) as one where one = 2" if table else sql
            return await execute(project_id, job_id, done, parameters, context, **options)
        except Exception as failure:
            error = str(failure)
            raise
        finally:
            with path.open("a") as record:
                record.write(json.dumps({"sql": sql, "error": error}) + "\n")

    return execute_and_record


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
