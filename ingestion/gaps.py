"""What a lake lacks of the months that were to be landed, and of the billing accounts.

Here: months and accounts compared; pure. Not here: landing, and how gaps are shown (the command line).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from ingestion.records import Delivery


@dataclass(frozen=True)
class Gap:
    """A month (YYYY-MM) without a bill, or without rows of one billing account; `account` is empty then."""

    month: str
    account: str
    reason: str


def missing(
    deliveries: Iterable[Delivery],
    provider: str,
    since: date,
    today: date,
    offered: Collection[str] = (),
    accounts: Collection[str] = (),
) -> list[Gap]:
    """The gaps of a provider's deliveries from a month on, through the month before today's or the last that
    is known. `offered` are months (YYYY-MM) that the source has manifests of, `accounts` those that each
    month is to have rows of.
    """
    held: dict[str, set[str]] = defaultdict(set)
    for delivery in deliveries:
        for part in delivery.slices if delivery.provider == provider else ():
            held[part.billing_period[:7]].update(part.billing_account_ids)
    last = max([_text(_index(today) - 1), *held, *offered])
    gaps = []
    for month in (
        _text(index) for index in range(_index(since), _index(date.fromisoformat(f"{last}-01")) + 1)
    ):
        if month in held:
            lost = sorted(set(accounts) - held[month])
            gaps += [Gap(month, account, "no row of this billing account") for account in lost]
        elif month in offered:
            gaps.append(Gap(month, "", "its manifest is at the source, but nothing of it is in the lake"))
        else:
            gaps.append(Gap(month, "", "nothing of it is at the source; ask the provider to export it"))
    return gaps


def _index(day: date) -> int:
    return day.year * 12 + day.month - 1


def _text(index: int) -> str:
    return f"{index // 12:04}-{index % 12 + 1:02}"
