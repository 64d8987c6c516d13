"""A dedicated SQL pool's T-SQL over a DuckDB file: as much as this project and its adapter say, with the pool's own rules.

Nothing here knows dbt; ../odbc shows it as an ODBC driver, ../rig.py starts and ends it.
"""

from .engine import Pool, Result
from .errors import PoolError

__all__ = ["Pool", "PoolError", "Result"]
