"""The entry point that Cloud Functions looks for; all else is ingestion/handlers/gcp_function.py's."""

from ingestion.handlers.gcp_function import handler as land

__all__ = ["land"]
