"""Load jobs as BigQuery has them, where the emulator differs: an empty field of a CSV file is an empty text, not null."""

from bqemulator.jobs import executor


def load_csv(path: str, target: str, context) -> None:
    """Append a CSV file with a header to a table. Stands in for the emulator's reader."""
    kinds = context.engine.execute(f"describe {target}").fetchall()
    texts = [f'"{name}"' for name, kind, *_ in kinds if kind == "VARCHAR"]
    kept = f", force_not_null ({', '.join(texts)})" if texts else ""
    context.engine.execute(f"copy {target} from ? (format csv, header{kept})", [path])


def recorded(execute, record):
    """The function that runs a load job, telling `record` the statement that would have made the table."""

    async def execute_and_record(project_id, job_id, config, context):
        done = await execute(project_id, job_id, config, context)
        job = executor._parse_load_job_config(project_id, config)
        fields = (job.raw_config.get("schema") or {}).get("fields", [])
        columns = ", ".join(f"`{field['name']}` {field['type']}" for field in fields)
        record(
            f"create table if not exists `{job.project_id}`.`{job.dataset_id}`.`{job.table_id}` ({columns})"
        )
        return done

    return execute_and_record
