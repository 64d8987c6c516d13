"""`tally validate`: conformant charges pass, planted errors do not, and what the repairs are for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import charges
import pytest
from charges import PURCHASE, USAGE, USED
from click.testing import CliRunner

from orchestration import validating, validator_environment, validator_rows
from orchestration.focus_commands import export, validate

NOT_CONSUMED = {"ConsumedQuantity": None, "ConsumedUnit": None}
NOT_COUNTED = {"CommitmentDiscountQuantity": None, "CommitmentDiscountUnit": None}
NO_ACCOUNT = {"SubAccountId": None, "SubAccountName": None}
# what is planted: one row, the rule that it alone breaks, and whether the official model counts just that row
PLANTED: dict[str, tuple[dict[str, Any], str, bool]] = {
    "no cost": ({**USAGE, "BilledCost": None}, "BilledCost-C-003-M", True),
    "negative price": ({**USAGE, "ListUnitPrice": -1, "ListCost": -4}, "ListUnitPrice-C-008-M", True),
    "foreign category": ({**USAGE, "ChargeCategory": "Rental"}, "ChargeCategory-C-003-M", False),
    "foreign service": ({**USAGE, "ServiceCategory": "Cars"}, "ServiceCategory-C-003-M", False),
    "foreign subcategory": ({**USAGE, "ServiceSubcategory": "Taxis"}, "ServiceSubcategory-C-003-M", False),
    "wrong product": ({**USAGE, "ListCost": 4.04}, "ListCost-C-009-C", False),
    "no sku": ({**USAGE, "SkuId": None}, "SkuId-C-005-C", False),
    "no quantity": ({**USAGE, **NOT_CONSUMED}, "ConsumedQuantity-C-006-C", False),
    "no status": ({**USED, "CommitmentDiscountStatus": None}, "CommitmentDiscountStatus-C-004-C", False),
    "foreign status": (
        {**USED, "CommitmentDiscountStatus": "Lost"},
        "CommitmentDiscountStatus-C-005-M",
        False,
    ),
    "no commitment quantity": ({**USED, **NOT_COUNTED}, "CommitmentDiscountQuantity-C-005-C", False),
    "effective purchase": ({**PURCHASE, "EffectiveCost": 2}, "EffectiveCost-C-005-C", True),
    "type without account": ({**USAGE, **NO_ACCOUNT}, "SubAccountType-C-004-C", True),
    "reserved, no status": (
        {**USAGE, "CapacityReservationId": "r"},
        "CapacityReservationStatus-C-004-C",
        False,
    ),
}
# the rows whose category and subcategory do not belong together
MISMATCHED = ("foreign service", "foreign subcategory", "wrong parent")
WRONG_PARENT = {**USAGE, "ServiceSubcategory": "Object Storage"}
Entries = dict[str, dict[str, Any]]


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Conformant charges, and the same with every planted row."""
    folder = tmp_path_factory.mktemp("charges")
    planted = [*charges.CHARGES, *(row for row, _, _ in PLANTED.values()), WRONG_PARENT]
    return {
        "clean": charges.write(folder / "clean.parquet", charges.CHARGES),
        "planted": charges.write(folder / "planted.parquet", planted),
    }


@pytest.fixture(scope="session")
def found(files: dict[str, Path]) -> dict[tuple[str, str], Entries]:
    """What every rule found: (model, file), rule."""
    try:
        results = {model: validator_environment.run(model, files) for model in validating.MODELS}
    except validator_environment.Unavailable as missing:
        pytest.skip(str(missing))
    return {
        (model, name): {entry["rule"]: entry for entry in entries}
        for model, by_file in results.items()
        for name, entries in by_file.items()
    }


def failed(entries: Entries) -> set[str]:
    return {rule for rule, entry in entries.items() if entry["status"] == "failed" and not entry["composite"]}


def test_conformant_charges_pass_the_repaired_model_whole(found: dict[tuple[str, str], Entries]) -> None:
    assert failed(found["repaired", "clean"]) == set()


def test_the_official_model_fails_conformant_charges_only_where_waived(
    found: dict[tuple[str, str], Entries],
) -> None:
    waived = {waiver.rule for waiver in validating.read_waivers() if waiver.model == "official"}
    assert failed(found["official", "clean"]) <= waived
    assert failed(found["official", "clean"]), "without false alarms the waivers could go"


@pytest.mark.parametrize("name", PLANTED)
def test_the_repaired_model_counts_the_planted_row_and_no_other(
    found: dict[tuple[str, str], Entries], name: str
) -> None:
    assert found["repaired", "planted"][PLANTED[name][1]]["violations"] == 1


def test_a_subcategory_must_belong_to_its_category(found: dict[tuple[str, str], Entries]) -> None:
    rule = "ServiceSubcategory-C-004-M"
    assert found["repaired", "planted"][rule]["violations"] == len(MISMATCHED)
    assert found["official", "planted"][rule]["violations"] == 0


@pytest.mark.parametrize("name", PLANTED)
def test_what_the_official_model_counts(found: dict[tuple[str, str], Entries], name: str) -> None:
    """When upstream mends a rule, this fails: the repair can go."""
    _, rule, seen = PLANTED[name]
    more = found["official", "planted"][rule]["violations"] - found["official", "clean"][rule]["violations"]
    assert (more == 1) == seen


def test_repairs_and_waivers_name_rules_that_exist_and_waivers_give_reasons(
    found: dict[tuple[str, str], Entries],
) -> None:
    waivers = validating.read_waivers()
    assert {waiver.rule for waiver in waivers} <= set(found["official", "clean"])
    assert all(len(waiver.reason) > 40 for waiver in waivers)
    assert len({(waiver.rule, waiver.model, waiver.provider) for waiver in waivers}) == len(waivers)


def test_a_repaired_model_runs_as_many_rules_but_for_those_that_no_column_can_tell(
    found: dict[tuple[str, str], Entries],
) -> None:
    run = {
        m: {r for r, e in found[m, "clean"].items() if e["status"] != "skipped"} for m in validating.MODELS
    }
    unchecked = {"InvoiceId-C-003-C", "InvoiceId-C-004-C", "InvoiceId-C-005-C", "BilledCost-C-005-C"}
    assert run["official"] - run["repaired"] <= unchecked | {"ConsumedQuantity-C-007-C"}


@pytest.mark.slow
def test_the_command_passes_a_conformant_file_and_names_what_it_waived(
    found: dict[tuple[str, str], Entries], files: dict[str, Path]
) -> None:
    outcome = CliRunner().invoke(validate, ["--file", str(files["clean"])])
    assert outcome.exit_code == 0, outcome.output
    assert "InvoiceId-C-005-C" in outcome.output and "7 rows" in outcome.output


@pytest.mark.slow
def test_an_exported_text_file_passes_too(
    found: dict[tuple[str, str], Entries], warehouse: Path, tmp_path: Path
) -> None:
    out = tmp_path / "focus.csv.gz"
    assert CliRunner().invoke(export, ["focus", "--out", str(out), "--provider", "cloud"]).exit_code == 0
    outcome = CliRunner().invoke(validate, ["--model", "repaired", "--file", str(out)])
    assert outcome.exit_code == 0, outcome.output
    assert "7 rows" in outcome.output


def test_a_file_that_is_none_is_a_message(tmp_path: Path) -> None:
    (tmp_path / "focus.parquet").write_text("no parquet")
    outcome = CliRunner().invoke(validate, ["--file", str(tmp_path / "focus.parquet")])
    assert outcome.exit_code == 1 and "focus.parquet" in outcome.output and "Traceback" not in outcome.output


@pytest.mark.slow
def test_the_command_fails_a_broken_file_and_names_the_rules(
    found: dict[tuple[str, str], Entries], files: dict[str, Path]
) -> None:
    outcome = CliRunner().invoke(validate, ["--model", "repaired", "--file", str(files["planted"])])
    assert outcome.exit_code == 1
    assert all(rule in outcome.output for _, rule, _ in PLANTED.values())


@pytest.mark.slow
def test_the_command_reads_the_ledger_by_provider(
    found: dict[tuple[str, str], Entries], warehouse: Path
) -> None:
    outcome = CliRunner().invoke(validate, ["--model", "repaired"])
    assert outcome.exit_code == 0, outcome.output
    assert "cloud" in outcome.output and "other" in outcome.output and "7 rows" in outcome.output


def test_without_an_environment_the_command_says_so_and_exits_with_a_code_of_its_own(
    files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    outcome = CliRunner().invoke(validate, ["--file", str(files["clean"])])
    assert outcome.exit_code == 3 and "uv" in outcome.output and "Traceback" not in outcome.output


def test_a_sample_holds_rows_of_every_kind(tmp_path: Path) -> None:
    many = [charge for charge in charges.CHARGES for _ in range(20)]
    file = charges.write(tmp_path / "many.parquet", [*many, {**USAGE, "BilledCost": None}])
    whole = validator_rows.choose(file, tmp_path, limit=1000)
    assert (whole.path, whole.taken, whole.total) == (file, 141, 141)
    kinds = validator_rows.choose(file, tmp_path, limit=3)
    assert (kinds.taken, kinds.total) == (8, 141)
    some = validator_rows.choose(file, tmp_path, limit=100)
    assert some.taken == 99


def test_a_waiver_excuses_its_rule_its_model_and_its_provider_only() -> None:
    waiver = validating.Waiver("A-1", "official", "gcp", "because")
    for model, provider, rule, excused in (
        ("official", "gcp", "A-1", True),
        ("repaired", "gcp", "A-1", False),
        ("official", "aws", "A-1", False),
        ("official", "gcp", "A-2", False),
    ):
        finding = validating.Finding(model, provider, rule, 1, "A MUST be 1.")
        assert waiver.covers(finding) == excused
    assert validating.Waiver("A-1", "any", "any", "because").covers(
        validating.Finding("repaired", "aws", "A-1", 1, "")
    )


def test_only_what_focus_demands_fails() -> None:
    demanded = validating.Finding("repaired", "aws", "A-1", 1, "A MUST NOT be null.")
    advised = validating.Finding("repaired", "aws", "A-2", 1, "A SHOULD be 1.")
    assert (demanded.kind, advised.kind) == ("failed", "advice")
    assert validating.Report(findings=[advised]).passed
    assert not validating.Report(findings=[advised, demanded]).passed
