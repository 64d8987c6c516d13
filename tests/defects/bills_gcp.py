"""Google's bills, one billing account for each case: the detailed export of January 2026 in JSON lines.

A dotted name is a field of a struct; credits are written `TYPE amount, ...`. Not here: what they must become.
"""

from __future__ import annotations

from pathlib import Path

from tables import bill, write_json

NAMES = {
    "what": "sku.description",
    "type": "cost_type",
    "subscription": "subscription.instance_id",
    "model": "consumption_model.description",
    "amount": "usage.amount_in_pricing_units",
    "consumed": "usage.amount",
    "at_list": "cost_at_list",
    "at_price": "cost_at_effective_price_default",
    "adjusts": "adjustment_info.type",
}
MACHINE = "//compute.googleapis.com/projects/1/zones/us-central1-a/instances/vm"


def nested(row: dict[str, str]) -> dict:
    found: dict = {}
    for name, value in row.items():
        struct, _, field = name.rpartition(".")
        (found.setdefault(struct, {}) if struct else found)[field] = value
    return found


def case(account: str, text: str, **more) -> list[dict]:
    rows = []
    for row in bill(text, NAMES, type="regular", cost="0"):
        credits = [part.split() for part in row.pop("credits", "").split(", ") if part]
        rows.append(
            {
                "billing_account_id": account,
                "invoice": {"month": "202601"},
                "service": {"id": "6F81-5844-456A", "description": "Compute Engine"},
                "project": {"id": "p-1", "name": "Shop", "labels": [], "ancestors": []},
                "labels": [{"key": "team", "value": "web"}],
                "location": {"location": "us-central1", "region": "us-central1"},
                "resource": {"name": "vm", "global_name": MACHINE},
                "usage_start_time": "2026-01-03 10:00:00 UTC",
                "usage_end_time": "2026-01-03 11:00:00 UTC",
                "export_time": "2026-01-04 00:00:00 UTC",
                "currency": "EUR",
                "credits": [{"type": kind, "amount": amount} for kind, amount in credits],
                "price": {"tier_start_amount": 5, "pricing_unit_quantity": 1},
            }
            | nested(row)
            | more
        )
    return rows


# More is given back than is charged: the sum is 1 - 3 - 2 - 4 - 0.01 = -8.01.
NEGATIVE = case(
    "gcp-17",
    """
    what       | type           | cost  | credits      | adjusts
    surplus    | regular        | 1     | PROMOTION -3 | -
    correction | regular        | -2    | -            | USAGE_CORRECTION
    refund     | adjustment     | -4    | -            | GENERAL_ADJUSTMENT
    rounding   | rounding_error | -0.01 | -            | -
    """,
)

# The new model: of a fee of 1 the usage it covers takes 0.75; the rest of the usage is at the default price.
COMMITMENT = case(
    "gcp-19",
    """
    what                               | cost | credits                      | subscription | model                       | amount | consumed | at_list | at_price
    Commitment - dollar based v1: Core | 1    | FEE_UTILIZATION_OFFSET -0.75 | cud-1        | -                           | 1      | 1        | -       | -
    Core                               | 0.75 | -                            | cud-1        | Compute Flexible CUDs 1 Year| 10     | 36000    | 1.25    | 1
    Core above                         | 2    | -                            | -            | -                           | 20     | 72000    | 2.5     | 2
    Spot Preemptible Core              | 0.5  | -                            | -            | -                           | 20     | 72000    | 0.5     | 0.5
    """,
)
for row in COMMITMENT:
    row["sku"]["id"] = "AA-11" if row["sku"]["description"] == "Core" else "BB-22"
    row["usage"] |= {"unit": "seconds", "pricing_unit": "hour"}


def write(folder: Path) -> None:
    write_json(folder / "rows.json", NEGATIVE + COMMITMENT)
