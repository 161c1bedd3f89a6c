"""The standing check reads one moment: what is sold meanwhile is no contradiction."""

from __future__ import annotations

from api.kit.db import Database
from api.slots.service import Book
from routing.judge import WitnessFault
from routing.witness import Witness
from tests.api.slots.books import SIGNER, Shop, shop_at, trucks
from tests.api.slots.plane import PlaneJudge


class Interrupted(PlaneJudge):
    """A checker during whose work somebody buys, every time."""

    shop: Shop
    sold: int = 0

    def faults(self, witness: Witness) -> tuple[WitnessFault, ...]:
        """Sell a window, then check."""
        self.sold += 1
        self.shop.booked(f"meanwhile-{self.sold}")
        return super().faults(witness)


def test_what_is_sold_during_the_check_is_no_contradiction(database: Database) -> None:
    """Under load every hourly check of a PostgreSQL book cried wolf."""
    shop = shop_at(database, trucks(20))
    for number in range(3):
        shop.booked(f"A{number}")
    judge = Interrupted(shop.judge.worlds)
    judge.shop = shop
    assert Book(database, judge, shop.clock, signer=SIGNER).faults() == ()
    assert judge.sold >= 2
    shop.assert_sound()
