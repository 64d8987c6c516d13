"""Fixtures of the landing tests: a source folder to write bills into, and a lake that does not exist yet."""

from pathlib import Path

import pytest
from tiny_bills import Bills


@pytest.fixture
def bills(tmp_path) -> Bills:
    (tmp_path / "source").mkdir()
    return Bills(tmp_path / "source")


@pytest.fixture
def lake(tmp_path) -> Path:
    return tmp_path / "lake"
