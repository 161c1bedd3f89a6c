"""Days that live: promises come and go, and what is kept in memory changes no answer."""

from __future__ import annotations

import numpy as np
import pytest

from routing.judge import Refusal
from tests.generated_days import generated_day
from tests.routing.slots.pool_days import ask_of, empty, granted, judge_of, windows_of


@pytest.mark.parametrize("seed", range(4))
def test_a_judge_that_followed_the_day_answers_as_one_that_never_saw_it(seed: int) -> None:
    """Another process starts from the stored witness and must decide the same."""
    day, dice, windows = generated_day(seed), np.random.default_rng(seed), windows_of()
    judge, witness = judge_of(day), empty(day)
    for step in range(60):
        live = sorted(witness.promises)
        if live and dice.random() < 0.35:
            name = live[int(dice.integers(len(live)))]
            decision = judge.without(witness, name)
            assert judge_of(day).without(witness, name) == decision
            witness = witness.decided(decision).forgetting(name)
        else:
            order = day.request.orders[int(dice.integers(len(day.request.orders)))]
            ask = ask_of(order, windows[int(dice.integers(6))], name=f"{order.id}-{step}")
            if any(each.ask.order_ref == order.id for each in witness.promises.values()):
                continue
            found = judge.place(witness, ask)
            assert judge_of(day).place(witness, ask) == found
            if not isinstance(found, Refusal):
                witness = granted(witness, ask, found)
        if step % 15 == 14:
            assert judge.faults(witness) == ()
    assert judge.faults(witness) == ()
