"""Balance: a crew that works far longer, or far shorter, than the others has a price."""

from __future__ import annotations

from typing import NamedTuple

from geodata.units import HOUR_S
from routing.reasons import Reason
from routing.rules.layout import Layout


class BalanceTable(NamedTuple):
    """Seconds of duty aimed at; fen per hour above and below; `on` is 1 when either is priced."""

    target: int
    above: int
    below: int
    on: int


class Balance:
    """What an uneven day costs, truck by truck that goes out."""

    reason = Reason.UNBALANCED

    def compile(self, day: Layout) -> BalanceTable:
        """The policy's target and prices."""
        policy = day.request.policy.balance
        return BalanceTable(
            target=policy.target_s,
            above=int(policy.above_per_hour),
            below=int(policy.below_per_hour),
            on=int(max(policy.above_per_hour, policy.below_per_hour) > 0),
        )


def balance_at_most(day: Layout) -> int:
    """Fen that balance never exceeds, over all trucks; one each for its two roundings."""
    policy = day.request.policy.balance
    return sum(
        policy.above_per_hour * truck.duty_max_s * (truck.nights_max + 1) // HOUR_S
        + policy.below_per_hour * policy.target_s // HOUR_S
        + 2
        for truck in day.trucks
    )
