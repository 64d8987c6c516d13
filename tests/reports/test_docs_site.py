"""The documentation builds as a site that asks nobody else. Its commands: test_page_commands.py."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.cli import main

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("mkdocs", reason="needs mkdocs-material, of the dev dependencies")
    folder = tmp_path_factory.mktemp("docs") / "site"
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    told = os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": os.pathsep.join([str(PROJECT), *sys.path])}
    ended = subprocess.run(command, cwd=PROJECT, env=told, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr
    return folder


def test_the_site_asks_nobody_else(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 15
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert re.findall(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="https?://[^"]+"', text) == []


def test_marts_and_commands_are_told_from_the_code(site: Path) -> None:
    marts = (site / "reference" / "marts.html").read_text(encoding="utf-8")
    assert 'id="daily_cost"' in marts and "one row per day, provider" in marts and "{{" not in marts
    told = (site / "reference" / "commands.html").read_text(encoding="utf-8")
    assert [name for name in main.commands if f"tally {name}" not in told] == []
