"""What Dagster adds: to the start of a process, and to a run of dbt."""
