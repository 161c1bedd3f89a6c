"""Trade-ins, long decks and the work at the deck, as a day's sheets say them."""

from __future__ import annotations

from pathlib import Path

from routing.domain.orders import UNKNOWN_OLD_CAR
from tests.api.intake.days import codes, day_with, order, read, write_xlsx


def test_a_trade_in_is_as_large_as_its_model(tmp_path: Path) -> None:
    """The list of models knows it; nothing has to be assumed."""
    rows = [order(1, 置换车="通用中型SUV")]
    day = read(write_xlsx(tmp_path / "d.xlsx", day_with(orders=rows)))
    assert day.request is not None
    old = day.request.orders[0].trade_in
    assert old is not None
    assert (old.model_name, old.model.id) == ("通用中型SUV", day.request.orders[0].vehicle.model.id)
    assert not any("旧车" in assumption for assumption in day.request.assumptions)


def test_an_unknown_trade_in_is_assumed_and_the_plan_says_so(tmp_path: Path) -> None:
    """A buyer's car may be of any make; refusing the row would help nobody."""
    rows = [order(1, 置换车="捷达 2004")]
    day = read(write_xlsx(tmp_path / "d.xlsx", day_with(orders=rows)))
    assert day.request is not None and codes(day) == []
    old = day.request.orders[0].trade_in
    assert old is not None
    assert (old.model_name, old.model) == ("捷达 2004", UNKNOWN_OLD_CAR)
    assert any("1650 kg" in assumption for assumption in day.request.assumptions)


def test_a_deck_of_fourteen_positions_is_a_fault_and_no_crash(tmp_path: Path) -> None:
    """Said once, at the first position too many."""
    rows = [
        {"模板": "B1", "板位": str(n), "可装车长": 5000, "可装车高": 2000, "可装质量": 2500}
        for n in range(14)
    ]
    day = read(write_xlsx(tmp_path / "d.xlsx", day_with(decks=rows)))
    assert codes(day) == ["deck.too_long"]


def test_the_company_sets_minutes_and_money_of_the_deck(tmp_path: Path) -> None:
    """Twelve minutes and 35 yuan a shunt, twenty minutes an old car."""
    rows = [
        {"名称": "倒车时长", "值": 12},
        {"名称": "倒车费", "值": 35},
        {"名称": "装旧车时长", "值": 20},
    ]
    day = read(write_xlsx(tmp_path / "d.xlsx", day_with(settings=rows)))
    assert day.request is not None
    deck = day.request.policy.deck
    assert (deck.shunt_s, deck.shunt_fen, deck.trade_in_load_s) == (720, 3_500, 1_200)
