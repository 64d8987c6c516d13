"""One small estate for all tests of the generator.

Belongs here: fixtures. Does not: tests.
"""

from pathlib import Path

import duckdb
import pytest
from raw_files import SMALL, raw_views

from demo import generate


@pytest.fixture(scope="session")
def small(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("small")
    generate(out, **SMALL)
    return out


@pytest.fixture(scope="session")
def raw(small) -> duckdb.DuckDBPyConnection:
    return raw_views(small)
