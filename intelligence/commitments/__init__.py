"""What to commit to next, what it saves and how surely, and what it would have done in the past.

Here: pure functions, frames in and frames out. Not here: reading or writing anything, the clock, and what is
owned today, which SQL tells (marts.commitment_coverage, marts.commitment_inventory).
"""

from intelligence.commitments.backtest import backtest, hindsight, planned
from intelligence.commitments.curves import Curve, optimal_commitment, outcome
from intelligence.commitments.inputs import forecast_factors, owned_prices, repriced
from intelligence.commitments.prices import prices_from_usage, with_overrides
from intelligence.commitments.recommend import recommend
from intelligence.commitments.schedule import ladder
from intelligence.commitments.settings import CommitmentSettings

__all__ = [
    "CommitmentSettings",
    "Curve",
    "backtest",
    "forecast_factors",
    "hindsight",
    "ladder",
    "optimal_commitment",
    "outcome",
    "owned_prices",
    "planned",
    "prices_from_usage",
    "recommend",
    "repriced",
    "with_overrides",
]
