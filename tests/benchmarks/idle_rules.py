"""Rules of which a day has nothing, as functions that do nothing (see `bench_unused`).

Each has the arguments of the function it stands for.
"""

from __future__ import annotations

from routing.clock import DEAD
from routing.nights import Tour
from routing.problem import Tables
from routing.schedule import Scratch
from routing.search.kernel.state import Ints, Small, World
from routing.shunts import DeckMemory


def nothing_priced(
    p: Tables, k: int, seq: Small, n: int, tour: Tour, metres: int, scratch: Scratch
) -> int:
    """No change, preference, balance or CO2."""
    return 0


def metres_of_the_tour(p: Tables, k: int, seq: Small, n: int, tour: Tour, scratch: Scratch) -> int:
    """Metres that do not depend on the hour."""
    return tour.metres


def always(p: Tables, k: int, seq: Small, n: int) -> bool:
    """No lock, one trip."""
    return True


def no_shunts(p: Tables, k: int, seq: Small, n: int, memory: DeckMemory) -> int:
    """Decks without an order."""
    return 0


def no_work_at_the_deck(p: Tables, k: int, seq: Small, n: int, scratch: Scratch) -> bool:
    """Decks without an order, no old cars."""
    return True


def never_overnight(p: Tables, k: int, seq: Small, n: int, scratch: Scratch) -> Tour:
    """No night out."""
    return Tour(DEAD, 0, 0, 0, 0, 0)


def no_nights(nights: int) -> int:
    """No night out."""
    return 0


def no_reloads(w: World) -> bool:
    """No truck makes a second trip."""
    return False


def no_stock(sites: Small, trucks: Ints, stock: Ints, k: int, c: int, change: int) -> None:
    """Every car is named."""
