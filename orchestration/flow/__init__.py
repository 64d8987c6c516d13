"""The flow as Dagster sees it: bills, the dbt project, checks and published copies as assets with lineage and
reruns.

Here: what Dagster needs to know, one module per kind of definition. Not here: landing (ingestion), dbt's
models, and publishing, which work without Dagster. Nothing outside this package may import Dagster: it is an
optional extra.
"""
