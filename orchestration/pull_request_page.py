"""What `tally ci-report` says, as Markdown: for a terminal, and for a comment on the pull request.

Here: form only. Not here: building and comparing (pull_request.py).
"""

from __future__ import annotations

from orchestration.pull_request import Change, Comparison, Fault

_KINDS = {
    "new": "new",
    "changed": "changed",
    "follows": "hangs on a changed one",
    "gone": "gone: drop it where it was built",
}
_MOST_MOVED = 4


def page(comparison: Comparison) -> str:
    """The report as Markdown."""
    lines = [f"# What this change does to the fixtures, against {comparison.base[:10]}", ""]
    if not comparison.changes and not comparison.faults:
        return "\n".join([*lines, "No model changed, and nothing hangs on what did.", ""])
    lines += ["| model | | rows before | rows after | totals that moved |", "| --- | --- | --- | --- | --- |"]
    order = list(_KINDS)
    for change in sorted(comparison.changes, key=lambda change: (order.index(change.kind), change.model)):
        lines.append(_row(change))
    lines += [
        "",
        f"## {len(comparison.faults)} failed"
        if comparison.faults
        else "All of it built, and all tests passed.",
    ]
    for fault in comparison.faults:
        lines += _fault(fault)
    return "\n".join([*lines, ""])


def _row(change: Change) -> str:
    moved = [
        f"{name} {before or 'none'} → {after or 'none'}" for name, (before, after) in change.moved.items()
    ]
    told = "; ".join(moved[:_MOST_MOVED]) + (
        f"; and {len(moved) - _MOST_MOVED} more" if len(moved) > _MOST_MOVED else ""
    )
    counts = ["" if rows is None else f"{rows:,}" for rows in (change.rows_before, change.rows_after)]
    return f"| {change.model} | {_KINDS[change.kind]} | {counts[0]} | {counts[1]} | {told} |"


def _fault(fault: Fault) -> list[str]:
    lines = ["", f"**{fault.name}**", ""]
    lines += [f"    {line}" for line in fault.message.splitlines() if line.strip()][:8]
    if fault.rows:
        lines += ["", "The first rows that offend:", "", f"| {' | '.join(fault.columns)} |"]
        lines.append("|" + " --- |" * len(fault.columns))
        lines += [f"| {' | '.join('' if v is None else str(v) for v in row)} |" for row in fault.rows]
    return lines
