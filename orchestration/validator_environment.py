"""The FOCUS validator's own environment, made by uv from validation/uv.lock under build/.

Here: finding a Python for it, making it, running check.py in it. Not here: which files, what counts.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PROJECT = ROOT / "validation"
FOLDER = ROOT / "build" / "validation" / "venv"
PYTHON = "3.12"


class Unavailable(Exception):
    """The validator cannot run on this machine; the message says what is missing."""


def run(model: str, files: dict[str, Path]) -> dict[str, list[dict[str, Any]]]:
    """What each rule of the model ("official" or "repaired") found in each file: name to check.py's entries.

    Raises Unavailable when there is no environment, RuntimeError when the validator itself breaks.
    """
    python = ready()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "results.json"
        arguments = ["--model", model, "--out", str(out), *(f"{name}={file}" for name, file in files.items())]
        done = _call([str(python), str(PROJECT / "check.py"), *arguments])
        if done.returncode != 0 or not out.exists():
            raise RuntimeError(f"the FOCUS validator broke off:\n{done.stderr.strip()[-2000:]}")
        return json.loads(out.read_text(encoding="utf-8"))


def ready() -> Path:
    """The environment's Python, the environment brought up to its lock first. Raises Unavailable."""
    uv = shutil.which("uv")
    if uv is None:
        raise Unavailable(
            "the FOCUS validator lives in an environment that uv makes, and there is no uv here"
        )
    if not PROJECT.is_dir():
        raise Unavailable(f"no {PROJECT}: the validator's lock comes with a checkout, not with the package")
    arguments = ["--quiet", "--frozen", "--compile-bytecode", "--project", str(PROJECT)]
    done = _call([uv, "sync", *arguments, "--python", _python(uv)])
    if done.returncode != 0:
        raise Unavailable(f"no environment for the FOCUS validator (Python {PYTHON}):\n{done.stderr.strip()}")
    folder = "Scripts/python.exe" if os.name == "nt" else "bin/python"
    return FOLDER / folder


def _python(uv: str) -> str:
    """An interpreter on this machine, uv's or pyenv's; else the bare version, which uv may fetch."""
    found = _call([uv, "python", "find", "--no-project", PYTHON])
    if found.returncode == 0:
        return found.stdout.strip()
    pyenv = shutil.which("pyenv")
    if pyenv is not None:
        versions = Path(_call([pyenv, "root"]).stdout.strip()) / "versions"
        installed = sorted(versions.glob(f"{PYTHON}.*/bin/python"))
        if installed:
            return str(installed[-1])
    return PYTHON


def _call(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run it outside the project's own environment, which uv would otherwise take for the one meant."""
    left_out = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME")
    kept = {key: value for key, value in os.environ.items() if key not in left_out}
    kept["UV_PROJECT_ENVIRONMENT"] = str(FOLDER)
    return subprocess.run(command, env=kept, capture_output=True, text=True, check=False)
