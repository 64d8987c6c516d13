"""What holidays did to costs: the share by which each series fell, learnt from all series of a provider.

Here: the rank-one model `dip = response of the series x depth of the holiday`. Not here: which days are
holidays.
"""

from __future__ import annotations

import numpy as np

UNSEEN_CHRISTMAS = 0.5
ROUNDS = 4


def learn(
    dips: np.ndarray, known: np.ndarray, codes: np.ndarray, count: int, group: np.ndarray, weekend: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Depth of each holiday per group (groups x count) and the response of each series (n).

    `dips`: n x holidays seen, 1 - cost / expected; `known`: where a dip could be measured; `codes`: which
    holiday each column is; `group`: the group of each series; `weekend`: the share by which its weekends lie
    below its weekdays. Series that rest at weekends are taken to respond fully until their own days say else.
    """
    prior = np.where(weekend > 0.04, 1.0, 0.25)
    response = prior.copy()
    depth = np.zeros((group.max() + 1 if len(group) else 0, count))
    if not dips.shape[1]:
        return depth, response
    clipped = np.clip(dips, -0.5, 1.0)
    spread = np.clip(
        1.4826 * np.median(np.abs(clipped - np.median(clipped, axis=1)[:, None]), axis=1), 0.02, 0.5
    )
    for _ in range(ROUNDS):
        for g in range(len(depth)):
            for code in range(count):
                depth[g, code] = _depth(clipped, known, codes == code, group == g, response, spread)
        expected = depth[group][:, codes]
        weight = known / spread[:, None] ** 2
        strength = 60.0 * (expected**2 * known).max(axis=1)  # the prior counts as a few noisy holidays
        response = (weight * clipped * expected).sum(axis=1) + strength * prior
        response /= np.maximum((weight * expected**2).sum(axis=1) + strength, 1e-9)
        response = np.clip(np.where(np.isfinite(response), response, prior), -0.3, 2.0)
    return depth, response


def _depth(
    dips: np.ndarray,
    known: np.ndarray,
    column: np.ndarray,
    member: np.ndarray,
    response: np.ndarray,
    spread: np.ndarray,
) -> float:
    """Weighted median of dip / response over the group's responding series; 0 where too few tell."""
    rows, days = np.nonzero(known & column[None, :] & (member & (response > 0.3))[:, None])
    if len(rows) < 5:
        return 0.0
    ratio, weight = dips[rows, days] / response[rows], response[rows] / spread[rows]
    order = np.argsort(ratio, kind="stable")
    total = np.cumsum(weight[order])
    middle = float(ratio[order][np.searchsorted(total, total[-1] / 2)])
    near = np.abs(middle) * np.sqrt(len(rows))
    return middle * near**2 / (near**2 + 0.1**2)
