"""The little server behind `tally report --serve`: ranges, compression, and nothing above its folder."""

from __future__ import annotations

import gzip
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.static_site import serving


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("<h1>home</h1>" * 100)
    (site / "data.parquet").write_bytes(bytes(range(100)))
    (tmp_path / "secret").write_text("no")
    with serving(site) as url:
        yield url


def get(address: str, **headers: str):
    return urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=10)


@pytest.mark.parametrize(
    ("asked", "got", "told"),
    [
        ("bytes=10-19", bytes(range(10, 20)), "bytes 10-19/100"),
        ("bytes=90-", bytes(range(90, 100)), "bytes 90-99/100"),
        ("bytes=-8", bytes(range(92, 100)), "bytes 92-99/100"),
        ("bytes=95-400", bytes(range(95, 100)), "bytes 95-99/100"),
    ],
)
def test_a_part_is_a_part(url: str, asked: str, got: bytes, told: str) -> None:
    answer = get(f"{url}/data.parquet", Range=asked)
    assert (answer.status, answer.read(), answer.headers["Content-Range"]) == (206, got, told)


def test_a_part_beyond_the_end_is_refused(url: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="416"):
        get(f"{url}/data.parquet", Range="bytes=100-")


def test_pages_are_compressed_for_who_can_read_that(url: str) -> None:
    answer = get(f"{url}/index.html", **{"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.read()).startswith(b"<h1>home")
    assert get(f"{url}/").read().startswith(b"<h1>home")
    assert get(f"{url}/data.parquet").headers["Accept-Ranges"] == "bytes"


def test_nothing_above_the_folder_is_served(url: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get(f"{url}/../secret")
