"""How the commands speak and are spoken to: messages, progress, tables that fit the terminal, months.

Here: form only. Not here: what is said.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

import click
from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

console = Console(width=None if sys.stdout.isatty() or os.environ.get("COLUMNS") else 140)
errors = Console(stderr=True)

_NUMBER = re.compile(r"-|-?[0-9][0-9,.]*( [kMGTP]?B)?")
_FOLDED = (
    "provider",
    "scope",
    "source",
    "note",
    "reason",
    "service_name",
)  # the columns that may take several lines


def say(message: str) -> None:
    """A line on standard output, as it is: neither wrapped nor read for markup."""
    console.print(message, markup=False, highlight=False, soft_wrap=True)


_COLOURS = {"ok": "green", "note": "yellow", "fault": "red"}


def finding(level: str, subject: str, said: str, remedy: str = "") -> None:
    """A line that begins with its level (ok, note or fault), and what mends it below."""
    console.print(Text.assemble((f"{level:<6}", _COLOURS[level]), f"{subject}: {said}"), soft_wrap=True)
    if remedy:
        console.print(Text(f"      {remedy}"), soft_wrap=True)


def warn(word: str, message: str) -> None:
    """A line on standard error that begins with a red word."""
    errors.print(Text.assemble((word, "red"), f"  {message}"), soft_wrap=True)


def fail(message: str, code: int = 1) -> NoReturn:
    """A red message on standard error, and the end."""
    errors.print(message, style="red", markup=False, highlight=False, soft_wrap=True)
    sys.exit(code)


def show(
    title: str, names: Sequence[str], cells: Sequence[Sequence[str]], stacked: Sequence[str] = ()
) -> None:
    """Print a table in the roomiest form that fits: wide, narrow, or with the `stacked` columns as one.

    Cells are shown as they are (rich would take brackets in a tag or a name for markup); a column without any
    text is left out.
    """
    used = [place for place in range(len(names)) if any(row[place] for row in cells)]
    names, cells = [names[place] for place in used], [[row[place] for place in used] for row in cells]
    forms = [_table(names, cells, " ", 2), _table(names, cells, "\n", 1)]
    if stacked:
        forms.append(_table(*_stack(names, cells, stacked), "\n", 1))
    room = console.options.update(width=10_000)
    console.print(Text(title, style="bold"), soft_wrap=True)
    console.print(
        next((t for t in forms if console.measure(t, options=room).maximum <= console.width), forms[-1])
    )


def grid(names: Sequence[str], found: Sequence[Sequence[object]]) -> None:
    """Print the rows of any query, with lines around the cells, since values may hold anything."""
    table = Table()
    for name in names:
        table.add_column(Text(name), overflow="fold")
    for row in found:
        table.add_row(*(Text("" if value is None else str(value)) for value in row))
    console.print(table)


def as_bytes(size: int) -> str:
    """A size for people: 512 B, 1.2 kB, 34 MB; powers of 1000."""
    amount, unit = float(size), "B"
    for larger in ("kB", "MB", "GB", "TB", "PB"):
        if amount < 999.5:
            break
        amount, unit = amount / 1000, larger
    return f"{amount:.1f} {unit}" if unit != "B" and amount < 9.95 else f"{amount:.0f} {unit}"


@contextmanager
def progress() -> Iterator[Progress]:
    """A progress bar on standard error that goes away when done."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        yield bar


def _table(names: Sequence[str], cells: Sequence[Sequence[str]], between: str, gap: int) -> Table:
    """`between` stands between the words of a heading, `gap` blanks between columns."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, gap - 1, 0, 0), pad_edge=False)
    for place, name in enumerate(names):
        folded = name in _FOLDED
        is_number = not folded and all(_NUMBER.fullmatch(row[place]) for row in cells)
        table.add_column(
            Text(name.replace("_", between)),
            justify="right" if is_number else "left",
            no_wrap=not folded,
            overflow="fold" if folded else "ellipsis",
        )
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _stack(
    names: Sequence[str], cells: Sequence[Sequence[str]], stacked: Sequence[str]
) -> tuple[list[str], list[list[str]]]:
    """The stacked columns as one, `source`: the last of them on a line of its own."""
    inside = [place for place, name in enumerate(names) if name in stacked]
    others = [place for place in range(len(names)) if place not in inside]
    before = [place for place in others if place < inside[0]]
    after = [place for place in others if place > inside[0]]

    def joined(row: Sequence[str], together: str) -> list[str]:
        return [*(row[place] for place in before), together, *(row[place] for place in after)]

    return joined(names, "source"), [
        joined(row, " ".join(row[place] for place in inside[:-1]).strip() + "\n" + row[inside[-1]])
        for row in cells
    ]


def first_of_month(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """A month as a person writes it (YYYY-MM) as the ledger's billing period, its first day."""
    if value is None:
        return None
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", value):
        raise click.BadParameter(f"{value} is no month; write it as YYYY-MM")
    return f"{value}-01"
