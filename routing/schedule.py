"""Exact timing of one route, compiled. docs/schedule.md defines every step.

Labels are the non-dominated states of the driver, stop by stop: (time, driving since rest).
They make the choice of rests exact.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.units import UNREACHABLE_S
from routing.clock import (
    BEGINS,
    CHOSEN,
    DEAD,
    DRIVEN,
    FIELDS,
    MAX_LABELS,
    METRES,
    PARENT,
    RELOAD,
    RESTS,
    SLACK,
    STILL,
    TIME,
    WAITED,
    arrival_allowed,
    bay_open,
    cars_ready_at,
    drive,
    keep_label,
    leaving_allowed,
    load_takes,
    morning_after,
    night_too_late,
    open_window,
    place_of,
    trip_end,
)  # fmt: skip
from routing.compiled import entry, lean
from routing.problem import Tables
from routing.rules.locks import FREE
from routing.shunts import DeckMemory, fewest_shunts, new_deck_memory, shunts_at

LATE_S: Final = 900
STEP_S: Final = 300
"""How much longer a duty may get by leaving later, and how finely that is looked at."""


class Scratch(NamedTuple):
    """Room to work in, for one day. `levels` (stops + 2, labels, fields) keeps the labels of the
    last run, `counts` how many each stop has, `begins` and `metres` are for moments and metres by
    stop, `deck_s` for the seconds of work at its deck; `label` (fields,) is the one being made."""

    levels: NDArray[np.int64]
    counts: NDArray[np.int64]
    begins: NDArray[np.int64]
    metres: NDArray[np.int64]
    deck_s: NDArray[np.int64]
    label: NDArray[np.int64]
    deck: DeckMemory


def new_scratch(stops: int) -> Scratch:
    """Make room for routes of up to so many stops."""
    return Scratch(
        levels=np.zeros((stops + 2, MAX_LABELS, FIELDS), dtype=np.int64),
        counts=np.zeros(stops + 2, dtype=np.int64),
        begins=np.zeros(stops + 2, dtype=np.int64),
        metres=np.zeros(stops + 2, dtype=np.int64),
        deck_s=np.zeros(stops + 2, dtype=np.int64),
        label=np.zeros(FIELDS, dtype=np.int64),
        deck=new_deck_memory(),
    )


@lean
def work_at_the_deck(p: Tables, k: int, seq: NDArray[np.int32], n: int, scratch: Scratch) -> bool:
    """Fill in `deck_s`, trip by trip; False where the cars of a trip do not fit."""
    first = 0
    while first < n:
        last = trip_end(seq, first, n)
        answer = fewest_shunts(p, k, seq, first, last, scratch.deck)
        if answer == DEAD:
            return False
        for i in range(first, last):
            scratch.deck_s[i] = p.deck.shunt_s * shunts_at(answer, i - first)
            if p.trade_ins.taken[seq[i]]:
                scratch.deck_s[i] += p.trade_ins.load_s
        first = last + 1
    return True


@lean
def run(
    p: Tables,
    k: int,
    seq: NDArray[np.int32],
    n: int,
    departs: int,
    nights: int,
    legs: NDArray[np.int32],
    buffer: int,
    scratch: Scratch,
) -> tuple[int, int, int, int, int]:
    """Run a route from a departure: (return, metres, waited, slack, label).

    The return is DEAD when the route breaks a window, finds no road or no room on the deck, or a
    night would begin after the shift. `seq` holds order rows, and RELOAD between two trips.
    `nights` is the set of nights out: bit 2i before the service of stop i, bit 2i + 1 after it.

    `legs` are those of `p.travel` (typical or buffered), `buffer` seconds more of the driver's
    work at each stop. `slack` is by how much the chosen schedule could leave later before a
    window shuts.
    """
    levels, counts = scratch.levels, scratch.counts
    if not p.deck.plain and not work_at_the_deck(p, k, seq, n, scratch):
        return DEAD, 0, 0, 0, 0
    home = p.home[k]
    label = scratch.label
    label[:] = 0
    label[TIME] = departs
    if n == 0 or p.place[seq[0]] != home:
        label[TIME] = leaving_allowed(p, k, home, departs)
    label[WAITED] = label[TIME] - departs
    label[STILL] = p.rest
    label[SLACK] = UNREACHABLE_S
    for field in range(FIELDS):
        levels[0, 0, field] = label[field]
    counts[0] = 1
    place = home
    spent = 0
    for i in range(n):
        night_before, night_after = nights >> 2 * i & 1, nights >> 2 * i + 1 & 1
        order = seq[i]
        there = place_of(p, k, order)
        stays = there == (place_of(p, k, seq[i + 1]) if i + 1 < n else home)
        rests = p.handover_rests[k]
        if order == RELOAD:
            last_car = trip_end(seq, i + 1, n)
            unload, handover = load_takes(p, k, last_car - i - 1), 0
            released = cars_ready_at(p, k, seq, i + 1, last_car)
        else:
            unload = p.unload[order] + scratch.deck_s[i] + buffer
            handover = p.handover[order]
            released = 0
        own = unload if rests else unload + handover
        counts[i + 1] = 0
        for j in range(counts[i]):
            before = levels[i, j]
            t, d, still, metres = drive(
                p, legs, k, place, there, before[TIME], before[DRIVEN], before[STILL]
            )
            if t == DEAD:
                continue
            arrived = t if there == place else arrival_allowed(p, k, there, t)
            if night_before == 1 and night_too_late(p, k, arrived, spent):
                continue
            natural = 0
            for rest_before in range(2):
                if rest_before == 0:
                    ready = arrived
                    if night_before == 1:
                        ready = morning_after(p, k, arrived, spent)
                else:
                    if night_before == 1 or d == 0 or still >= p.rest:
                        break
                    ready = max(arrived, t + p.rest - still)
                if order == RELOAD:
                    begins, shuts = bay_open(p, k, unload, max(ready, released))
                else:
                    begins, shuts = open_window(p, order, ready)
                if begins == DEAD:
                    continue
                pause = still + begins - t
                if rest_before == 0:
                    natural = pause
                elif natural >= p.rest:
                    break
                driven = 0 if pause >= p.rest else d
                slack = min(before[SLACK], before[WAITED] + begins - t + shuts - 1 - begins)
                waited = before[WAITED] + begins - t
                if own > 0:
                    pause = 0
                if rests:
                    pause += handover
                    if pause >= p.rest:
                        driven = 0
                ends = begins + unload + handover
                if night_after == 1 and night_too_late(p, k, ends, spent + night_before):
                    continue
                for rest_after in range(2):
                    leaves = ends
                    if rest_after == 0:
                        if night_after == 1:
                            leaves = morning_after(p, k, ends, spent + night_before)
                    else:
                        if night_after == 1 or label[DRIVEN] == 0 or label[STILL] >= p.rest:
                            break
                        leaves = ends + p.rest - pause
                    if not stays:
                        leaves = leaving_allowed(p, k, there, leaves)
                    label[TIME] = leaves
                    label[STILL] = pause + leaves - ends
                    label[DRIVEN] = 0 if label[STILL] >= p.rest else driven
                    label[WAITED] = waited + leaves - ends
                    label[SLACK] = slack
                    label[METRES] = before[METRES] + metres
                    label[PARENT] = j
                    label[BEGINS] = begins
                    label[CHOSEN] = before[CHOSEN] + rest_before + rest_after
                    label[RESTS] = before[RESTS] | rest_before << 2 * i | rest_after << 2 * i + 1
                    counts[i + 1] = keep_label(levels[i + 1], counts[i + 1], label)
        if counts[i + 1] == 0:
            return DEAD, 0, 0, 0, 0
        place = there
        spent += night_before + night_after
    best, best_metres, best_j = DEAD, 0, 0
    for j in range(counts[n]):
        last = levels[n, j]
        t, d, still, metres = drive(p, legs, k, place, home, last[TIME], last[DRIVEN], last[STILL])
        if t == DEAD:
            continue
        if place != home:
            t = arrival_allowed(p, k, home, t)
        if (
            best == DEAD
            or t < best
            or (
                t == best
                and (
                    last[CHOSEN] < levels[n, best_j, CHOSEN]
                    or (
                        last[CHOSEN] == levels[n, best_j, CHOSEN]
                        and last[RESTS] > levels[n, best_j, RESTS]
                    )
                )
            )
        ):
            best, best_metres, best_j = t, last[METRES] + metres, j
    if best == DEAD:
        return DEAD, 0, 0, 0, 0
    return best, best_metres, levels[n, best_j, WAITED], levels[n, best_j, SLACK], best_j


@entry
def run_route(
    p: Tables,
    k: int,
    seq: NDArray[np.int32],
    n: int,
    departs: int,
    nights: int,
    legs: NDArray[np.int32],
    buffer: int,
    scratch: Scratch,
) -> tuple[int, int, int, int, int]:
    """Run a route for Python: see `run`."""
    return run(p, k, seq, n, departs, nights, legs, buffer, scratch)


@lean
def departures(p: Tables, k: int, seq: NDArray[np.int32], n: int, hours: int) -> tuple[int, int]:
    """First and last departure after loading in these loading hours; the first DEAD if none.

    With evening loading only the hours of the evening before count, and bound the loading alone.
    Later trips are loaded on the way. A lock on the departure or on the start of loading leaves
    one second of them, or none.
    """
    cars = trip_end(seq, 0, n)
    takes = load_takes(p, k, cars)
    house = p.warehouse[k]
    ready = max(cars_ready_at(p, k, seq, 0, cars), p.bays.start[hours])
    loads = p.locks.loads[k]
    if loads != FREE:
        if loads < ready:
            return DEAD, DEAD
        ready = loads
    fixed = p.locks.departs[k]
    if p.bays.evening[house]:
        if hours != p.bays.eve[k] or ready + takes > p.bays.end[hours]:
            return DEAD, DEAD
        first, last = max(p.shifts.start[k], ready + takes), p.shifts.end[k]
    else:
        begins = max(ready, p.shifts.start[k])
        if begins + takes > p.bays.end[hours]:
            return DEAD, DEAD
        first, last = begins + takes, p.bays.end[hours]
        if loads != FREE:
            fixed = loads + takes
    if fixed != FREE:
        if not first <= fixed <= last:
            return DEAD, DEAD
        return fixed, fixed
    return first, last


@lean
def duty_before_departure(p: Tables, k: int, seq: NDArray[np.int32], n: int) -> int:
    """Seconds of duty spent loading: none where trucks are loaded the evening before."""
    return 0 if p.bays.evening[p.warehouse[k]] else load_takes(p, k, trip_end(seq, 0, n))


@lean
def best_departure(
    p: Tables,
    k: int,
    seq: NDArray[np.int32],
    n: int,
    nights: int,
    scratch: Scratch,
) -> tuple[int, int, int]:
    """Earliest return, then latest departure: (departs, returns, metres); departs DEAD if none.

    The end of the shift and the length of duties are the caller's to check.
    """
    house = p.warehouse[k]
    limit, low, high, later = DEAD, DEAD, DEAD, 0
    back, far = 0, 0
    for hours in range(p.bays.ptr[house], p.bays.ptr[house + 1]):
        earliest, latest = departures(p, k, seq, n, hours)
        if earliest == DEAD or (limit != DEAD and earliest > limit):
            continue
        returns, metres, waited, slack, _ = run(
            p, k, seq, n, earliest, nights, p.travel.buffered, p.service_buffer, scratch
        )
        if limit == DEAD:
            if returns == DEAD:
                return DEAD, 0, 0
            limit = returns
        if returns != DEAD and returns <= limit:
            low, high, later = earliest, min(limit, latest), min(waited, slack)
            back, far = returns, metres
    if low == DEAD:
        return DEAD, 0, 0
    late = 0
    while low < high:
        # Waiting on the way tells how much later to leave, lateness how much sooner; where they
        # mislead, gallop up and bisect down. A night is a wait that tells nothing.
        if nights != 0:
            later = (high - low + 1) // 2
        middle = min(high, low + max(1, later))
        returns, metres, waited, slack, _ = run(
            p, k, seq, n, middle, nights, p.travel.buffered, p.service_buffer, scratch
        )
        if returns != DEAD and returns <= limit:
            step = middle - low
            low, back, far = middle, returns, metres
            later = min(waited, slack)
            if later == 0 and step == 1:
                later = 2
            elif later == 0 and step < 8:
                later = 2 * step
        else:
            high = middle - 1
            later = (high - low + 1) // 2
            late += 1
            if late % 4 != 0 and returns != DEAD:
                later = high + 1 - (returns - limit) - low
    return low, back, far


@lean
def departure_range(
    p: Tables,
    k: int,
    seq: NDArray[np.int32],
    n: int,
    departs: int,
    scratch: Scratch,
) -> tuple[int, int]:
    """First and last second around the best departure of a tour without nights, with the route
    feasible all the way between.

    Before it the return stays the same and duty grows. After it the return may jump (a window
    missed, a rest more), so the range goes on in steps only while `return of the step's end -
    the step's start`, which bounds every duty within the step, grows by no more than `LATE_S`.
    """
    house = p.warehouse[k]
    earliest, latest = departs, departs
    for hours in range(p.bays.ptr[house], p.bays.ptr[house + 1]):
        first, last = departures(p, k, seq, n, hours)
        if first != DEAD and first <= departs <= last:
            earliest, latest = first, last
    returns, _, _, _, _ = run(
        p, k, seq, n, departs, 0, p.travel.buffered, p.service_buffer, scratch
    )
    loading = duty_before_departure(p, k, seq, n)
    first = max(earliest, returns + loading - p.shifts.duty_max[k])
    bound = min(returns - departs + LATE_S, p.shifts.duty_max[k] - loading)
    last = departs
    while last < latest:
        step = min(latest, last + STEP_S)
        back, _, _, _, _ = run(p, k, seq, n, step, 0, p.travel.buffered, p.service_buffer, scratch)
        if back == DEAD or back > p.shifts.end[k] or back - last > bound:
            break
        last = step
    return first, last
