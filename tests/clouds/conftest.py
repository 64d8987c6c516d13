"""Fixtures of the tests against the clouds' protocols: a server for each, and a fresh bucket in it.

Here: fixtures. Not here: the servers themselves (cloud_servers.py, bigquery_server.py).
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "ingestion"))
from bigquery_server import bigquery, proxy, table  # noqa: E402, F401
from cloud_servers import Cloud, Servers  # noqa: E402
from tiny_bills import Bills  # noqa: E402


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "cloud" in metafunc.fixturenames:
        metafunc.parametrize("cloud", ["s3", "azure", "gs"], indirect=True)


@pytest.fixture(scope="session")
def servers(tmp_path_factory) -> Iterator[Servers]:
    with contextlib.ExitStack() as stack:
        yield Servers(tmp_path_factory.mktemp("servers"), stack)


@pytest.fixture
def enter(servers, monkeypatch) -> Callable[[str], Cloud]:
    """Start a cloud and set this process up to find it."""
    pytest.importorskip("obstore", reason="needs the extra cloud: uv sync --all-extras")

    def to(name: str) -> Cloud:
        found = servers[name]
        for key, value in found.environment.items():
            monkeypatch.setenv(key, value)
        return found

    return to


@pytest.fixture
def cloud(request, enter) -> Cloud:
    return enter(request.param)


_made = iter(range(1, 1_000_000))


@pytest.fixture
def bucket(cloud) -> str:
    return cloud.make(f"bucket-{next(_made)}")


@pytest.fixture
def bills(tmp_path) -> Bills:
    (tmp_path / "source").mkdir()
    return Bills(tmp_path / "source")
