"""The slices that the lake's deliveries name, for commands that are told to force some of them.

Here: what there is, the message when nothing matches, and how dbt is told. Not here: rebuilding (the `sliced`
materialization does it).
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from ingestion import environment
from ingestion.lake import Lake
from orchestration import warehouse

FORCED = "CLOUDTALLY_FORCE_SLICES"
Named = set[tuple[str, str]]  # provider and billing period (YYYY-MM-DD) of a slice


class NoSlice(Exception):
    """No slice of the lake is the one asked for; the message says which there are."""


def in_lake() -> Named | None:
    """The slices of the lake's deliveries, None when the lake is remote. Raises LandingError."""
    root = environment.lake()
    if environment.scheme(root) not in (None, "file"):
        return None
    return {
        (part.provider, part.billing_period)
        for delivery in Lake(root).deliveries()
        for part in delivery.slices
    }


def in_warehouse() -> Named:
    """The slices that the last build found in the lake. Raises WarehouseError or duckdb.Error."""
    schema = environment.schema_prefix() + "raw"
    _, found = warehouse.rows(f"select distinct provider, billing_period from {schema}.delivery_slices")
    return {(provider, str(period)) for provider, period in found}


def ensure_match(named: Named, wanted: Mapping[str, str]) -> None:
    """Raises NoSlice when `wanted` (provider, billing_period or both) is no slice among the named ones."""
    if any(
        wanted.get("provider", provider) == provider and wanted.get("billing_period", period) == period
        for provider, period in named
    ):
        return
    asked = [f"--provider {wanted['provider']}"] if "provider" in wanted else []
    asked += [f"--period {wanted['billing_period'][:7]}"] if "billing_period" in wanted else []
    if not named:
        raise NoSlice(f"{environment.lake()} holds no deliveries: run `tally land` first")
    periods = defaultdict(set)
    for provider, period in named:
        periods[provider].add(period[:7])
    held = ", ".join(f"{provider} ({spans(periods[provider])})" for provider in sorted(periods))
    raise NoSlice(f"no slice of the lake matches {' '.join(asked)}; {environment.lake()} holds {held}")


def spans(months: Iterable[str]) -> str:
    """Months (YYYY-MM) in short: runs without a gap become first..last."""
    runs: list[list[str]] = []
    for month in sorted(set(months)):
        if runs and _index(month) == _index(runs[-1][-1]) + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]}..{run[-1]}" for run in runs)


def _index(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7])


@contextmanager
def forcing(slices: Sequence[Mapping[str, str]]) -> Iterator[None]:
    """dbt's builds in here rebuild the named slices though nothing changed, as by the var `force_slices`."""
    os.environ[FORCED] = json.dumps(list(slices))
    try:
        yield
    finally:
        del os.environ[FORCED]
