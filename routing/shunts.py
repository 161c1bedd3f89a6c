"""The fewest cars to drive off and on again along a trip, exactly, compiled.

Dynamic programming backwards over the stops: a state is the set of positions taken by the cars
delivered later and the set taken by the trade-ins loaded so far. docs/schedule.md defines it,
`routing.deck` says who stands where.

An answer packs the number of shunts in all above one number of four bits for every stop, the
first stop highest: the smallest answer is the one wanted. Answers are remembered by the kinds of
the cars, exactly: no two trips share a key.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.clock import DEAD, trip_end
from routing.compiled import entry, inner, lean
from routing.domain.fleet import MAX_POSITIONS
from routing.problem import Tables

BITS: Final = 4
IN_ALL: Final = BITS * MAX_POSITIONS
KIND_BITS: Final = 16
KINDS_A_WORD: Final = 4
WORDS: Final = 3
SLOTS: Final = 1 << 13
FAR: Final = 1 << 62


class DeckMemory(NamedTuple):
    """Answers of one day's tables by key: (slots, words) and (slots,); key 0 is an empty slot."""

    keys: NDArray[np.int64]
    answers: NDArray[np.int64]


def new_deck_memory() -> DeckMemory:
    """Make an empty memory."""
    return DeckMemory(
        keys=np.zeros((SLOTS, WORDS), dtype=np.int64), answers=np.zeros(SLOTS, dtype=np.int64)
    )


@lean
def shunts_at(answer: int, stop: int) -> int:
    """Cars moved at a stop of the trip, counted from 0."""
    return int(answer >> (BITS * (MAX_POSITIONS - 1 - stop)) & 15)


@entry
def fewest_shunts(
    p: Tables, k: int, seq: NDArray[np.int32], first: int, last: int, memory: DeckMemory
) -> int:
    """Pack the fewest shunts of the stops `first` to `last - 1`; DEAD when they do not fit.

    Where nothing can be in the way the answer is 0, whether or not the cars fit: `deck_fits`
    tells that.
    """
    deck = p.deck.deck_of[k]
    trade_ins = 0
    for i in range(first, last):
        trade_ins += p.trade_ins.taken[seq[i]]
    if trade_ins == 0 and not p.deck.blocking[deck]:
        return 0
    if last - first > p.deck.positions[deck] or not _carries(p, deck, seq, first, last):
        return DEAD
    one, two, three = np.int64(0), np.int64(0), np.int64(0)
    for i in range(first, last):
        shift = KIND_BITS * ((i - first) % KINDS_A_WORD)
        kind = p.deck.kind[deck, seq[i]] << shift
        if i - first < KINDS_A_WORD:
            one |= kind
        elif i - first < 2 * KINDS_A_WORD:
            two |= kind
        else:
            three |= kind
    mixed = np.uint64(one) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(29)) ^ np.uint64(two)) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(32)) ^ np.uint64(three)) * np.uint64(0x94D049BB133111EB)
    slot = np.int64((mixed >> np.uint64(40)) & np.uint64(SLOTS - 1))
    keys = memory.keys
    if keys[slot, 0] == one and keys[slot, 1] == two and keys[slot, 2] == three:
        return int(memory.answers[slot])
    answer = _solve(p, deck, seq, first, last, trade_ins)
    keys[slot, 0], keys[slot, 1], keys[slot, 2] = one, two, three
    memory.answers[slot] = answer
    return answer


@lean
def shunts_along(p: Tables, k: int, seq: NDArray[np.int32], n: int, memory: DeckMemory) -> int:
    """Cars moved on all trips of a route whose cars fit."""
    count, first = 0, 0
    while first < n:
        last = trip_end(seq, first, n)
        count += fewest_shunts(p, k, seq, first, last, memory) >> IN_ALL
        first = last + 1
    return count


@lean
def _carries(p: Tables, deck: int, seq: NDArray[np.int32], first: int, last: int) -> bool:
    """Tell whether the mass on board stays within the payload all along."""
    mass = 0
    for i in range(first, last):
        mass += p.deck.mass_kg[seq[i]]
    if mass > p.deck.payload_kg[deck]:
        return False
    for i in range(first, last):
        mass += p.trade_ins.mass_kg[seq[i]] - p.deck.mass_kg[seq[i]]
        if mass > p.deck.payload_kg[deck]:
            return False
    return True


@lean
def _ones(bits: int) -> int:
    count = 0
    while bits:
        bits &= bits - 1
        count += 1
    return count


@inner
def _solve(
    p: Tables, deck: int, seq: NDArray[np.int32], first: int, last: int, trade_ins: int
) -> int:
    """Answer afresh. Sets of positions are bits; `place_of` numbers a pair of disjoint sets."""
    n = last - first
    sets = 1 << p.deck.positions[deck]
    reach = p.deck.reach[deck]
    place_of = np.empty(sets, dtype=np.int64)
    states = 1
    for taken in range(sets):
        place_of[taken] = taken
    if trade_ins > 0:
        place_of[0] = 0
        power = 1
        for position in range(p.deck.positions[deck]):
            bit = 1 << position
            for taken in range(bit, 2 * bit):
                place_of[taken] = place_of[taken - bit] + power
            power *= 3
        states = power
    else:
        states = sets
    best = np.full(states, FAR, dtype=np.int64)
    aboard = np.zeros(n + 1, dtype=np.int64)
    for i in range(n):
        aboard[i + 1] = aboard[i] + p.trade_ins.taken[seq[first + i]]
    answer = FAR
    for later in range(sets):
        stop = n - 1 - _ones(later)
        if stop < -1:
            continue
        if stop == -1:
            answer = min(answer, best[place_of[later]])
            continue
        order = seq[first + stop]
        swaps = p.trade_ins.taken[order]
        fits = p.deck.fits[deck, order] & ~later
        a_shunt = (1 << IN_ALL) + (1 << (BITS * (MAX_POSITIONS - 1 - stop)))
        free = ~later & (sets - 1) if trade_ins > 0 else 0
        old = free
        while True:
            # `old`, a subset of the free positions: those of the trade-ins aboard after this stop.
            if _ones(old) == aboard[stop + 1]:
                here = place_of[later] + (2 * place_of[old] if trade_ins > 0 else 0)
                if later == 0:
                    best[here] = 0
                so_far = best[here]
                if so_far < FAR:
                    choices = old & p.trade_ins.fits[deck, order] if swaps else 1
                    while choices:
                        loaded = choices & -choices
                        choices ^= loaded
                        before = old ^ loaded if swaps else old
                        taken = later | before
                        moved_for_old = reach[_index(loaded), taken] if swaps else np.int16(0)
                        stands = fits & ~before
                        while stands:
                            bit = stands & -stands
                            stands ^= bit
                            moved = reach[_index(bit), taken] | moved_for_old
                            cost = so_far + a_shunt * _ones(int(moved))
                            there = place_of[later | bit] + (
                                2 * place_of[before] if trade_ins > 0 else 0
                            )
                            best[there] = min(best[there], cost)
            if old == 0:
                break
            old = (old - 1) & free
    return int(answer) if answer < FAR else DEAD


@lean
def _index(bit: int) -> int:
    """Number of the only bit that is set."""
    index = 0
    while bit > 1:
        bit >>= 1
        index += 1
    return index
