"""The seeds that say who pays, as shipped and with one fault at a time: each is told with file, line, field and remedy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from orchestration.rule_seeds import SEEDS, RuleSeedError, ensure_sound, problems

CENTER = "late,Late,,Late team,2026-09-01"
FAULTS = [
    ("cost_centers", "x,X,nowhere,X team,2020-01-01", "parent_id: there is no cost center 'nowhere'"),
    ("cost_centers", "x,X,meridian,,2020-01-01", "owner: is empty; fill it in"),
    (
        "cost_centers",
        "x,X,meridian,X team,2020-01-15",
        "effective_from: '2020-01-15' is no first day of a month",
    ),
    ("cost_centers", "api,Again,commerce,API team,2020-01-01", "effective_from: repeats line 7; keep one"),
    (
        "cost_centers",
        "meridian,M,api,Finance,2026-01-01",
        "goes in a circle: meridian below api below commerce below",
    ),
    (
        "allocation_rules",
        "x,100,,,,,,,team,x,,api,2020-01-01",
        "precedence: 100 belongs to rule 'cc-100' already",
    ),
    ("allocation_rules", "x,ten,,,,,,,team,x,,api,2020-01-01", "precedence: 'ten' is no whole number"),
    ("allocation_rules", "x,1,,,,,,a*b,,,,api,2020-01-01", "resource_pattern: 'a*b' has a star within"),
    (
        "allocation_rules",
        "x,1,,,,,,,team,x,Exact,api,2020-01-01",
        "tag_case: 'Exact' is not allowed; write any or exact",
    ),
    ("allocation_rules", "x,1,,,,,,,,x,,api,2020-01-01", "tag_key: is empty beside a tag_value"),
    (
        "allocation_rules",
        "x,1,,,,,,,team,x,,nobody,2020-01-01",
        "cost_center_id: there is no cost center 'nobody'",
    ),
    (
        "shared_cost_rules",
        "api,fixed,payments,0.4,,2020-01-01",
        "share: the shares of 'api' add up to 0.4; make them",
    ),
    ("shared_cost_rules", "api,fixed,payments,,,2020-01-01", "share: is empty; fixed shares need it"),
    ("shared_cost_rules", "api,driver,,,,2020-01-01", "driver: is empty; driver shares need it"),
    ("shared_cost_rules", "api,even,platform,,,2020-01-01", "goes in a circle: api to platform to api"),
    (
        "shared_cost_rules",
        "platform,even,api,,,2020-01-01",
        "the pool 'platform' has driver and even at one time",
    ),
    ("usage_drivers", "requests,2026-09-01,api,-1", "quantity: '-1' is no number of zero or more"),
    ("commitment_policy", "gcp,payer,,user,2020-01-01", "payer_id: is empty; name the center that pays"),
    ("credit_and_tax_policy", "Refund,,owner,,2020-01-01", "charge_category: 'Refund' is not allowed"),
    ("closed_periods", "2026-9-1,", "billing_period: '2026-9-1' is no first day of a month"),
    ("taggable_resource_types", "aws,Bucket,yes", "is_taggable: 'yes' is not allowed; write 0 or 1"),
    ("budget_amounts", "x,2026-09-01,aws,1,,api,USD,5", "sub_account_id: stands beside a cost_center_id"),
    ("budget_amounts", "x,2026-09-01,aws,,,,usd,5", "billing_currency: 'usd' is no currency"),
]


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SEEDS, tmp_path / "seeds"))


def add(seeds: Path, seed: str, *rows: str) -> int:
    """Rows at the end of a seed; the line of the last."""
    path = seeds / f"{seed}.csv"
    path.write_text(path.read_text() + "\n".join([*rows, ""]))
    return len(path.read_text().splitlines())


def test_the_shipped_seeds_are_sound() -> None:
    assert list(problems()) == []


@pytest.mark.parametrize(("seed", "row", "said"), FAULTS, ids=lambda value: value[:40])
def test_a_fault_is_told(seeds: Path, seed: str, row: str, said: str) -> None:
    line = add(seeds, seed, row)
    found = list(problems(seeds))
    assert any(each.startswith(f"{seed}.csv line {line}, ") and said in each for each in found), found


def test_a_rule_does_not_begin_before_its_center(seeds: Path) -> None:
    add(seeds, "cost_centers", CENTER)
    line = add(seeds, "allocation_rules", "x,1,,,,,,,team,x,,late,2026-08-01")
    assert list(problems(seeds)) == [
        f"allocation_rules.csv line {line}, effective_from: the center 'late' begins on 2026-09-01; "
        "begin the rule then or later"
    ]


def test_a_chain_of_pools_has_an_end(seeds: Path) -> None:
    chain = ["sandbox", "analytics", "machine-learning", "data-lake", "payments"]
    pairs = zip(chain, chain[1:], strict=False)
    add(seeds, "shared_cost_rules", *(f"{pool},even,{receiver},,,2020-01-01" for pool, receiver in pairs))
    (told, *_) = problems(seeds)
    assert "sandbox to analytics to machine-learning to data-lake to payments has more than 3 links" in told


def test_a_rule_may_have_versions_and_a_pool_may_receive(seeds: Path) -> None:
    add(
        seeds,
        "allocation_rules",
        "cc-100,100,,,,,,,cost-center,CC-100,,api,2026-09-01",
        "cc-110,110,,,,,,,,,,,2026-09-01",
    )
    add(seeds, "shared_cost_rules", "sandbox,even,platform,,,2020-01-01", "sandbox,keep,,,,2026-09-01")
    assert list(problems(seeds)) == []


def test_a_column_that_is_missing_is_named(seeds: Path) -> None:
    (seeds / "tag_policy.csv").write_text("key,allowed_value,tag_case\nteam,,\n")
    assert list(problems(seeds)) == [
        "tag_policy.csv, tag_key: the column is missing; the first line must name it"
    ]


def test_all_faults_are_told_at_once(seeds: Path) -> None:
    add(seeds, "closed_periods", *("never," for _ in range(30)))
    with pytest.raises(RuleSeedError, match="and .. more") as raised:
        ensure_sound(seeds)
    assert len(str(raised.value).splitlines()) == 21
