"""The list of polled sources: what is wrong with it is said with file, entry and remedy; one bad source stops no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration import sources

BILL = (
    "ProviderName,BillingAccountId,BillingPeriodStart,ChargePeriodStart,ChargeCategory,BilledCost,BillingCurrency\n"
    "Acme,1,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,Usage,5,USD\n"
)


def write(lake: Path, text: str) -> None:
    lake.mkdir(exist_ok=True)
    (lake / "sources.yml").write_text(text)


def test_no_list_is_no_source(at_lake: Path) -> None:
    assert sources.listed() == []


def test_a_source_is_what_tally_land_is_told(at_lake: Path) -> None:
    write(at_lake, "sources:\n- {provider: gcp, source: /bills, dataset: gcp_detailed, scope: main}\n")
    assert sources.listed() == [sources.Source("gcp", "/bills", "gcp_detailed", "main")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sources: {provider: aws}", "no list"),
        ("- a", "no list"),
        ("sources:\n- aws", "entry 1: needs provider and source"),
        ("sources:\n- {provider: aws, source: /a}\n- {provider: aws}", "entry 2: needs provider and source"),
        ("sources:\n- {provider: aws, source: /a, path: /b}", "entry 1: unknown path"),
        ("sources:\n- {provider: oracle, source: /a}", "entry 1: provider oracle; take one of aws"),
        ("sources:\n- {provider: aws, source: /a, scope: 12}", "entry 1: scope is 12; write a text"),
        ("sources: [", "cannot be read as YAML"),
    ],
)
def test_what_is_wrong_is_said(at_lake: Path, text: str, said: str) -> None:
    write(at_lake, text)
    with pytest.raises(sources.BadSources) as error:
        sources.listed()
    assert said in str(error.value) and "sources.yml" in str(error.value)


def test_a_source_that_cannot_be_read_stops_no_other(at_lake: Path, tmp_path: Path) -> None:
    (tmp_path / "bill.csv").write_text(BILL)
    found = [
        sources.Source("focus", str(tmp_path / "gone")),
        sources.Source("focus", str(tmp_path / "bill.csv")),
    ]
    result, errors = sources.poll(found)
    assert len(result.landed) == 1 and len(errors) == 1 and "gone" in errors[0].message
    again, _ = sources.poll(found)
    assert len(again.skipped) == 1 and not again.landed
