"""Athena without Azure: a stand-in for a dedicated SQL pool, and a judge of the T-SQL that dbt sends to it."""
