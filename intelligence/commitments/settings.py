"""What a recommendation can be told: aim, risk, limits.

Here: the settings and their defaults. Not here: what any of them does to a number.
"""

from __future__ import annotations

from dataclasses import dataclass

SAVINGS, COVERAGE, UTILIZATION = "savings", "target_coverage", "target_utilization"
_DEFAULT_TARGETS = {SAVINGS: 100.0, COVERAGE: 80.0, UTILIZATION: 95.0}


@dataclass(frozen=True)
class CommitmentSettings:
    """Settings of `recommend` and `backtest`.

    `mode`: `savings` takes the largest expected saving; `target_coverage` the smallest commitment that covers
    `target_pct` percent of what is eligible; `target_utilization` the largest that is `target_pct` percent
    used with probability `confidence`, and no more than saves. `discount_margin` (a share): commit as if the
    discount were smaller, which asks for a higher utilisation of the last unit. `cvar_weight`: of the savings
    maximise mean less weight x CVaR, the mean loss of the worst `cvar_tail` share of the draws.
    `max_purchase_cost`: money that one purchase may commit over its term. `ladder_steps`: buy that part of
    the target each month. `horizon_months`: for how many months the commitment is judged, its term if None.
    `draws` futures are drawn with `seed`. With fewer days than `min_history_days` nothing is recommended.
    """

    mode: str = SAVINGS
    target_pct: float | None = None
    confidence: float = 0.95
    discount_margin: float = 0.0
    cvar_weight: float = 0.0
    cvar_tail: float = 0.1
    max_purchase_cost: float | None = None
    ladder_steps: int = 1
    horizon_months: int | None = None
    draws: int = 200
    seed: int = 0
    min_history_days: int = 14

    def __post_init__(self) -> None:
        if self.mode not in _DEFAULT_TARGETS:
            raise ValueError(f"mode must be one of {', '.join(_DEFAULT_TARGETS)}, not {self.mode!r}")
        if not 0 < self.target <= 100:
            raise ValueError("target_pct must be above 0 and at most 100")
        if not 0 <= self.discount_margin < 1 or self.cvar_weight < 0:
            raise ValueError("discount_margin must be from 0 to 1 and cvar_weight not negative")
        if not 0.5 <= self.confidence < 1 or not 0 < self.cvar_tail <= 1:
            raise ValueError("confidence must be from 0.5 to 1 and cvar_tail above 0 and at most 1")
        if self.max_purchase_cost is not None and not self.max_purchase_cost > 0:
            raise ValueError("max_purchase_cost must be above 0")
        if self.ladder_steps < 1 or self.draws < 10 or self.min_history_days < 1:
            raise ValueError("ladder_steps and min_history_days must be at least 1, draws at least 10")
        if self.horizon_months is not None and self.horizon_months < 1:
            raise ValueError("horizon_months must be at least 1")

    @property
    def target(self) -> float:
        """The target of the mode in percent."""
        return _DEFAULT_TARGETS[self.mode] if self.target_pct is None else self.target_pct
