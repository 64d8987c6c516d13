"""Rows of the seeds that say who pays, as their checks read them.

Here: a row, and how a fault of it is told. Not here: reading files, and the checks (rule_seeds.py,
rule_chains.py).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A row of a seed: its line in the file, and its fields without blanks at their ends."""

    line: int
    fields: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")


Seeds = dict[str, list[Row]]


def told(seed: str, row: Row, field: str, fault: str) -> str:
    """One fault as a line: where it is, what it is and what to do."""
    return f"{seed}.csv line {row.line}, {field}: {fault}"
