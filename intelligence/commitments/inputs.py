"""From the marts' frames to those that `recommend` and `backtest` take.

Here: prices that a bill leaves out, what owned commitments show of prices, forecasts of services as forecasts
of a family. Not here: reading the marts.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from intelligence.commitments.panel import KEYS
from intelligence.commitments.prices import prices_from_usage

WIDTH_80 = 2 * 1.2816  # standard deviations between a normal distribution's tenth and ninth decile
RECENT_DAYS = 28
_SERVICE = ["provider", "billing_account_id", "service_name", "billing_currency"]


def repriced(demand: pd.DataFrame) -> pd.DataFrame:
    """Demand whose on_demand_cost rests on the price that the same meter has on demand, where its bill states
    none.

    `demand`: rows of marts.commitment_demand. Usage of a meter that never ran on demand keeps what stood in.
    """
    demand = demand.astype({name: float for name in ("on_demand_cost", "assumed_cost", "effective_cost")})
    demand["usage_quantity"] = demand["usage_quantity"].astype(float)
    by_meter = ["provider", "billing_account_id", "service_name", "meter", "region_id", "billing_currency"]
    priced = demand[(demand["assumed_cost"] == 0) & (demand["usage_quantity"] > 0)]
    sums = priced.groupby(by_meter, dropna=False)[["on_demand_cost", "usage_quantity"]].sum().reset_index()
    sums["unit_price"] = sums["on_demand_cost"] / sums["usage_quantity"]
    price = demand[by_meter].merge(sums[[*by_meter, "unit_price"]], how="left", on=by_meter)["unit_price"]
    other = price.to_numpy() * demand["usage_quantity"].to_numpy()
    use = (demand["assumed_cost"].to_numpy() > 0) & np.isfinite(other)
    return demand.assign(on_demand_cost=np.where(use, other, demand["on_demand_cost"]))


def owned_prices(demand: pd.DataFrame, inventory: pd.DataFrame) -> pd.DataFrame:
    """What owned commitments show of the prices of the families that they were bought for, as
    `prices_from_usage`.

    `demand` as `repriced` gives it; `inventory`: provider, commitment_discount_id, term_months,
    payment_option. Usage that another type than its family's covered says nothing of that type's price.
    """
    covered = demand[demand["commitment_discount_type"] == demand["commitment_type"]]
    terms = inventory[["provider", "commitment_discount_id", "term_months", "payment_option"]]
    return prices_from_usage(covered.merge(terms, on=["provider", "commitment_discount_id"]))


def forecast_factors(demand: pd.DataFrame, totals: pd.DataFrame, daily: pd.DataFrame) -> pd.DataFrame:
    """How the months to come compare with the last 28 days, for each family: KEYS, month, factor, spread.

    A family grows as the services that its usage belongs to are forecast to. `demand`: rows of
    marts.commitment_demand; `totals`: of marts.forecast_totals at service level, of which whole months count;
    `daily`: of marts.cost_series. The spread takes errors of a family's services to go together, which is the
    cautious side.
    """
    columns = [*KEYS, "month", "factor", "spread"]
    totals, daily = totals[totals["level"] == "service"], daily[daily["is_complete"].astype(bool)]
    if not len(demand) or not len(totals) or not len(daily):
        return pd.DataFrame(columns=columns)
    totals = totals.assign(
        charge_month=pd.to_datetime(totals["charge_month"]), as_of_date=pd.to_datetime(totals["as_of_date"])
    )
    totals = totals[totals["charge_month"] > totals["as_of_date"]]
    days = totals["charge_month"].dt.days_in_month
    totals = totals.assign(
        month=totals.groupby("series_id")["charge_month"].rank(method="dense").astype(int),
        forecast=totals["forecast_cost"].astype(float) / days,
        width=(totals["upper_80"].astype(float) - totals["lower_80"].astype(float)) / days,
    )
    ahead = totals.groupby([*_SERVICE, "month"], dropna=False)[["forecast", "width"]].sum().reset_index()
    now = _recent(daily)
    families = demand[[*KEYS, "service_name"]].drop_duplicates()
    joined = families.merge(ahead, on=_SERVICE).merge(now, on=_SERVICE)
    sums = joined.groupby([*KEYS, "month"], dropna=False)[["forecast", "width", "recent"]].sum().reset_index()
    sums = sums[(sums["recent"] > 0) & (sums["forecast"] > 0)]
    sums["factor"] = sums["forecast"] / sums["recent"]
    sums["spread"] = sums["width"] / WIDTH_80 / sums["forecast"]
    return sums[columns]


def _recent(daily: pd.DataFrame) -> pd.DataFrame:
    """Mean cost of a day of each service in the last 28 days of its billing account."""
    dates = pd.to_datetime(daily["charge_date"])
    last = dates.groupby([daily["provider"], daily["billing_account_id"]], dropna=False).transform("max")
    recent = daily[dates > last - pd.Timedelta(days=RECENT_DAYS)]
    costs = recent.assign(recent=recent["effective_cost"].astype(float) / RECENT_DAYS)
    return costs.groupby(_SERVICE, dropna=False)[["recent"]].sum().reset_index()
