"""The deck in the driver's papers: who stands where, who goes up when, what comes off first."""

from __future__ import annotations

import io
from dataclasses import replace

from pypdf import PdfReader

from api.days.documents.deck_plan import deck_cells
from api.days.documents.figures import locale_of
from api.days.documents.manifest import manifests_bytes
from api.days.documents.page.cards import truck_cards
from api.days.documents.route_tables import stops_table
from api.days.documents.truck_text import truck_text
from api.settings import Language
from routing.domain.fleet import DeckPosition, DeckTemplate
from routing.plan_deck import LoadedTradeIn, Shunt
from tests.plans import henan_plan

ZH = Language.CHINESE


def _deck(blocked_by: dict[str, tuple[str, ...]]) -> DeckTemplate:
    return DeckTemplate(
        id="two_car",
        payload_kg=5_000,
        positions=tuple(
            DeckPosition(
                id=name,
                length_mm=5_200,
                height_mm=1_900,
                mass_kg=2_600,
                blocked_by=blocked_by.get(name, ()),
            )
            for name in ("bed", "lift", "spare")
        ),
    )


def test_the_deck_shows_empty_positions_and_loads_the_last_stop_first() -> None:
    """Where the deck leaves a choice, what leaves first goes up last."""
    route = henan_plan().routes[0]
    cells = deck_cells(route, _deck({}))
    assert [(cell.position_id, cell.seq, cell.load_rank) for cell in cells] == [
        ("bed", 1, 2),
        ("lift", 2, 1),
        ("spare", 0, 0),
    ]
    assert [cell.position_id for cell in deck_cells(route, None)] == ["bed", "lift"]


def test_a_blocked_position_is_loaded_before_its_blocker_whoever_leaves_first() -> None:
    """Nobody drives a car through another."""
    route = henan_plan().routes[0]  # stop 1 stands on the bed, stop 2 on the lift behind it
    cells = deck_cells(route, _deck({"bed": ("lift",)}))
    assert [(cell.position_id, cell.load_rank) for cell in cells] == [
        ("bed", 1),
        ("lift", 2),
        ("spare", 0),
    ]


def test_every_paper_says_what_to_take_off_first_and_which_old_car_to_take_along() -> None:
    """The manifest, the text, the workbook and the page, in the reader's language."""
    plan = henan_plan()
    first, second = plan.routes[0].stops
    lift = Shunt(position_id="lift", order_id=second.order_id, vin=second.vin)
    old = LoadedTradeIn(position_id="bed", model_name="旧轿车")
    busy = replace(first, deck_s=25 * 60, shunts=(lift,), trade_in=old)
    route = replace(plan.routes[0], stops=(busy, second))
    plan = replace(plan, routes=(route, *plan.routes[1:]))
    moved, taken = "lift 的 2 号车", "收旧车 旧轿车，装 bed"
    text = truck_text(plan, route, contacts={}, mask=False, lang=ZH)
    assert moved in text and taken in text
    page = PdfReader(io.BytesIO(manifests_bytes(plan, contacts={}, mask=False, lang=ZH, decks={})))
    printed = page.pages[0].extract_text().replace("\n", "")
    assert moved in printed and taken in printed
    (row, *_) = stops_table(plan, locale_of(plan, Language.ENGLISH)).rows
    assert 25 in row
    assert any(
        "car 2 on lift" in str(cell) and "trade-in 旧轿车 on bed" in str(cell) for cell in row
    )
    (card, *_) = truck_cards(plan, locale_of(plan, ZH), county_names={})
    assert moved in card.stops[0].remarks
