"""The engines that the project builds on, by the name of their dbt target.

Here: the names alone. Not here: their connections (profiles.yml).
"""

TARGETS = ("duckdb", "bigquery", "athena", "synapse")  # the first is the default
