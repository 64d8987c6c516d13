"""Checks that pools and cost centers go in no circle, and no further than the models follow them.

Here: chains over several rows of the seeds. Not here: what is wrong with one row (rule_seeds.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.rule_rows import Row, Seeds, told

LINKS, LEVELS = 3, 6  # the longest chain of pools, and of centers above one another


def pools(seeds: Seeds) -> Iterator[str]:
    """Pools that get their own cost back, or pass it on more often than the models follow."""
    links: dict[str, set[str]] = {}
    for row in seeds["shared_cost_rules"]:
        receivers = {row["receiver_id"]} - {""}
        if row["method"] == "driver":
            receivers = {d["cost_center_id"] for d in seeds["usage_drivers"] if d["driver"] == row["driver"]}
        if row["method"] != "keep":
            links.setdefault(row["pool_id"], set()).update(receivers)
    for row in seeds["shared_cost_rules"]:
        chain = _longest(row["pool_id"], links, ())
        if len(set(chain)) < len(chain):
            fault = f"goes in a circle: {' to '.join(chain)}; let one of them keep its cost or name others"
            yield told("shared_cost_rules", row, "receiver_id", fault)
        elif len(chain) > LINKS + 1:
            fault = f"{' to '.join(chain)} has more than {LINKS} links; name the last receivers at once"
            yield told("shared_cost_rules", row, "receiver_id", fault)


def _longest(center: str, links: dict[str, set[str]], before: tuple[str, ...]) -> tuple[str, ...]:
    """The longest chain from a center on; one that meets itself ends there."""
    chain = (*before, center)
    if center in before:
        return chain
    longer = [_longest(receiver, links, chain) for receiver in sorted(links.get(center, ()))]
    circles = [each for each in longer if len(set(each)) < len(each)]
    return max(circles or longer or [chain], key=len)


def centers(rows: list[Row]) -> Iterator[str]:
    """Centers below themselves, or too deep, on any day on which a version begins."""
    seen = set()
    for day in sorted({row["effective_from"] for row in rows}):
        newest: dict[str, Row] = {}
        for row in sorted(rows, key=lambda row: row["effective_from"]):
            if row["effective_from"] <= day:
                newest[row["cost_center_id"]] = row
        for center, row in newest.items():
            path = [center]
            while (above := newest[path[-1]]["parent_id"]) in newest and path.count(path[-1]) == 1:
                path.append(above)
            if row.line in seen or (len(set(path)) == len(path) and len(path) <= LEVELS + 1):
                continue
            seen.add(row.line)
            circle = len(set(path)) < len(path)
            what = "goes in a circle" if circle else f"has more than {LEVELS} levels above it"
            fault = f"'{center}' {what}: {' below '.join(path)}; move one of them up"
            yield told("cost_centers", row, "parent_id", fault)
