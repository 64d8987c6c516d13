"""The commands that the README, CONTRIBUTING and the pages in docs/ show.

Here: finding them in code blocks and in running text. Not here: which of them are run, and how.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).parents[2]
PAGES = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").rglob("*.md"))]
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.S | re.M)
# a block without a language is one of commands when its first line begins like one
_BEGINS = re.compile(r"([A-Z_]+=\S+ )?(\$ |uv |tally |make |python |export [A-Z]|duckdb |\.venv/)")


class Command(NamedTuple):
    """A line of a page, without prompt and comment."""

    page: str
    line: str


def in_blocks() -> list[Command]:
    """Every line of every block of commands, in the order of the pages."""
    return [Command(page.name, line) for page in PAGES for line in _lines(page.read_text(encoding="utf-8"))]


def in_text() -> list[Command]:
    """`tally` commands between backticks, but for those that leave something out."""
    found = []
    for page in PAGES:
        text = _FENCE.sub("", page.read_text(encoding="utf-8"))
        spans = re.findall(r"`(?:uv run )?(tally [a-z][^`]*)`", text)
        found += [Command(page.name, " ".join(span.split())) for span in spans if "…" not in span]
    return found


def _lines(text: str) -> list[str]:
    found = []
    for language, block in _FENCE.findall(text):
        if language not in ("", "sh", "bash") or not (language or _BEGINS.match(block)):
            continue
        lines = block.replace("\\\n", " ").splitlines()
        if block.startswith("$ "):  # what stands below a prompt's line is its output
            lines = [line for line in lines if line.startswith("$ ")]
        found += [re.sub(r"\s+# .*", "", line.removeprefix("$ ")).strip() for line in lines]
    return [line for line in found if line and not line.startswith("#")]
