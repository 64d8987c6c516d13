"""Runs the FOCUS validator over files and writes what every rule found as JSON, in this folder's environment.

    python check.py --model official|repaired --out results.json NAME=FILE...

Here: the official model or its repaired copy, each file validated by itself, one entry a rule. Not here:
which rows the files hold, which failures count (orchestration/validating.py). Nothing is downloaded.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import shutil
import tempfile
from importlib import resources
from pathlib import Path
from typing import Any

import repairs
from focus_validator.validator import Validator

VERSION = "1.2"
BUNDLED = resources.files("focus_validator") / "rules"
# We bill no virtual currency; every other optional part of FOCUS is claimed, so that its columns are checked.
NOT_CLAIMED = {"VIRTUAL_CURRENCY_SUPPORTED"}


def main() -> None:
    """Validate the files named on the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", choices=["official", "repaired"], required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("files", nargs="+", metavar="NAME=FILE")
    arguments = parser.parse_args()
    out = arguments.out.resolve()
    files = {
        name: str(Path(file).resolve()) for name, file in (each.split("=", 1) for each in arguments.files)
    }
    logging.disable(logging.ERROR)  # it logs every query, and writes a log file where it stands
    with tempfile.TemporaryDirectory() as folder:
        rules = _prepare(Path(folder), arguments.model)
        os.chdir(folder)  # the validator looks for its list of currencies from where it stands
        results = {name: _check(file, rules) for name, file in files.items()}
    out.write_text(json.dumps(results, indent=1, default=str), encoding="utf-8")


def _prepare(folder: Path, kind: str) -> Path:
    """The folder that holds the model to use; also lays out what the validator reads beside the data."""
    beside = folder / "focus_validator" / "rules"
    beside.mkdir(parents=True)
    shutil.copy(str(BUNDLED / "currency_codes.csv"), beside)
    source = next(Path(str(BUNDLED)).glob(f"model-{VERSION}*.json"))
    model = json.loads(source.read_text(encoding="utf-8"))
    if kind == "repaired":
        model = repairs.repaired(model)
    (beside / source.name).write_text(json.dumps(model), encoding="utf-8")
    return beside


def _check(file: str, rules: Path) -> list[dict[str, Any]]:
    """One entry a rule: its id, status (passed, failed, skipped), violations, requirement, two samples."""
    model = json.loads(next(rules.glob("model-*.json")).read_text(encoding="utf-8"))
    claimed = [name for name in model["ApplicabilityCriteria"] if name not in NOT_CLAIMED]
    validator = Validator(
        data_filename=file,
        output_destination=None,
        output_type="console",
        rule_set_path=str(rules),
        focus_dataset="CostAndUsage",
        rules_version=VERSION,
        rules_block_remote_download=True,
        applicability_criteria=",".join(claimed),
        show_violations=True,
    )
    validator.load()
    found = validator.spec_rules.validate(validator.focus_data, show_violations=True)
    return [
        _entry(rule_id, result, model["ModelRules"][rule_id]) for rule_id, result in found.by_rule_id.items()
    ]


def _entry(rule_id: str, result: dict[str, Any], rule: dict[str, Any]) -> dict[str, Any]:
    details = result["details"]
    status = "skipped" if details.get("skipped") else "passed" if result["ok"] else "failed"
    cases = details.get("failure_cases")
    return {
        "rule": rule_id,
        "composite": rule["Function"] == "Composite",
        "status": status,
        "violations": details.get("violations", 0) if status == "failed" else 0,
        "requirement": rule["ValidationCriteria"]["MustSatisfy"],
        "message": details.get("message") if status == "failed" else None,
        "samples": []
        if status != "failed" or cases is None
        else cases.astype(object).where(cases.notna(), None).to_dict("records"),
    }


if __name__ == "__main__":
    main()
