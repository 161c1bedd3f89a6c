"""Long random histories against the reference: the rules of the suite's machine, dealt by a seed.

Hypothesis looks for the shortest story that fails; here every history is long.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

from api.slots.states import Move
from tests.api.slots.books import DAY, NEXT
from tests.api.slots.machine import PLACES, BookMachine
from tests.databases import new_database

Deal = Callable[[BookMachine, Random], object]

_STEPS = (Move.FREEZE, Move.DISPATCH, Move.ARRIVE, Move.HAND_OVER, Move.FAIL)


def _who(luck: Random) -> int:
    return luck.randrange(2)


def _day(luck: Random) -> object:
    return luck.choice((DAY, NEXT))


def _pick(luck: Random) -> int:
    return luck.randrange(30)


DEALS: Mapping[str, tuple[int, Deal]] = {
    "hold": (
        30,
        lambda m, luck: m.hold(
            _who(luck), luck.choice("ABCDEFGH"), _day(luck), luck.choice(("", "", "red"))
        ),
    ),
    "confirm": (25, lambda m, luck: m.confirm(_who(luck), _pick(luck))),
    "release": (4, lambda m, luck: m.take_back(_who(luck), _pick(luck), Move.RELEASE)),
    "cancel": (6, lambda m, luck: m.take_back(_who(luck), _pick(luck), Move.CANCEL)),
    "reschedule": (8, lambda m, luck: m.reschedule(_who(luck), _pick(luck), _pick(luck))),
    "repeat": (5, lambda m, luck: m.repeat_a_request(_pick(luck))),
    "time": (6, lambda m, luck: m.time_passes(luck.choice((1, 10, 20)))),
    "sweep": (5, lambda m, luck: m.sweep(_who(luck))),
    "deliver": (
        3,
        lambda m, luck: m.deliver(_who(luck), _pick(luck), list(_STEPS[: luck.randint(1, 5)])),
    ),
    "snapshot": (6, lambda m, luck: m.take_a_snapshot(_day(luck))),
    "publish": (8, lambda m, luck: m.publish(_who(luck), _day(luck))),
    "lose": (4, lambda m, luck: m.lose_a_truck(_day(luck), luck.randrange(PLACES))),
    "repair": (4, lambda m, luck: m.hire_a_truck_and_repair(_day(luck))),
}
"""What is dealt, how often, and with what."""

_NEED_A_PROMISE = {"confirm", "release", "cancel", "reschedule", "deliver"}


def random_histories(kind: str, folder: Path, *, histories: int, steps: int) -> Counter[str]:
    """Play histories; raises at the first answer that the reference would not give.

    Each answer is judged at once, the whole book at the end of each history: the ledger is replayed
    there from its first event, so nothing that was wrong in between is hidden.
    """
    database = new_database(kind, folder)
    played: Counter[str] = Counter()
    names = list(DEALS)
    weights = [weight for weight, _ in DEALS.values()]
    for seed in range(histories):
        luck = Random(seed)
        machine = BookMachine(database)
        machine.stock_up()
        for _ in range(steps):
            name = luck.choices(names, weights)[0]
            if name in _NEED_A_PROMISE and not machine.model.entries:
                continue
            if name == "repeat" and not machine.asked:
                continue
            DEALS[name][1](machine, luck)
            played["steps"] += 1
        machine.the_book_is_sound()
        machine.the_book_is_the_reference()
        played += Counter(histories=1, promises=len(machine.model.entries))
    database.close()
    return played
