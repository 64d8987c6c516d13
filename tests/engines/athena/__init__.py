"""Athena without AWS: a stand-in server, and a judge of the SQL that dbt sends to it."""
