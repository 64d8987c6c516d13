"""Random allocation rules, and an owner of every charge by an implementation of its own.

Here: what a rule set may be, and what it must give. Not here: running the models (test_allocation_fuzz.py).
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import date
from functools import cache

CENTERS = [f"center-{n}" for n in range(8)]
MONTHS = [date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)]
BEFORE = date(2020, 1, 1)
CONDITIONS = ("provider", "billing_account_id", "sub_account_id", "service_name", "region_id")


@dataclass
class RuleSet:
    """Rows of each seed, as tuples in the order of its columns."""

    rules: list[dict] = field(default_factory=list)
    aliases: list[tuple] = field(default_factory=list)
    shared: list[tuple] = field(default_factory=list)
    drivers: list[tuple] = field(default_factory=list)
    commitments: list[tuple] = field(default_factory=list)
    credits_and_taxes: list[tuple] = field(default_factory=list)


def rule_set(seed: int, combinations: list[dict]) -> RuleSet:
    """One of them: sound in its types, but pools may go in circles, get nothing, or name whom nothing was booked to."""
    r = random.Random(seed)
    made = RuleSet()
    for number in range(r.randint(0, 14)):
        like = r.choice(combinations)
        versions = r.choice([[BEFORE], [MONTHS[1]], [BEFORE, MONTHS[1]], [BEFORE, MONTHS[2]]])
        for version, begins in enumerate(versions):
            rule = {
                "rule_id": f"rule-{number}",
                "precedence": number * 10 + 1,
                "resource_pattern": None,
                "tag_key": None,
                "tag_value": None,
                "tag_case": None,
                "cost_center_id": None if version and r.random() < 0.2 else r.choice(CENTERS),
                "effective_from": begins,
            }
            rule |= {
                name: (like[name].upper() if r.random() < 0.3 else like[name])
                if like[name] and r.random() < 0.25
                else None
                for name in CONDITIONS
            }
            if like["resource_id"] and r.random() < 0.25:
                rule["resource_pattern"] = _pattern(r, like["resource_id"])
            if r.random() < 0.6:
                _ask_for_a_tag(r, rule, json.loads(like["owner_tags"] or '{"team": "web"}'))
            made.rules.append(rule)
    r.shuffle(made.rules)
    if r.random() < 0.5:
        made.aliases = [("team", None, "application"), ("team", "web", "API"), ("cost-center", None, "Team")]
    for pool in r.sample(CENTERS, r.randint(0, 4)):
        made.shared += _split(r, pool)
    made.drivers = [
        ("requests", month, center, r.choice([0, 1, 2.5, 1000]))
        for month in MONTHS
        for center in r.sample(CENTERS, r.randint(0, 3))
    ]
    policies = ["owner", "payer", "shared"]
    for provider in r.sample([None, "aws", "azure", "gcp"], r.randint(0, 3)):
        row = (provider, r.choice(policies), r.choice(CENTERS), r.choice(["user", "owner"]), BEFORE)
        made.commitments.append(row)
    for category in ("Credit", "Tax"):
        for provider in r.sample([None, "aws", "azure"], r.randint(0, 2)):
            row = (category, provider, r.choice(policies), r.choice(CENTERS), r.choice([BEFORE, MONTHS[1]]))
            made.credits_and_taxes.append(row)
    return made


def _pattern(r: random.Random, resource: str) -> str:
    cut = r.randint(1, len(resource))
    return r.choice([f"*{resource[-cut:]}", f"{resource[:cut]}*", f"*{resource[cut // 2 : cut]}*", resource])


def _ask_for_a_tag(r: random.Random, rule: dict, tags: dict) -> None:
    key = r.choice(sorted(tags))
    rule["tag_key"] = r.choice([key, key.upper(), "team"])
    if r.random() < 0.8:
        rule["tag_value"] = r.choice([tags[key], str(tags[key]).upper(), "web"])
        rule["tag_case"] = r.choice([None, "any", "exact"])


def _split(r: random.Random, pool: str) -> list[tuple]:
    method = r.choice(["fixed", "proportional", "even", "driver", "keep"])
    begins = r.choice([BEFORE, MONTHS[1]])
    if method in ("driver", "keep"):
        return [(pool, method, None, None, "requests", begins)]
    if method != "fixed" and r.random() < 0.5:
        return [(pool, method, None, None, None, begins)]
    receivers = r.sample([c for c in CENTERS if c != pool], r.randint(1, 3))
    return [(pool, method, receiver, 1 / len(receivers), None, begins) for receiver in receivers]


def owner(combination: dict, month: date, rules: RuleSet) -> tuple[str | None, str]:
    """The rule and the center of a combination of attributes in a month: the words of seeds/_seeds.yml, in Python."""
    tags = _tags(combination["owner_tags"] or "{}")
    in_force: dict[str, dict] = {}
    for rule in sorted(rules.rules, key=lambda rule: rule["effective_from"]):
        if rule["effective_from"] <= month:
            in_force[rule["rule_id"]] = rule
    found = [
        rule
        for rule in in_force.values()
        if rule["cost_center_id"] and _meets(combination, tags, rule, rules.aliases)
    ]
    if found:
        first = min(found, key=lambda rule: rule["precedence"])
        return first["rule_id"], first["cost_center_id"]
    return None, "unallocated" if combination["is_taggable"] else "untaggable"


@cache
def _tags(text: str) -> dict:
    return json.loads(text)


def _meets(combination: dict, tags: dict, rule: dict, aliases: list[tuple]) -> bool:
    for name in CONDITIONS:
        if rule[name] and (combination[name] or "").lower() != rule[name].lower():
            return False
    if rule["resource_pattern"] and not _like(
        (combination["resource_id"] or "").lower(), rule["resource_pattern"].lower()
    ):
        return False
    if not rule["tag_key"]:
        return True
    value = _tag(tags, rule["tag_key"].lower(), aliases)
    if value is None or rule["tag_value"] is None:
        return value is not None
    if rule["tag_case"] == "exact":
        return value == rule["tag_value"]
    return value.lower() == rule["tag_value"].lower()


def _tag(tags: dict, key: str, aliases: list[tuple]) -> str | None:
    names = [key, *sorted(alias.lower() for k, v, alias in aliases if k == key and v is None)]
    for name in names:
        spelt = [held for held in tags if held.lower() == name]
        value = str(tags[max(spelt)]).strip() if spelt else ""
        if value:
            mended = [v for k, v, alias in aliases if k == key and v and alias.lower() == value.lower()]
            return mended[0] if mended else value
    return None


def _like(text: str, pattern: str) -> bool:
    core = pattern.strip("*")
    if pattern.startswith("*") and pattern.endswith("*"):
        return core in text
    if pattern.startswith("*"):
        return text.endswith(core)
    return text.startswith(core) if pattern.endswith("*") else text == core
