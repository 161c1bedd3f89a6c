"""What each rule could give: the tables of a day with one limit loosened by so many seconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.units import DAY_S
from routing.domain.fleet import MOST_NIGHTS
from routing.problem import Tables
from routing.reasons import Reason, Unit
from routing.rules.locks import FREE
from routing.trips import orders_of

FOREVER: Final = 10 * DAY_S
"""More than any limit of a day can be missed by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One more order on one truck's route; `promised` marks orders whose window is a promise."""

    truck: int
    order: int
    route: tuple[int, ...]
    promised: NDArray[np.bool_]


Give = Callable[[Tables, Trial, int], Tables]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A limit along the way and the ways in which it can be loosened; seconds unless said."""

    reason: Reason
    gives: tuple[Give, ...]
    unit: Unit = Unit.SECONDS

    def off(self, p: Tables, trial: Trial) -> Tables:
        """Take the limit away."""
        for give in self.gives:
            p = give(p, trial, FOREVER)
        return p


def widen_window(
    p: Tables, order: int, *, earlier_s: int = 0, later_s: int = 0, only: int | None = None
) -> Tables:
    """Open windows of an order earlier or longer, one of them or all; they never overlap."""
    first, last = int(p.windows.ptr[order]), int(p.windows.ptr[order + 1])
    start, end = p.windows.start.copy(), p.windows.end.copy()
    for row in range(first, last):
        if only is not None and row != first + only:
            continue
        start[row] = max(start[row] - earlier_s, end[row - 1] if row > first else 0)
        end[row] += later_s
        if row + 1 < last:
            end[row] = min(end[row], start[row + 1])
    return p._replace(windows=p.windows._replace(start=start, end=end))


def _end_ban_sooner(p: Tables, trial: Trial, seconds: int) -> Tables:
    mine = _hours_of_bans(p, trial.truck)
    end = p.bans.end.copy()
    end[mine] = np.maximum(end[mine] - seconds, p.bans.start[mine] - p.bans.inside[mine])
    return p._replace(bans=p.bans._replace(end=end))


def _start_ban_later(p: Tables, trial: Trial, seconds: int) -> Tables:
    mine = _hours_of_bans(p, trial.truck)
    start = p.bans.start.copy()
    start[mine] = np.minimum(start[mine] + seconds, p.bans.end[mine] + p.bans.inside[mine])
    return p._replace(bans=p.bans._replace(start=start))


def _hours_of_bans(p: Tables, truck: int) -> NDArray[np.int64]:
    rows = sorted({int(row) for row in p.bans.id[truck] if row >= 0})
    spans = [np.arange(p.bans.ptr[row], p.bans.ptr[row + 1]) for row in rows]
    return np.concatenate(spans) if spans else np.zeros(0, dtype=np.int64)


def _drive_on(p: Tables, trial: Trial, seconds: int) -> Tables:
    return p._replace(drive_max=p.drive_max + seconds)


def ready_earlier(p: Tables, order: int, seconds: int) -> Tables:
    """Have a car ready so much earlier."""
    release = p.release.copy()
    release[order] = max(0, release[order] - seconds)
    return p._replace(release=release)


def _ready_earlier(p: Tables, trial: Trial, seconds: int) -> Tables:
    return ready_earlier(p, trial.order, seconds)


def _move_promises(p: Tables, trial: Trial, seconds: int) -> Tables:
    for order in orders_of(trial.route):
        if trial.promised[order]:
            p = widen_window(p, order, earlier_s=seconds, later_s=seconds)
    return p


def _window_later(p: Tables, trial: Trial, seconds: int) -> Tables:
    return widen_window(p, trial.order, later_s=seconds)


def _window_earlier(p: Tables, trial: Trial, seconds: int) -> Tables:
    return widen_window(p, trial.order, earlier_s=seconds)


def work_longer(p: Tables, truck: int, *, before_s: int = 0, after_s: int = 0) -> Tables:
    """Let one truck start earlier or end later; its duty may last as much longer."""
    start, end, duty = p.shifts.start.copy(), p.shifts.end.copy(), p.shifts.duty_max.copy()
    start[truck] = max(0, start[truck] - before_s)
    end[truck] += after_s
    duty[truck] += before_s + after_s
    return p._replace(shifts=p.shifts._replace(start=start, end=end, duty_max=duty))


def _end_shift_later(p: Tables, trial: Trial, seconds: int) -> Tables:
    return work_longer(p, trial.truck, after_s=seconds)


def _start_shift_earlier(p: Tables, trial: Trial, seconds: int) -> Tables:
    return work_longer(p, trial.truck, before_s=seconds)


def _load_earlier(p: Tables, trial: Trial, seconds: int) -> Tables:
    return p._replace(bays=p.bays._replace(start=np.maximum(p.bays.start - seconds, 0)))


def _unlock(p: Tables, trial: Trial, seconds: int) -> Tables:
    """Locks give way as a whole, whatever the seconds."""
    return without_locks(p, trial.truck, departure=True)


def without_locks(p: Tables, truck: int, *, departure: bool = False) -> Tables:
    """Let one truck ride empty or in any sequence; with `departure`, at any time too."""
    ranked, prefix, frozen = p.locks.ranked.copy(), p.locks.prefix.copy(), p.locks.frozen.copy()
    ranked[truck], prefix[truck], frozen[truck] = 0, 0, False
    locks = p.locks._replace(ranked=ranked, prefix=prefix, frozen=frozen)
    if departure:
        departs, loads = p.locks.departs.copy(), p.locks.loads.copy()
        departs[truck] = loads[truck] = FREE
        locks = locks._replace(departs=departs, loads=loads)
    return p._replace(locks=locks)


def _load_later(p: Tables, trial: Trial, seconds: int) -> Tables:
    return p._replace(bays=p.bays._replace(end=p.bays.end + seconds))


def _leave_trade_ins(p: Tables, trial: Trial, seconds: int) -> Tables:
    """Fetch the old cars another day: no matter of seconds, any number of them will do."""
    if seconds == 0:
        return p
    taken, mass_kg = np.zeros_like(p.trade_ins.taken), np.zeros_like(p.trade_ins.mass_kg)
    return p._replace(trade_ins=p.trade_ins._replace(taken=taken, mass_kg=mass_kg))


def stay_out(p: Tables, truck: int, nights: int) -> Tables:
    """Let one truck stay out so many more nights."""
    most = p.nights.most.copy()
    most[truck] = min(MOST_NIGHTS, most[truck] + nights)
    return p._replace(nights=p.nights._replace(most=most))


def _stay_out(p: Tables, trial: Trial, nights: int) -> Tables:
    """No matter of seconds; a truck that must be home every night is not asked."""
    return p if p.nights.most[trial.truck] == 0 else stay_out(p, trial.truck, min(nights, 2))


LIMITS: Final[tuple[Limit, ...]] = (
    Limit(reason=Reason.LOCKED, gives=(_unlock,)),
    Limit(reason=Reason.TRADE_IN_NO_ROOM, gives=(_leave_trade_ins,), unit=Unit.CARS),
    Limit(reason=Reason.TRUCK_BANNED, gives=(_end_ban_sooner, _start_ban_later)),
    Limit(reason=Reason.DRIVING_LIMIT, gives=(_drive_on,)),
    Limit(reason=Reason.NOT_READY, gives=(_ready_earlier,)),
    Limit(reason=Reason.PROMISE_BROKEN, gives=(_move_promises,)),
    Limit(reason=Reason.WINDOW_MISSED, gives=(_window_later, _window_earlier)),
    Limit(reason=Reason.NIGHTS_EXCEEDED, gives=(_stay_out,), unit=Unit.NIGHTS),
    Limit(reason=Reason.DUTY_EXCEEDED, gives=(_end_shift_later, _start_shift_earlier)),
    Limit(reason=Reason.BAY_FULL, gives=(_load_earlier, _load_later)),
)
"""The most particular first: where giving either of two would do, the dispatcher reads the one
that says more. A rest by law that makes a truck ten minutes late is a driving limit."""
