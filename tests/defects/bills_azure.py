"""Azure's bills, one billing account for each case: cost details of January 2026, actual and amortized in CSV.

Not here: what they must become.
"""

from __future__ import annotations

from pathlib import Path

from tables import bill, write_csv

NAMES = {
    "what": "ProductName",
    "type": "ChargeType",
    "model": "PricingModel",
    "quantity": "Quantity",
    "unit": "UnitOfMeasure",
    "price": "UnitPrice",
    "list_price": "PayGPrice",
    "cost": "CostInBillingCurrency",
    "date": "Date",
    "period_start": "BillingPeriodStartDate",
    "period_end": "BillingPeriodEndDate",
    "namespace": "ConsumedService",
    "meter": "MeterCategory",
    "resource": "ResourceId",
    "benefit": "benefitId",
    "frequency": "Frequency",
    "profile": "BillingProfileId",
    "corrects": "previousInvoiceId",
    "tags": "Tags",
}
VM = "/subscriptions/1/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm"
RESERVATION = "/providers/Microsoft.Capacity/reservationOrders/1/reservations/2"
PLAN = "/providers/Microsoft.BillingBenefits/savingsPlanOrders/3/savingsPlans/4"


def case(account: str, text: str) -> list[dict[str, str]]:
    """Rows of one account; {vm}, {reservation} and {plan} stand for long identifiers."""
    text = text.replace("{vm}", VM).replace("{reservation}", RESERVATION).replace("{plan}", PLAN)
    rows = bill(
        text,
        NAMES,
        type="Usage",
        model="OnDemand",
        quantity="1",
        cost="1",
        date="01/15/2026",
        period_start="01/01/2026",
        period_end="01/31/2026",
        meter="Virtual Machines",
    )
    fixed = {"BillingAccountId": account, "BillingCurrencyCode": "EUR", "SubscriptionId": "sub-1"}
    fixed |= {"SubscriptionName": "Shop", "MeterId": "m-1", "OfferId": "MS-1", "PublisherType": "Azure"}
    return [fixed | row for row in rows]


DATES = case(
    "azure-11",
    """
    what | date                | period_start         | period_end
    us   | 01/15/2026          | 1/1/2026             | 1/31/2026
    iso  | 2026-01-31          | 2026-01-01           | 2026-01-31
    time | 2026-01-02T00:00:00 | 2026-01-01T00:00:00Z | 2026-01-31T00:00:00Z
    """,
)

MODELS = case(
    "azure-13",
    """
    what      | model     | cost | benefit
    on demand | OnDemand  | 5    | -
    spaced    | On Demand | 5    | -
    spot      | Spot      | 2    | -
    """,
)
MODELS_AMORTIZED = case(
    "azure-13",
    """
    what     | model       | cost | benefit
    planned  | SavingsPlan | 4    | {plan}
    reserved | Reservation | 6    | {reservation}
    """,
)

# Prices are for a block of the unit: 3.5 blocks of 10,000 transactions at 0.05.
BLOCKS = case(
    "azure-14",
    """
    what         | type  | quantity | unit      | price | list_price | cost  | tags       | resource
    transactions | Usage | 3.5      | 10K       | 0.05  | 0.06       | 0.175 | "team": "web" | {vm}
    hours        | Usage | 0.24     | 100 Hours | 20    | 25         | 4.8   | -          | {vm}
    single       | Usage | 24       | 1 Hour    | 0.2   | 0.25       | 4.8   | -          | {vm}
    """,
)
BLOCKS_AMORTIZED = case(
    "azure-25",
    """
    what     | type              | model       | quantity | unit      | price | list_price | cost | benefit
    reserved | Usage             | Reservation | 0.24     | 100 Hours | 20    | 25         | 3    | {reservation}
    idle     | UnusedReservation | Reservation | 0.06     | 100 Hours | 0     | 0          | 1    | {reservation}
    """,
)

SERVICES = case(
    "azure-15",
    """
    what     | type     | namespace         | meter            | model       | benefit       | resource | cost
    upper    | Usage    | MICROSOFT.COMPUTE | Other            | OnDemand    | -             | {vm}     | 1
    mixed    | Usage    | microsoft.Compute | Other            | OnDemand    | -             | {vm}     | 1
    purchase | Purchase | -                 | Virtual Machines | Reservation | {reservation} | -        | 100
    """,
)

BENEFITS = case(
    "azure-26",
    """
    what | type     | model       | cost | benefit | frequency
    plan | Purchase | SavingsPlan | 50   | {plan}  | UsageBased
    used | Usage    | SavingsPlan | 0    | {plan}  | UsageBased
    """,
)
BENEFITS_AMORTIZED = case(
    "azure-26",
    """
    what | type              | model       | cost | benefit
    used | Usage             | SavingsPlan | 45   | {plan}
    idle | UnusedSavingsPlan | SavingsPlan | 5    | {plan}
    """,
)
PROFILE = case(
    "account-of-azure-26-profile",
    """
    what | profile
    vm   | azure-26-profile
    """,
)

REFUNDS = case(
    "azure-27",
    """
    what                | type   | model       | quantity | cost | benefit       | corrects | date
    usage               | Refund | OnDemand    | -1       | -2   | -             | -        | 01/10/2026
    usage of December   | Refund | OnDemand    | -1       | -3   | -             | -        | 12/20/2025
    earlier invoice     | Refund | OnDemand    | -1       | -4   | -             | G000     | 01/10/2026
    reservation         | Refund | Reservation | -1       | -40  | {reservation} | -        | 01/10/2026
    """,
)

# All of one meter and offer: 1 is the least of its list prices, and the price of no other row.
PRICES = case(
    "azure-29",
    """
    what           | quantity | price | list_price | cost
    cheapest       | 10       | 0.9   | 1          | 9
    no list price  | 10       | 3     | 0          | 30
    above the list | 10       | 2     | 1.5        | 20
    """,
)
PRICES_AMORTIZED = case(
    "azure-29-covered",
    """
    what            | model       | quantity | price | list_price | cost | benefit
    priced          | Reservation | 10       | 2     | 3          | 12   | {reservation}
    no price        | Reservation | 10       | 0     | 3          | 12   | {reservation}
    no price at all | Reservation | 10       | 0     | 0          | 12   | {reservation}
    """,
)

# Two reservations of three years: the price is the whole term's, though the unit says an hour.
TERM = case(
    "azure-32",
    """
    what        | type     | model       | quantity | unit   | price | list_price | cost | benefit
    reservation | Purchase | Reservation | 2        | 1 Hour | 4594  | 4594       | 9188 | {reservation}
    """,
)

TAGS = case(
    "azure-33",
    """
    what   | tags
    none   | -
    bare   | "team": "web"
    braced | {"team": "web"}
    empty  | {}
    broken | "team": "we
    """,
)


def write(folder: Path) -> None:
    actual = DATES + MODELS + BLOCKS + SERVICES + BENEFITS + PROFILE + REFUNDS + PRICES + TERM + TAGS
    # usage without a benefit, and what is bought and not a benefit, stands in both files
    both = [row for row in actual if "benefitId" not in row]
    write_csv(folder / "actual" / "part_0_0001.csv", actual)
    amortized = both + MODELS_AMORTIZED + BLOCKS_AMORTIZED + BENEFITS_AMORTIZED + PRICES_AMORTIZED
    write_csv(folder / "amortized" / "part_0_0001.csv", amortized)
