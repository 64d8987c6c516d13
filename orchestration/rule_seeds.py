"""Checks the seeds that say who pays, before a build: each fault names file, line, field and remedy.

Here: what a person can get wrong in a field or a row. Not here: circles (rule_chains.py), what the seeds mean
(seeds/_seeds.yml, whose tests hold the same on every engine, in dbt's words), and the allocating (models/).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from orchestration import rule_chains
from orchestration.rule_rows import Row, Seeds, told

SEEDS = Path(__file__).resolve().parents[1] / "seeds"

# By file: what each field must be. `center` names a cost center, `month` is a first of a month, `|` lists
# what is allowed; a question mark lets a field be empty. Fields that are not here are free text.
FIELDS = {
    "cost_centers": {
        "cost_center_id": "text",
        "cost_center_name": "text",
        "parent_id": "center?",
        "owner": "text",
        "effective_from": "month",
    },
    "allocation_rules": {
        "rule_id": "text",
        "precedence": "whole",
        "resource_pattern": "pattern?",
        "tag_case": "any|exact?",
        "cost_center_id": "center?",
        "effective_from": "month",
    },
    "tag_aliases": {"tag_key": "text", "alias": "text"},
    "shared_cost_rules": {
        "pool_id": "center",
        "method": "fixed|proportional|even|driver|keep",
        "receiver_id": "center?",
        "share": "amount?",
        "effective_from": "month",
    },
    "usage_drivers": {
        "driver": "text",
        "billing_period": "month",
        "cost_center_id": "center",
        "quantity": "amount",
    },
    "commitment_policy": {
        "waste": "owner|payer|shared",
        "payer_id": "center?",
        "benefit": "user|owner",
        "effective_from": "month",
    },
    "credit_and_tax_policy": {
        "charge_category": "Credit|Tax",
        "policy": "owner|payer|shared",
        "payer_id": "center?",
        "effective_from": "month",
    },
    "closed_periods": {"billing_period": "month"},
    "taggable_resource_types": {"provider": "text", "resource_type": "text", "is_taggable": "0|1"},
    "tag_policy": {"tag_key": "text", "allowed_value": "pattern?", "tag_case": "any|exact?"},
    "budget_amounts": {
        "budget_id": "text",
        "billing_period": "month",
        "cost_center_id": "center?",
        "billing_currency": "currency",
        "budget_cost": "amount",
    },
}
KEYS = {
    "cost_centers": ("cost_center_id", "effective_from"),
    "allocation_rules": ("rule_id", "effective_from"),
    "shared_cost_rules": ("pool_id", "receiver_id", "effective_from"),
    "usage_drivers": ("driver", "billing_period", "cost_center_id"),
    "commitment_policy": ("provider", "effective_from"),
    "credit_and_tax_policy": ("charge_category", "provider", "effective_from"),
    "closed_periods": ("billing_period",),
    "budget_amounts": ("budget_id", "billing_period"),
}


class RuleSeedError(Exception):
    """The seeds cannot be allocated by; the message has a line for each fault."""


def ensure_sound(folder: Path = SEEDS) -> None:
    """Raises RuleSeedError when a seed has a fault: at most twenty are told at once."""
    faults = list(problems(folder))
    if faults:
        more = [f"and {len(faults) - 20} more"] if len(faults) > 20 else []
        raise RuleSeedError("\n".join([*faults[:20], *more]))


def problems(folder: Path = SEEDS) -> Iterator[str]:
    """Every fault of the seeds in the folder, as one line of text each."""
    seeds: Seeds = {}
    for seed, fields in FIELDS.items():
        rows, columns = _read(folder / f"{seed}.csv")
        seeds[seed] = rows
        if missing := [name for name in fields if name not in columns]:
            yield f"{seed}.csv, {missing[0]}: the column is missing; the first line must name it"
            return
    centers = {row["cost_center_id"] for row in seeds["cost_centers"]}
    for seed, fields in FIELDS.items():
        for row in seeds[seed]:
            for name, kind in fields.items():
                if fault := _fault(row[name], kind, centers):
                    yield told(seed, row, name, fault)
        yield from _repeated(seed, seeds[seed])
    yield from _ambiguous(seeds["allocation_rules"])
    yield from _too_early(seeds)
    yield from _payers(seeds)
    yield from _shares(seeds["shared_cost_rules"])
    yield from rule_chains.pools(seeds)
    yield from rule_chains.centers(seeds["cost_centers"])


def _read(path: Path) -> tuple[list[Row], list[str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        rows = [
            Row(reader.line_num, {name: (value or "").strip() for name, value in row.items() if name})
            for row in reader
        ]
        return rows, list(reader.fieldnames or ())


def _fault(value: str, kind: str, centers: set[str]) -> str | None:
    optional, kind = kind.endswith("?"), kind.rstrip("?")
    if not value:
        return None if optional else "is empty; fill it in"
    if kind == "center" and value not in centers:
        return f"there is no cost center '{value}'; add it to cost_centers.csv, or name another"
    if kind == "month" and not _is_month(value):
        return f"'{value}' is no first day of a month; write it like 2026-09-01"
    if kind == "whole" and not re.fullmatch(r"-?\d+", value):
        return f"'{value}' is no whole number"
    if kind == "amount" and not re.fullmatch(r"\d+(\.\d+)?", value):
        return f"'{value}' is no number of zero or more; write it like 1250.5"
    if kind == "currency" and not re.fullmatch(r"[A-Z]{3}", value):
        return f"'{value}' is no currency; write its ISO 4217 code, such as EUR"
    if kind == "pattern" and ("*" in value.strip("*") or value.startswith("**") or not value.strip("*")):
        return f"'{value}' has a star within; a star may stand at the start, the end or both"
    if "|" in kind and value not in kind.split("|"):
        return f"'{value}' is not allowed; write {', '.join(kind.split('|')[:-1])} or {kind.split('|')[-1]}"
    return None


def _is_month(value: str) -> bool:
    try:
        return date.fromisoformat(value).day == 1
    except ValueError:
        return False


def _repeated(seed: str, rows: list[Row]) -> Iterator[str]:
    seen: dict[tuple[str, ...], int] = {}
    key = KEYS.get(seed, ())
    for row in rows if key else ():
        values = tuple(row[name] for name in key)
        if values in seen:
            yield told(seed, row, key[-1], f"repeats line {seen[values]}; keep one of the two")
        seen.setdefault(values, row.line)


def _ambiguous(rules: list[Row]) -> Iterator[str]:
    """Two rules of one precedence: which of them wins would depend on the order of rows."""
    owner: dict[str, str] = {}
    for row in rules:
        number = row["precedence"].lstrip("0") or "0"
        if owner.setdefault(number, row["rule_id"]) != row["rule_id"]:
            fault = f"{number} belongs to rule '{owner[number]}' already; give each rule a number of its own"
            yield told("allocation_rules", row, "precedence", fault)
        if row["tag_value"] and not row["tag_key"]:
            yield told("allocation_rules", row, "tag_key", "is empty beside a tag_value; name the tag")


def _too_early(seeds: Seeds) -> Iterator[str]:
    begins: dict[str, str] = {}
    for row in seeds["cost_centers"]:
        center = row["cost_center_id"]
        begins[center] = min(begins.get(center, "9999"), row["effective_from"])
    for row in seeds["allocation_rules"]:
        began = begins.get(row["cost_center_id"], "")
        if row["effective_from"] < began:
            fault = f"the center '{row['cost_center_id']}' begins on {began}; begin the rule then or later"
            yield told("allocation_rules", row, "effective_from", fault)


def _payers(seeds: Seeds) -> Iterator[str]:
    for seed, field in (("commitment_policy", "waste"), ("credit_and_tax_policy", "policy")):
        for row in seeds[seed]:
            if row[field] == "payer" and not row["payer_id"]:
                yield told(seed, row, "payer_id", "is empty; name the center that pays")
    for row in seeds["budget_amounts"]:
        if row["cost_center_id"] and row["sub_account_id"]:
            fault = "stands beside a cost_center_id; leave one of them out"
            yield told("budget_amounts", row, "sub_account_id", fault)


def _shares(rows: list[Row]) -> Iterator[str]:
    terms: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        terms.setdefault((row["pool_id"], row["effective_from"]), []).append(row)
    for (pool, _), term in terms.items():
        methods = sorted({row["method"] for row in term})
        if len(methods) > 1:
            fault = f"the pool '{pool}' has {' and '.join(methods)} at one time; choose one"
            yield told("shared_cost_rules", term[-1], "method", fault)
        needed = {"fixed": ("receiver_id", "share"), "driver": ("driver",)}.get(methods[0], ())
        empty = [(row, name) for row in term for name in needed if not row[name]]
        for row, name in empty:
            yield told("shared_cost_rules", row, name, f"is empty; {methods[0]} shares need it")
        if methods == ["fixed"] and not empty:
            total = sum(float(row["share"]) for row in term if re.fullmatch(r"\d+(\.\d+)?", row["share"]))
            if abs(total - 1) > 1e-9:
                fault = f"the shares of '{pool}' add up to {total:g}; make them add up to 1"
                yield told("shared_cost_rules", term[-1], "share", fault)
