"""What a cloud's function consists of, put together in build/deploy/<cloud>.

    python deploy/package.py aws

Here: our own files and the list of what else is to be installed. Not here: installing and uploading, which
the clouds' own tools do from that folder.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
BASE = ("duckdb>=2.0,<2.1", "jsonschema>=4.25", "pyyaml>=6")
NEEDS = {
    "aws": (*BASE, "boto3>=1.40", "obstore>=0.12"),
    "azure": (
        *BASE,
        "azure-functions",
        "azure-identity>=1.25",
        "obstore>=0.12",
        "pyjwt[crypto]>=2.10",
        "requests",
    ),
    "gcp": (
        *BASE,
        "functions-framework",
        "google-cloud-bigquery>=3.36",
        "google-cloud-storage>=3.1",
        "pyjwt[crypto]>=2.10",
        "requests",
    ),
}


def package(cloud: str, folder: Path) -> Path:
    """The folder, made anew: ingestion/, the declared shapes of bills, the entry, requirements.txt."""
    shutil.rmtree(folder, ignore_errors=True)
    ours = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PROJECT / "ingestion", folder / "ingestion", ignore=ours)
    for shape in (PROJECT / "models").rglob("_*__sources.yml"):
        target = folder / shape.relative_to(PROJECT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(shape, target)
    for entry in (PROJECT / "deploy" / cloud / "function").glob("*"):
        shutil.copy(entry, folder / entry.name)
    (folder / "requirements.txt").write_text("\n".join(NEEDS[cloud]) + "\n")
    return folder


if __name__ == "__main__":
    print(package(sys.argv[1], PROJECT / "build" / "deploy" / sys.argv[1]))
