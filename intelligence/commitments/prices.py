"""What a commitment costs against on-demand usage: discounts from bills, and where people know better.

Here: offers (a term and payment option with its discounts), from the owned commitments' rates and from
overrides. Not here: which offer is bought.

A discount is a share of the contracted on-demand price: what negotiation already saved is not counted again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

PRICES = [
    "provider",
    "commitment_type",
    "family",
    "region_id",
    "meter",
    "term_months",
    "payment_option",
    "discount_pct",
    "upfront_pct",
    "price_source",
]
OWN, GIVEN = "owned commitments", "price seed"
UPFRONT = {"All Upfront": 100.0, "Partial Upfront": 50.0, "No Upfront": 0.0}
_OFFER = ["term_months", "payment_option"]


@dataclass(frozen=True)
class Offer:
    """A commitment for `term_months`; `discount`: a share for each of a panel's meters; `upfront`: the share
    of its price that is paid at once; `source`: who says so."""

    term_months: int
    payment_option: str | None
    discount: np.ndarray
    upfront: float
    source: str


def prices_from_usage(covered: pd.DataFrame) -> pd.DataFrame:
    """Discounts that owned commitments show, by meter and (meter null) over all meters of a family: columns
    PRICES.

    `covered`: usage that commitments covered, with provider, commitment_type, family, region_id, meter,
    term_months, payment_option, on_demand_cost (at contracted prices) and effective_cost; rows whose term
    nobody tells are left out.
    """
    covered = covered[covered["term_months"].notna() & (covered["on_demand_cost"].astype(float) > 0)]
    if not len(covered):
        return pd.DataFrame(columns=PRICES)
    family = ["provider", "commitment_type", "family", "region_id", *_OFFER]
    frames = []
    for keys in (family, [*family, "meter"]):
        sums = covered.astype({"on_demand_cost": float, "effective_cost": float}).groupby(keys, dropna=False)
        frames.append(sums[["on_demand_cost", "effective_cost"]].sum().reset_index())
    found = pd.concat(frames, ignore_index=True)
    found["discount_pct"] = 100 * (1 - found["effective_cost"] / found["on_demand_cost"])
    found["upfront_pct"] = found["payment_option"].map(UPFRONT).fillna(0.0)
    found["price_source"] = OWN
    return found.reindex(columns=PRICES)


def with_overrides(prices: pd.DataFrame, given: pd.DataFrame | None) -> pd.DataFrame:
    """Prices with the rows of a price seed: these replace all found prices of their type, family and region.

    `given`: provider, commitment_type, family (null: all of the type), region_id (null: all), term_months,
    payment_option, discount_pct, upfront_pct. Raises ValueError, naming the seed and its line, for a discount
    that is not above 0 and below 100, a term below 1, or an upfront share outside 0 to 100.
    """
    if given is None or not len(given):
        return prices
    given = given.reset_index(drop=True)
    for line, row in given.iterrows():
        problem = _problem(row)
        if problem:
            raise ValueError(f"seeds/commitment_prices.csv, line {line + 2}: {problem}")
    given = given.assign(meter=None, price_source=GIVEN)
    given["upfront_pct"] = given["upfront_pct"].astype(float).fillna(given["payment_option"].map(UPFRONT))
    replaced = np.zeros(len(prices), dtype=bool)
    for _, row in given.iterrows():
        same = (prices["provider"] == row["provider"]) & (prices["commitment_type"] == row["commitment_type"])
        for name in ("family", "region_id"):
            if pd.notna(row[name]):
                same &= prices[name] == row[name]
        replaced |= same.to_numpy(dtype=bool)
    kept = prices[~replaced]
    given = given.reindex(columns=PRICES)
    return pd.concat([kept, given], ignore_index=True) if len(kept) else given


def _problem(row: pd.Series) -> str | None:
    if not 0 < float(row["discount_pct"]) < 100:
        return f"discount_pct is {row['discount_pct']}; write percent off the on-demand price, from 0 to 100"
    if not float(row["term_months"]) >= 1:
        return f"term_months is {row['term_months']}; write the length of the term in months, such as 12"
    if pd.notna(row["upfront_pct"]) and not 0 <= float(row["upfront_pct"]) <= 100:
        return f"upfront_pct is {row['upfront_pct']}; write percent of the term's price, or leave it empty"
    if pd.isna(row["upfront_pct"]) and row["payment_option"] not in UPFRONT:
        known = ", ".join(UPFRONT)
        return f"payment_option is {row['payment_option']!r}; write one of {known}, or an upfront_pct"
    return None


class PriceList:
    """Prices by what they are for, to look up offers of many families."""

    def __init__(self, prices: pd.DataFrame) -> None:
        """`prices`: columns PRICES; raises ValueError where one is missing."""
        if missing := [name for name in PRICES if name not in prices]:
            raise ValueError(f"prices lack the columns {', '.join(missing)}")
        known = prices[PRICES].astype(object).where(prices[PRICES].notna(), None)
        self._rows: dict[tuple, list[dict]] = {}
        for row in known.to_dict("records"):
            self._rows.setdefault((row["provider"], row["commitment_type"]), []).append(row)

    def offers(self, keys: dict[str, object], meters: list[object]) -> list[Offer]:
        """The offers for a family: by meter where its price is known, else by that of the family."""
        rows = self._rows.get((keys["provider"], keys["commitment_type"]), [])
        for name in ("family", "region_id"):
            rows = [row for row in rows if row[name] in (None, keys[name])]
            # what is said of the family itself counts before what is said of all
            rows = [row for row in rows if row[name] is not None] or rows
        terms: dict[tuple, list[dict]] = {}
        for row in rows:
            terms.setdefault((int(row["term_months"]), row["payment_option"]), []).append(row)
        by_term = sorted(terms.items(), key=lambda item: (item[0][0], item[0][1] or ""))
        return [_offer(term, option, found, meters) for (term, option), found in by_term]


def _offer(term: int, option: str | None, rows: list[dict], meters: list[object]) -> Offer:
    own = {row["meter"]: float(row["discount_pct"]) / 100 for row in rows}
    fallback = own.get(None, float(np.mean(list(own.values()))))
    discount = [own.get(None if pd.isna(meter) else meter, fallback) for meter in meters]
    upfront = float(np.mean([float(row["upfront_pct"] or 0) for row in rows])) / 100
    return Offer(term, option, np.minimum(discount, 0.99), upfront, rows[0]["price_source"])
