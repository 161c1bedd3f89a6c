"""Bugs in the rules of the deck: who is in the way, what it takes, old cars that come along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from routing import deck as deck_places
from routing import decode
from routing.deck import DeckPlan
from routing.domain.fleet import DeckTemplate
from routing.domain.orders import Order, TradeIn
from routing.domain.policy import DeckPolicy
from routing.domain.vehicles import Model
from routing.plan import Stop
from routing.rules.deck import Deck, DeckTable
from routing.rules.trade_ins import TradeIns
from tests.days import SEDAN, SUV, flat_deck, km, order, request, truck, wheel_lift_deck
from tests.planted.plants import Bug, answers, both, instead, on
from tests.strategies import Day

OLD = TradeIn(model_name="旧轿车", model=SEDAN)


def _unblocked(deck: DeckTemplate) -> DeckTemplate:
    return replace(deck, positions=tuple(replace(each, blocked_by=()) for each in deck.positions))


def _past_everything(
    deck: DeckTemplate, models: Sequence[Model], old_cars: Sequence[Model | None]
) -> DeckPlan | None:
    """Cars drive through one another."""
    return deck_places.plan_deck(_unblocked(deck), models, old_cars)


def _never_in_the_way(rule: DeckTable) -> DeckTable:
    return rule._replace(reach=np.zeros_like(rule.reach))


def _in_no_time(
    stops: Sequence[Stop], orders: Sequence[Order], placed: DeckPlan, policy: DeckPolicy
) -> tuple[Stop, ...]:
    return deck_places.with_deck_work(stops, orders, placed, replace(policy, shunt_s=0))


def _as_they_come(
    deck: DeckTemplate, models: Sequence[Model], old_cars: Sequence[Model | None]
) -> DeckPlan | None:
    """The deck is filled from the front in the order of delivery: all that follows is moved."""
    names = tuple(position.id for position in deck.positions)[: len(models)]
    moved = tuple(names[:0:-1] if at == 0 else () for at in range(len(names)))
    return DeckPlan(cars=names, trade_ins=("",) * len(names), moved=moved)


def _stays_there(
    stops: Sequence[Stop], orders: Sequence[Order], placed: DeckPlan, policy: DeckPolicy
) -> tuple[Stop, ...]:
    """Nobody takes the old cars along."""
    loaded = deck_places.with_deck_work(stops, orders, placed, policy)
    return tuple(replace(stop, trade_in=None) for stop in loaded)


def _of_any_size(model: Model, position: object) -> bool:
    return True


def _must_shunt() -> Day:
    """The SUV hangs on no lift and is wanted in the morning: the sedan behind it is in its way."""
    return on(
        request(
            order("O1", model=SUV, windows=[("08:00", "10:00")]),
            order("O2", model=SEDAN, windows=[("12:00", "14:00")]),
            trucks=[truck(deck=wheel_lift_deck())],
        )
    )


DECK_BUGS = (
    Bug(
        name="shunts: nothing is ever in the way",
        plant=both(
            answers(Deck, "compile", _never_in_the_way),
            instead(decode, "plan_deck", _past_everything),
        ),
        day=_must_shunt(),
        check="shunts",
    ),
    Bug(
        name="shunts: a car is moved in no time",
        plant=both(
            answers(Deck, "compile", lambda rule: rule._replace(shunt_s=0)),
            instead(decode, "with_deck_work", _in_no_time),
        ),
        day=_must_shunt(),
        check="shunts",
    ),
    Bug(
        name="shunts: the search knows the minutes, the plan does not",
        plant=instead(decode, "with_deck_work", _in_no_time),
        day=_must_shunt(),
        check="timeline",
    ),
    Bug(
        name="shunts: a scratch costs nothing",
        plant=answers(Deck, "compile", lambda rule: rule._replace(shunt_fen=0)),
        day=_must_shunt(),
        check="costs",
    ),
    Bug(
        name="shunts: the deck is filled as the cars come",
        plant=instead(decode, "plan_deck", _as_they_come),
        day=on(
            request(order("O1"), order("O2", place=km(40)), trucks=[truck(deck=wheel_lift_deck())])
        ),
        check="shunts",
    ),
    Bug(
        name="trade-ins: old cars stay where they are",
        plant=instead(decode, "with_deck_work", _stays_there),
        day=on(request(order("O1", trade_in=OLD))),
        check="trade_ins",
    ),
    Bug(
        name="trade-ins: an old car of any size",
        plant=both(
            answers(TradeIns, "compile", lambda rule: rule._replace(fits=0 * rule.fits + 1)),
            instead(deck_places, "stands_on", _of_any_size),
        ),
        day=on(
            request(
                order(
                    "O1",
                    trade_in=TradeIn(
                        model_name="旧面包车", model=replace(SEDAN, id="van", height_mm=2_300)
                    ),
                ),
                order("O2", place=km(40)),
                trucks=[truck(cars=1)],
            )
        ),
        check="trade_ins",
    ),
    Bug(
        name="trade-ins: old cars weigh nothing",
        plant=both(
            answers(TradeIns, "compile", lambda rule: rule._replace(mass_kg=0 * rule.mass_kg)),
            instead(deck_places, "_carries", lambda deck, models, old_cars: True),
        ),
        day=on(
            request(
                order("O1", trade_in=TradeIn(model_name="重", model=replace(SEDAN, mass_kg=2_700))),
                order("O2", place=km(40)),
                trucks=[truck(deck=flat_deck(1, payload_kg=2_000))],
            )
        ),
        check="trade_ins",
    ),
)
