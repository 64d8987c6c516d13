"""One fuzz case: a seed, the mutated bill on disk, and what became of it in a lake of its own.

Here: making and landing a case. Not here: the judgement (test_fuzz.py).
"""

from __future__ import annotations

import random
import shutil
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from bills import golden
from mutations import mutate
from oracle import Expected, expected

from ingestion import LandingError, land

PROVIDERS = ("aws", "azure", "gcp", "focus")


@dataclass
class Case:
    """`expected` is None unless the case landed; `faults` is empty when all is as it must be."""

    provider: str
    seed: int
    done: list[str]
    message: str | None = None
    expected: Expected | None = None
    faults: list[str] = field(default_factory=list)

    @property
    def account(self) -> str:
        return f"{self.provider}-{self.seed}"

    def __str__(self) -> str:
        return f"{self.provider} seed {self.seed} ({', '.join(self.done)}): {'; '.join(self.faults)}"


def run(provider: str, seeds: range, work: Path, shared: Path) -> Iterator[Case]:
    """Every case landed in its own lake; the deliveries that came of it are put into a shared one."""
    for seed in seeds:
        folder = work / f"{provider}-{seed}"
        case = Case(provider, seed, [])
        source = write(case, folder)
        try:
            _land(case, source, folder / "lake", shared)
        except Exception:  # whatever it is, it is a finding of this case and the others go on
            case.faults.append(traceback.format_exc())
        shutil.rmtree(folder)
        yield case


def write(case: Case, folder: Path) -> Path:
    """The case's mutated files; the same seed always writes the same bytes."""
    rng = random.Random(f"{case.provider}-{case.seed}")
    files = golden(case.provider, case.seed, case.account)
    source = folder / "source"
    source.mkdir(parents=True)
    case.done += mutate(rng, rng.choice(files))
    for bill in files:
        (source / bill.name).write_bytes(bill.encode())
    return source


def _land(case: Case, source: Path, lake: Path, shared: Path) -> None:
    try:
        result = land(case.provider, str(source), lake, scope=case.account)
    except LandingError as error:
        case.message = error.message
        if (
            not any(path.name in error.message for path in source.iterdir())
            and str(source) not in error.message
        ):
            case.faults.append(f"the message names no file: {error.message}")
        _nothing_left(case, lake)
        return
    if not result.landed:
        case.message = "; ".join(r.reason for r in result.skipped) + "; ".join(
            r.message for r in result.refused
        )
        if not case.message:
            case.faults.append("neither landed nor a reason given")
        _nothing_left(case, lake)
        return
    landed = {
        file.source_key: delivery.dataset
        for delivery in result.landed
        for file in delivery.files
        if file.format != "empty"
    }
    rows, billed, size = 0, Decimal(0), Decimal(0)
    for path in sorted(source.iterdir()):
        if path.name not in landed:
            continue
        try:
            found = expected(case.provider, path.name, path.read_bytes())
        except Exception as error:
            case.faults.append(f"{path.name} landed, but cannot be read by another reader: {error!r}")
            return
        rows += found.rows
        if landed[path.name] != "azure_amortized":
            billed, size = billed + found.billed, size + found.size
    only_effective = set(landed.values()) == {"azure_amortized"}
    case.expected = Expected(rows, None if only_effective else billed, size)
    told = sum(delivery.rows for delivery in result.landed)
    if told != rows:
        case.faults.append(f"{told} rows landed where the files hold {rows}")
    for path in (lake / "raw").rglob("*"):
        if path.is_file():
            target = shared / path.relative_to(lake)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, target)


def _nothing_left(case: Case, lake: Path) -> None:
    left = [path for path in (lake / "raw").rglob("*") if path.is_file()]
    if left:
        case.faults.append(f"left in the lake: {left}")
