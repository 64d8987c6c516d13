"""The AWS bill as it is being written: rows and truth side by side, and the sums that later rows depend on.

Belongs here: what every line item shares. Does not: any single line item kind (aws_usage.py,
aws_commitments.py, aws_fees.py).
"""

import numpy as np
import pyarrow as pa

from demo.aws_catalog import ACCOUNT_IDS, AWS, CURRENCY, PAYER, PRODUCT_NAMES, SERVICES
from demo.aws_schema import TEXT_MAP
from demo.estate import ACCOUNT_NAMES, DAY, Calendar, Estate
from demo.rows import Rows, digest, pick
from demo.truth import Truth

EDP_RATE = 0.06


class Bill:
    """Collects line items. Costs are USD, rounded to ten places, so that sums of them cancel exactly.

    `net_from` is the first month with discounts: from there on every row has a net cost (the net world),
    before it the net columns are null (the gross world).
    """

    def __init__(self, estate: Estate, truth: Truth) -> None:
        self.estate, self.truth, self.rows = estate, truth, Rows()
        self.calendar: Calendar = estate.calendar
        months = self.calendar.months
        self.net_from = months - min(4, max(1, months // 2))
        shape = (len(ACCOUNT_IDS), len(SERVICES), len(self.calendar.days))
        self.edp, self.bundled, self.taxable = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        self.rows_by_month = np.zeros(months, dtype=int)
        self.effective_by_month = np.zeros(months)
        self.billed_by_month = np.zeros(months)

    def net_on(self, day: np.ndarray) -> np.ndarray:
        return self.calendar.month[day] >= self.net_from

    def net_rate(self, day: np.ndarray) -> np.ndarray:
        """1 in the gross world, 1 - EDP_RATE in the net world."""
        return np.where(self.net_on(day), 1 - EDP_RATE, 1.0)

    def net_only(self, day: np.ndarray, values) -> np.ndarray:
        """Values of a net column: NaN (null) in the gross world."""
        return np.where(self.net_on(day), values, np.nan)

    def emit(
        self,
        kind,
        *,
        account,
        service,
        day,
        cost,
        net=None,
        billed=None,
        effective=None,
        list_cost=None,
        key=0,
        whole_month=False,
        taxable=False,
        bundled=None,
        **columns,
    ) -> None:
        """Add line items of one type: arrays (or scalars) of account, service and day indexes and costs.

        `cost` and `net` are the unblended columns (net defaults to cost); `billed`, `effective`,
        `list_cost` the FOCUS costs (they default to net, billed, cost). `key` tells rows of a kind,
        service, account and day apart.
        """
        day = np.asarray(day)
        count = len(day)
        account, service, key = (np.broadcast_to(v, count) for v in (account, service, key))
        net = cost if net is None else net
        billed = net if billed is None else billed
        effective = billed if effective is None else effective
        cost, net, billed, effective = (
            np.broadcast_to(v, count).astype(float) for v in (cost, net, billed, effective)
        )
        list_cost = np.broadcast_to(cost if list_cost is None else list_cost, count)
        self._sums(account, service, day, cost, net, billed, effective, taxable, bundled)
        names = {
            "bill_bill_type": "Anniversary",
            "bill_billing_entity": "AWS",
            "bill_invoicing_entity": AWS,
            "line_item_legal_entity": AWS,
            "line_item_line_item_type": kind,
            "pricing_currency": CURRENCY,
            "line_item_blended_cost": cost,
            "line_item_unblended_cost": cost,
            "line_item_net_unblended_cost": self.net_only(day, net),
            "line_item_product_code": pick(SERVICES, service),
            "product": pick([{"product_name": PRODUCT_NAMES[s]} for s in SERVICES], service, TEXT_MAP),
        }
        names |= self._when(kind, key, account, service, day, whole_month) | self._who(account, day)
        self.rows.add(count, **(names | columns))
        month = self.calendar.month[day]
        self.truth.charge(
            count,
            provider="aws",
            billing_period=self.calendar.starts[month],
            charge_date=self.calendar.days[day],
            sub_account_id=pick(ACCOUNT_IDS, account),
            service=pick(SERVICES, service),
            currency=CURRENCY,
            billed_cost=billed,
            effective_cost=effective,
            list_cost=list_cost,
        )

    def _sums(self, account, service, day, cost, net, billed, effective, taxable, bundled) -> None:
        where = (account, service, day)
        month = self.calendar.month[day]
        np.add.at(self.rows_by_month, month, 1)
        np.add.at(self.billed_by_month, month, billed)
        np.add.at(self.effective_by_month, month, effective)
        if taxable:
            np.add.at(self.taxable, where, np.maximum(billed, 0))
            bundle = np.zeros(len(day)) if bundled is None else bundled
            np.add.at(self.bundled, where, bundle)
            np.add.at(self.edp, where, cost - net - bundle)

    def _when(self, kind, key, account, service, day, whole_month) -> dict:
        calendar = self.calendar
        month = calendar.month[day]
        start = calendar.days[day]
        end = calendar.ends[month] if whole_month else start + DAY
        intervals = [f"{d}T00:00:00Z/{d + DAY}T00:00:00Z" for d in calendar.days]
        combos, inverse = np.unique(
            np.stack([np.asarray(key, dtype=int), account, service, month], axis=1),
            axis=0,
            return_inverse=True,
        )
        ids = [digest(kind, *combo, size=26) for combo in combos]
        invoices = [
            None if m == calendar.open_month else f"2{digest('invoice', m, size=5)}"
            for m in range(calendar.months)
        ]
        return {
            "identity_line_item_id": pick(ids, inverse.ravel()),
            "identity_time_interval": pick(intervals, day),
            "bill_billing_period_start_date": calendar.starts[month].astype("datetime64[ms]"),
            "bill_billing_period_end_date": calendar.ends[month].astype("datetime64[ms]"),
            "bill_invoice_id": pick(invoices, month),
            "line_item_usage_start_date": start.astype("datetime64[ms]"),
            "line_item_usage_end_date": end.astype("datetime64[ms]"),
        }

    def _who(self, account, day) -> dict:
        return {
            "bill_payer_account_id": PAYER,
            "bill_payer_account_name": "shared-services",
            "line_item_usage_account_id": pick(ACCOUNT_IDS, account),
            "line_item_usage_account_name": pick(ACCOUNT_NAMES, account),
            "line_item_currency_code": CURRENCY,
            "cost_category": pick([{"Area": n.split("-")[0]} for n in ACCOUNT_NAMES], account, TEXT_MAP),
        }


def discount_maps(day_net_on: np.ndarray, edp: np.ndarray, bundled: np.ndarray) -> pa.Array:
    """The `discount` map of each row: negative amounts by kind, null in the gross world."""
    sizes = np.where(day_net_on, np.where(bundled > 0, 2, 1), 0)
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    total = int(offsets[-1])
    keys = np.full(total, "EdpDiscount", dtype=object)
    values = np.zeros(total)
    first, second = offsets[:-1][sizes > 0], offsets[:-1][sizes > 1] + 1
    values[first] = -edp[sizes > 0]
    keys[second], values[second] = "BundledDiscount", -bundled[sizes > 1]
    mask = pa.array(sizes == 0)
    return (
        pa.MapArray.from_arrays(pa.array(offsets), pa.array(keys, pa.string()), pa.array(values), mask=mask)
        if total
        else pa.nulls(len(sizes), pa.map_(pa.string(), pa.float64()))
    )
