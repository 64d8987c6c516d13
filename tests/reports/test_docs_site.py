"""The documentation: it builds as a site that asks nobody else, and its commands are commands."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from orchestration.cli import main

PROJECT = Path(__file__).parents[2]
PAGES = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").rglob("*.md"))]


def commands(page: Path) -> list[str]:
    """The lines of its code blocks that begin with tally, without what stands behind a #."""
    blocks = re.findall(r"```(?:sh|bash)?\n(.*?)```", page.read_text(encoding="utf-8"), re.S)
    found = re.findall(r"^\s*(?:\$ )?(?:uv run )?(tally [a-z].*)$", "\n".join(blocks), re.M)
    return [line for line in found if "│" not in line]  # which would be a figure


LINES = sorted({(page.name, line) for page in PAGES for line in commands(page)})


@pytest.mark.parametrize(("page", "line"), LINES, ids=[f"{page}: {line[:40]}" for page, line in LINES])
def test_a_command_on_a_page_is_one_with_such_options(page: str, line: str) -> None:
    _, name, *arguments = shlex.split(line, comments=True)
    command = main.commands[name]
    command.make_context(name, arguments)  # parses them as the shell would, and runs nothing


def test_pages_hold_commands() -> None:
    assert len(LINES) > 25


def test_an_option_that_is_none_would_be_found() -> None:
    with pytest.raises(click.NoSuchOption):
        main.commands["report"].make_context("report", ["--fast"])


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
