"""A cloud's server, fresh buckets in it, and what is in them.

Here: starting servers, and the environment by which the landing finds them. Not here: installing them
(emulators.py), and assertions.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import os
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import emulators
import pytest

from ingestion import buckets

# azurite's own account and key, the same everywhere
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
PLANTED = "planted-secret-of-aws"


@dataclass(frozen=True)
class Cloud:
    """A server, the environment that leads to it, and how a bucket is made in it."""

    name: str
    port: int
    environment: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def make(self, name: str) -> str:
        """The URI of a new bucket."""
        if self.name == "s3":
            import boto3

            boto3.client("s3", endpoint_url=self.url).create_bucket(Bucket=name)
            return f"s3://{name}"
        if self.name == "azure":
            _make_container(self.port, name)
            return f"abfss://{name}@{ACCOUNT}.dfs.core.windows.net"
        request = urllib.request.Request(
            f"{self.url}/storage/v1/b?project=lab", json.dumps({"name": name}).encode(), method="POST"
        )
        urllib.request.urlopen(request).close()
        return f"gs://{name}"


class Servers(dict[str, Cloud]):
    """Each is started when it is first asked for; a test skips whose server cannot be had."""

    def __init__(self, root: Path, stack: contextlib.ExitStack) -> None:
        super().__init__()
        self._root, self._stack = root, stack

    def __missing__(self, name: str) -> Cloud:
        command = {"s3": emulators.ministack, "azure": emulators.azurite, "gs": emulators.google}[name]()
        if command is None:
            pytest.skip(f"the server for {name} {emulators.MISSING}")
        port, folder = emulators.free_port(), self._root / name
        url, more = f"http://127.0.0.1:{port}", {}
        if name == "s3":
            more = {"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port), "MINISTACK_REGION": "us-east-1"}
            more |= {"LAMBDA_EXECUTOR": "local"}
            environment = {"AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "test", "AWS_REGION": "us-east-1"}
            environment |= {"AWS_SECRET_ACCESS_KEY": PLANTED, "AWS_DEFAULT_REGION": "us-east-1"}
        elif name == "azure":
            command += ["--blobPort", str(port), "-l", "data"]
            environment = {"AZURE_STORAGE_ENDPOINT": f"{url}/{ACCOUNT}", "AZURE_STORAGE_ACCOUNT_KEY": KEY}
        else:
            command += ["-port", str(port), "-public-host", f"127.0.0.1:{port}", "-external-url", url]
            command += ["-backend", "filesystem", "-filesystem-root", str(folder / "data")]
            environment = {"STORAGE_EMULATOR_HOST": url}
        self._stack.enter_context(emulators.running(command, url, folder, **more))
        self[name] = Cloud(name, port, environment)
        return self[name]


def upload(folder: Path, uri: str) -> None:
    """All files of a folder, those named *anifest.json last, as the clouds' exports are written."""
    at = buckets.address(uri)
    store = buckets.open_bucket(at)
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    for path in sorted(files, key=lambda path: path.name.endswith("anifest.json")):
        assert store.put("/".join(filter(None, (at.path, path.relative_to(folder).as_posix()))), path)


def contents(uri: str) -> dict[str, bytes]:
    """Every object below a URI, by its path from there."""
    at = buckets.address(uri)
    store = buckets.open_bucket(at)
    prefix = f"{at.path}/" if at.path else ""
    return {
        found.path.removeprefix(prefix): bytes(store.read(found, 0, found.size))
        for found in store.list(prefix)
    }


def whole(lake, delivery) -> bool:
    """Whether the delivery's files are in the lake, and are what its record says."""
    held = contents(f"{lake}/raw")
    named = {name.rpartition("/")[2]: data for name, data in held.items() if delivery.delivery_id in name}
    sums = {file.path: hashlib.sha256(named[file.path]).hexdigest() for file in delivery.files}
    return sums == {file.path: file.sha256 for file in delivery.files} and "delivery.json" in named


def _make_container(port: int, name: str) -> None:
    date = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    text = "PUT" + "\n" * 12 + f"x-ms-date:{date}\nx-ms-version:2021-12-02\n"
    text += f"/{ACCOUNT}/{ACCOUNT}/{name}\nrestype:container"
    signature = base64.b64encode(hmac.new(base64.b64decode(KEY), text.encode(), hashlib.sha256).digest())
    headers = {"x-ms-date": date, "x-ms-version": "2021-12-02", "Content-Length": "0"}
    headers["Authorization"] = f"SharedKey {ACCOUNT}:{signature.decode()}"
    url = f"http://127.0.0.1:{port}/{ACCOUNT}/{name}?restype=container"
    urllib.request.urlopen(urllib.request.Request(url, method="PUT", headers=headers)).close()


def environment_of(cloud: Cloud) -> dict[str, str]:
    return os.environ | cloud.environment
