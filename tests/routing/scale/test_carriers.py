"""Carriers of a day in parts: places shared out, and those left over given at the end."""

from __future__ import annotations

from dataclasses import replace

from routing.domain.carriers import Carrier
from routing.scale.carriers import put_together, share_carriers
from tests.days import carrier


def shares(held: tuple[str, ...] = ()) -> list[tuple[Carrier, ...]]:
    """Seven places for two parts of four and two orders; the third has another warehouse."""
    one = replace(carrier(cars=7, warehouse_ids=["A", "B"]), holds=held)
    parts = [(["O1", "O2", "O3", "O4"], ["A"]), (["O5", "O6"], ["B"]), (["O7"], ["C"])]
    return share_carriers([one], parts)


def test_places_are_shared_by_orders_and_none_is_lost() -> None:
    """Each part knows only its own warehouses."""
    a, b, c = shares()
    assert (a[0].cars, b[0].cars, c) == (5, 2, ())
    assert (a[0].warehouse_ids, b[0].warehouse_ids) == (("A",), ("B",))


def test_what_a_carrier_holds_goes_with_its_order() -> None:
    """Its place, too."""
    a, b, _ = shares(held=("O5", "O6", "O9"))
    assert (a[0].holds, b[0].holds) == ((), ("O5", "O6"))
    assert a[0].cars + b[0].cars == 7
    assert b[0].cars >= 2


def test_two_areas_together_have_the_places_of_both() -> None:
    """As before they were cut."""
    a, b, _ = shares()
    (whole,) = put_together([*a, *b])
    assert (whole.cars, whole.warehouse_ids) == (7, ("A", "B"))
