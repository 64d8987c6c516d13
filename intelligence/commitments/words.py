"""What a row of recommendations says of itself.

Here: the basis and the reason, in words. Not here: any number.
"""

from __future__ import annotations

import numpy as np

from intelligence.commitments.panel import Panel
from intelligence.commitments.prices import Offer
from intelligence.commitments.settings import CommitmentSettings

NO_PRICE = "no price is known: no owned commitment shows one, nor does seeds/commitment_prices.csv"


def reason(bought: float, rates: np.ndarray, settings: CommitmentSettings, limits: list[str]) -> str:
    """Which aim and limits led to what is bought, or why nothing is."""
    if bought <= 0 and not (rates > 0).any():
        return "a commitment would cost no less than what is on demand"
    if bought <= 0:
        return "; ".join(["no unit is used often enough to earn its price", *limits])
    aims = {
        "savings": "saves most",
        "target_coverage": f"covers {settings.target:g} percent",
        "target_utilization": f"is {settings.target:g} percent used, "
        f"{100 * settings.confidence:g} times in 100",
    }
    aim = aims[settings.mode]
    if settings.cvar_weight:
        aim += f" less {settings.cvar_weight:g} x CVaR"
    if settings.discount_margin:
        aim += f", the discount less {100 * settings.discount_margin:g} points"
    return "; ".join([aim, *limits])


def basis(panel: Panel, offer: Offer | None = None, is_forecast: bool = False) -> str:
    """From which data a number comes, in words."""
    first, last = panel.day[0], panel.day[-1]
    count = len(panel.meters)
    parts = [f"{count} meter{'s' if count > 1 else ''} from {first} to {last}"]
    if panel.longest == 1:
        parts.append("by the hour")
    else:
        parts.append(f"charges of up to {panel.longest} hours, their hours taken as alike")
    parts.append("forecast of the family's services, then its own trend" if is_forecast else "its own trend")
    if offer is not None:
        parts.append(f"price from {offer.source}")
    return "; ".join(parts)
