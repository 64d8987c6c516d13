"""Pages of the documentation's site that are made from the code: marts with their columns, and commands with
their options. A hook of mkdocs.

Here: those two pages, and links to files beside docs/, which a site has not. Not here: what people write.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click
import yaml
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]
REPOSITORY_FILE = re.compile(r"\[([^\]]+)\]\((?:\.\./)+[^)]*\)")


def on_files(files: Files, config) -> Files:
    """Add the generated pages."""
    files.append(File.generated(config, "reference/marts.md", content=marts()))
    files.append(File.generated(config, "reference/commands.md", content=commands()))
    return files


def on_page_markdown(markdown: str, **_) -> str:
    """A link to a file of the repository becomes its name: the site stands without the repository."""
    return REPOSITORY_FILE.sub(r"\1", markdown)


def marts() -> str:
    """Every mart with description, grain and columns; meanings come from the doc blocks in docs/columns."""
    meanings = {}
    for file in (ROOT / "docs" / "columns").glob("*.md"):
        blocks = re.findall(r"{% docs (\w+) %}(.*?){% enddocs %}", file.read_text(encoding="utf-8"), re.S)
        meanings |= {name: " ".join(text.split()) for name, text in blocks}
    pages = []
    for file in sorted((ROOT / "models" / "marts").rglob("*.yml")):
        for model in (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("models", ()):
            pages.append((model["name"], _mart(model, meanings)))
    listed = "\n\n".join(page for _, page in sorted(pages))
    told = "From the marts' contracts. `cost_and_usage` has all columns of FOCUS 1.4."
    return f"# Marts and columns\n\n{told}\n\n{listed}\n"


def _mart(model: dict, meanings: dict[str, str]) -> str:
    def meaning(text: str) -> str:
        told = re.sub(r"{{ doc\('(\w+)'\) }}", lambda found: meanings.get(found[1], ""), text)
        return " ".join(told.split()).replace("|", "\\|").replace("<", "&lt;")

    lines = [f"## {model['name']}", "", meaning(model.get("description", "")), ""]
    grain = model.get("config", {}).get("meta", {}).get("grain")
    lines += [f"**A row:** {grain}", ""] if grain else []
    if columns := [column for column in model.get("columns", ()) if "data_type" in column]:
        lines += ["| column | type | meaning |", "| --- | --- | --- |"]
        lines += [
            f"| `{c['name']}` | {c['data_type']} | {meaning(c.get('description', ''))} |" for c in columns
        ]
    return "\n".join(lines)


def commands() -> str:
    """Every command with what its `--help` says."""
    sys.path.insert(0, str(ROOT))
    from orchestration.cli import main

    lines = ["# Commands", "", "What `tally <command> --help` says.", ""]
    for name, command in sorted(main.commands.items()):
        context = click.Context(command, info_name=f"tally {name}", max_content_width=100)
        lines += [f"## tally {name}", "", "```text", command.get_help(context), "```", ""]
    return "\n".join(lines)
