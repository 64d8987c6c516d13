"""The Azure bill as it is being written: actual rows, amortized rows and truth side by side.

Belongs here: what every cost row shares, and which of the two exports holds it. Does not: any single kind
of charge (azure_usage.py, azure_benefits.py, azure_charges.py).
"""

import numpy as np

from demo.azure_catalog import COMPANY, CURRENCY, DEPARTMENTS, ENROLLMENT, SUBSCRIPTIONS
from demo.estate import ACCOUNT_NAMES, DAY, Calendar, Estate
from demo.rows import Rows, pick
from demo.truth import Truth

NOBODY = len(ACCOUNT_NAMES)  # the account index of rows without a subscription


class Bill:
    """Collects cost rows. Costs are EUR, rounded to ten places.

    An ordinary charge stands in both exports. `covered` usage costs nothing in actual and its share in
    amortized; a benefit `purchase` (or its refund) stands only in actual, `unused` only in amortized.
    """

    def __init__(self, estate: Estate, truth: Truth) -> None:
        self.estate, self.truth = estate, truth
        self.calendar: Calendar = estate.calendar
        self.actual, self.amortized = Rows(), Rows()
        months = self.calendar.months
        self.counts = {"actual": np.zeros(months, dtype=int), "amortized": np.zeros(months, dtype=int)}
        self.billed_by_month, self.effective_by_month = np.zeros(months), np.zeros(months)

    def emit(
        self, charge_type, *, day, account, service, quantity, cost, list_cost, benefit=None, **columns
    ) -> None:
        """Add charges: arrays (or scalars) of day and account indexes, block quantities, costs.

        `benefit` is None, "covered", "purchase" or "unused"; `service` the meter category, by row or for all.
        """
        day = np.asarray(day)
        count = len(day)
        account = np.broadcast_to(account, count)
        quantity, cost, list_cost = (
            np.broadcast_to(v, count).astype(float) for v in (quantity, cost, list_cost)
        )
        billed = np.zeros(count) if benefit in ("covered", "unused") else cost
        effective = np.zeros(count) if benefit == "purchase" else cost
        shared = (
            self._when(day)
            | self._who(account)
            | {"ChargeType": charge_type, "MeterCategory": service, "Quantity": quantity}
        )
        month = self.calendar.month[day]
        for name, rows, value, present in (
            ("actual", self.actual, billed, benefit != "unused"),
            ("amortized", self.amortized, effective, benefit != "purchase"),
        ):
            if present:
                price = np.divide(value, quantity, out=np.zeros(count), where=quantity != 0)
                rows.add(
                    count,
                    **(
                        shared
                        | columns
                        | {"CostInBillingCurrency": value, "EffectivePrice": np.round(price, 12)}
                    ),
                )
                np.add.at(self.counts[name], month, 1)
        np.add.at(self.billed_by_month, month, billed)
        np.add.at(self.effective_by_month, month, effective)
        self.truth.charge(
            count,
            provider="azure",
            billing_period=self.calendar.starts[month],
            charge_date=self.calendar.days[day],
            sub_account_id=pick((*SUBSCRIPTIONS, None), account),
            service=service,
            currency=CURRENCY,
            billed_cost=billed,
            effective_cost=effective,
            list_cost=list_cost,
        )

    def _when(self, day: np.ndarray) -> dict:
        calendar = self.calendar
        month = calendar.month[day]
        return {
            "Date": pick([american(d) for d in calendar.days], day),
            "BillingPeriodStartDate": pick([american(d) for d in calendar.starts], month),
            "BillingPeriodEndDate": pick([american(d - DAY) for d in calendar.ends], month),
        }

    def _who(self, account: np.ndarray) -> dict:
        return {
            "InvoiceSectionName": pick((*DEPARTMENTS, None), account),
            "AccountName": pick((*[f"{n} account" for n in ACCOUNT_NAMES], None), account),
            "AccountOwnerId": pick((*[f"{n}-owner@example.com" for n in ACCOUNT_NAMES], None), account),
            "AccountId": pick((*[str(310000 + i) for i in range(len(ACCOUNT_NAMES))], None), account),
            "CostCenter": pick((*[f"CC-{100 + 10 * i}" for i in range(len(ACCOUNT_NAMES))], None), account),
            "SubscriptionId": pick((*SUBSCRIPTIONS, None), account),
            "SubscriptionName": pick((*ACCOUNT_NAMES, None), account),
            "BillingAccountId": ENROLLMENT,
            "BillingAccountName": COMPANY,
            "BillingProfileId": ENROLLMENT,
            "BillingProfileName": COMPANY,
            "BillingCurrencyCode": CURRENCY,
            "OfferId": "MS-AZR-0017P",
            "PublisherType": "Azure",
            "PublisherName": "Microsoft",
            "Frequency": "UsageBased",
            "PricingModel": "OnDemand",
            "IsAzureCreditEligible": "True",
            "UnitPrice": 0.0,
            "PayGPrice": 0.0,
        }


def american(day: np.datetime64) -> str:
    return day.item().strftime("%m/%d/%Y")
