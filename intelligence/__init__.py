"""Anomalies, forecasts and commitments as pure functions: frames in, frames out.

All is imported at once: dbt runs Python models side by side, and of two threads that import parts of a package
in two orders one sees a module that is half made.
"""

from intelligence import tables as tables
