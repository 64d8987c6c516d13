"""The table of `tally land`: what landed, was skipped, was refused, at any width."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ingestion import land
from orchestration import landed, terminal
from orchestration.cli import main


def run(source: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["land", "focus", "--source", str(source), *options])


def row(outcome: Result, note: str) -> list[str]:
    return next(text for text in outcome.output.splitlines() if note in text).split()


def test_what_lands_is_a_row_and_landing_it_again_is_one_that_says_so(
    lake: Path, bill: Callable[..., Path]
) -> None:
    source = bill("2026-01", "2026-02")
    first = run(source)
    delivery = next(lake.rglob("delivery.json")).parent.name.removeprefix("delivery=")
    size = str(source.stat().st_size)
    told = [delivery, "focus", "1", "2026-01..2026-02", "2", size, "B"]
    assert first.exit_code == 0 and row(first, " landed") == [*told, "landed"]
    again = run(source)
    assert again.exit_code == 0
    assert row(again, "skipped") == [*told, *"skipped, in the lake already".split()]


def test_what_is_refused_is_a_row_and_a_remedy(lake: Path, bill: Callable[..., Path]) -> None:
    older = bill("2026-01", name="a.csv", account="1")
    os.utime(older, (1770000000, 1770000000))
    assert run(older, "--scope", "team").exit_code == 0
    outcome = run(bill("2026-01", name="b.csv", account="2"), "--scope", "team")
    assert outcome.exit_code == 1
    assert row(outcome, " refused") == "- focus team 2026-01 - - refused".split()
    assert "--scope NAME" in outcome.output


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_fits_and_loses_nothing(
    lake: Path, bill: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setattr(terminal.console, "width", width)
    scope = "providers-Microsoft.Billing-billingAccounts-84512007"
    outcome = run(bill("2026-01", "2026-03", "2026-04"), "--scope", scope)
    lines = outcome.output.splitlines()
    delivery = next(lake.rglob("delivery.json")).parent.name.removeprefix("delivery=")
    assert max(len(text) for text in lines) <= width and "…" not in outcome.output
    assert delivery in outcome.output and "2026-01, 2026-03..2026-04" in outcome.output
    assert scope in "".join(text[17:54].strip() for text in lines) if width == 80 else scope in outcome.output


def test_many_deliveries_of_one_export_share_a_row(
    lake: Path, bill: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    results = [land("focus", str(bill(f"2026-0{n}", name=f"{n}.csv")), str(lake)) for n in (1, 2, 3)]
    landed.show(results[0] + results[1] + results[2], each=2)
    told = capsys.readouterr().out
    assert "3 deliveries" in told and "2026-01..2026-03" in told and told.count(" landed") == 1


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (9_949, "9.9 kB"), (9_960, "10 kB"), (999_600, "1.0 MB"), (34_000_000, "34 MB"), (5 * 10**15, "5.0 PB")],
)  # fmt: skip
def test_sizes_for_people(size: int, text: str) -> None:
    assert terminal.as_bytes(size) == text
