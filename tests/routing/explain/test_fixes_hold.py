"""A smallest fix holds: apply it, plan on from the plan, and the order is served, nobody lost."""

import pytest

from routing.plan import LeftBehind
from tests.routing.explain.fix_trials import Trial, kind_of, trials


def failures(done: list[Trial]) -> list[tuple[int, str, str | None, tuple[str, ...]]]:
    """The trials that went wrong, each with its day, order and fix."""
    return [
        (trial.day_seed, trial.entry.order_id, kind_of(trial.entry), trial.kept_on)
        for trial in done
        if trial.kept_on
    ]


def is_proved(entry: LeftBehind) -> bool:
    """Every fix says that and how it was proved."""
    return entry.fix is not None and entry.fix.proved and bool(entry.fix.proof)


def test_smallest_fixes_of_generated_days_hold() -> None:
    """20 left-behind orders, the quick form of the 100 below: each applied, planned on with
    another seed, real bays and all other left-behind orders in play."""
    done = list(trials(2_000, 20, afresh=False))
    assert len(done) == 20
    assert all(is_proved(trial.entry) for trial in done)
    assert failures(done) == []


@pytest.mark.slow
def test_at_least_95_of_100_smallest_fixes_hold() -> None:
    """The promise of the daily plan; `python -m tests.benchmarks fixes` prints the share."""
    done = list(trials(1_000, 100, afresh=False))
    assert len(failures(done)) <= 5, failures(done)
