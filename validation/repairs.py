"""Repairs of the validator's bundled FOCUS 1.2 model, applied to a copy in memory.

Here: where a rule's check contradicts its own sentence ("MUST NOT be null when ..."), and how that is put
right. Not here: running the validator (check.py), what we excuse (waivers.yml). The model itself is the FOCUS
project's and stays in its package; a repaired model is ours and is labelled so.
"""

from __future__ import annotations

import copy
import re
from typing import Any

USAGE = {"CheckFunction": "CheckValue", "ColumnName": "ChargeCategory", "Value": "Usage"}
PURCHASE = {"CheckFunction": "CheckValue", "ColumnName": "ChargeCategory", "Value": "Purchase"}
NOT_USAGE = {**USAGE, "CheckFunction": "CheckNotValue"}
NOT_PURCHASE = {**PURCHASE, "CheckFunction": "CheckNotValue"}
NOT_CORRECTION = {"CheckFunction": "CheckNotValue", "ColumnName": "ChargeClass", "Value": "Correction"}


def _is_null(column: str) -> dict[str, Any]:
    return {"CheckFunction": "CheckValue", "ColumnName": column, "Value": None}


def _not_null(column: str) -> dict[str, Any]:
    return {"CheckFunction": "CheckNotValue", "ColumnName": column, "Value": None}


def _all(*items: dict[str, Any]) -> dict[str, Any]:
    return {"CheckFunction": "AND", "Items": list(items)}


# The condition that a rule's sentence states; the model ships another, or one that the validator cannot read
CONDITIONS: dict[str, dict[str, Any]] = {
    "CommitmentDiscountStatus-C-004-C": _all(_not_null("CommitmentDiscountId"), USAGE),
    "CapacityReservationStatus-C-003-C": _is_null("CapacityReservationId"),
    "CapacityReservationStatus-C-004-C": _all(_not_null("CapacityReservationId"), USAGE),
    "ConsumedQuantity-C-006-C": NOT_CORRECTION,
    # a corrected purchase or usage of a commitment may carry its quantity: only "null" is optional there
    "CommitmentDiscountQuantity-C-007-C": {
        "CheckFunction": "OR",
        "Items": [_all(NOT_USAGE, NOT_PURCHASE), _is_null("CommitmentDiscountId")],
    },
    # "intended to cover future eligible charges": in the columns of 1.2 that is a purchase of a commitment
    "EffectiveCost-C-005-C": _all(PURCHASE, _not_null("CommitmentDiscountId")),
}
REQUIREMENTS: dict[str, dict[str, Any]] = {
    # the check that ships here is not implemented; the other cost columns' twin of the rule uses this one
    "BilledCost-C-004-M": _not_null("BilledCost"),
}
ALLOWED_VALUES = {"CommitmentDiscountStatus-C-005-M": ("CommitmentDiscountStatus", ["Used", "Unused"])}
# Alternatives that are in truth two rules for two kinds of row: both must hold.
BOTH_MUST_HOLD = ("SubAccountType-C-003-C",)
# What no column can tell, or what the sentence only permits: no longer checked.
CANNOT_BE_CHECKED = (
    "InvoiceId-C-004-C",  # whether a charge stands on an invoice
    "InvoiceId-C-005-C",
    "BilledCost-C-005-C",  # who receives the payment: a legal entity's name is not its provider's
    "ConsumedQuantity-C-007-C",  # "MAY be null"
)


def repaired(model: dict[str, Any]) -> dict[str, Any]:
    """A repaired copy of the model. Raises KeyError when the model lacks a rule that a repair names."""
    model = copy.deepcopy(model)
    rules = model["ModelRules"]
    for rule_id, condition in CONDITIONS.items():
        rules[rule_id]["ValidationCriteria"]["Condition"] = copy.deepcopy(condition)
    for rule_id, requirement in REQUIREMENTS.items():
        rules[rule_id]["ValidationCriteria"]["Requirement"] = copy.deepcopy(requirement)
    for rule_id in BOTH_MUST_HOLD:
        rules[rule_id]["ValidationCriteria"]["Requirement"]["CheckFunction"] = "AND"
    for rule_id in CANNOT_BE_CHECKED:
        rules[rule_id]["Type"] = "Dynamic"
        rules[rule_id]["ValidationCriteria"]["Requirement"] = {}
    for rule_id, rule in rules.items():
        criteria = rule["ValidationCriteria"]
        criteria["Condition"] = _admit_null(criteria.get("Condition") or {})
        criteria["Requirement"] = _every_row(rule_id, criteria.get("Requirement") or {})
    model["Details"]["ModelVersion"] += " (repaired by Cloudtally)"
    return model


def _admit_null(condition: dict[str, Any]) -> dict[str, Any]:
    """The condition with each "is not X" true of null too, which the validator takes for false."""
    if "Items" in condition:
        return {**condition, "Items": [_admit_null(item) for item in condition["Items"]]}
    if "CheckCondition" in condition:  # misspelt in the model; without a column the condition is dropped
        condition = {
            "ColumnName" if key == "CheckCondition" else key: value for key, value in condition.items()
        }
    if condition.get("CheckFunction") == "CheckNotValue" and condition.get("Value") is not None:
        return {"CheckFunction": "OR", "Items": [condition, _is_null(condition["ColumnName"])]}
    return condition


def _every_row(rule_id: str, requirement: dict[str, Any]) -> dict[str, Any]:
    """A list of alternatives as one pattern: the validator passes a list once any row meets any of it."""
    if rule_id in ALLOWED_VALUES:
        return _pattern(*ALLOWED_VALUES[rule_id])
    items = requirement.get("Items") or []
    if requirement.get("CheckFunction") != "OR":
        return requirement
    if all(item["CheckFunction"] == "CheckValue" for item in items):
        return _pattern(items[0]["ColumnName"], [item["Value"] for item in items])
    if all(
        item["CheckFunction"] == "AND" for item in items
    ):  # subcategory and its category: test them joined
        columns = [part["ColumnName"] for part in items[0]["Items"]]
        values = [" in ".join(part["Value"] for part in item["Items"]) for item in items]
        return _pattern("(" + " || ' in ' || ".join(columns) + ")", values)
    return requirement


def _pattern(column: str, values: list[str]) -> dict[str, Any]:
    pattern = "^(" + "|".join(re.escape(value).replace("\\ ", " ") for value in values) + ")$"
    return {"CheckFunction": "CheckRegexMatch", "ColumnName": column, "Pattern": pattern}
