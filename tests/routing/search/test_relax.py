"""The plain model of a day is a relaxation: it may promise too much, never too little.

If it were tighter than the day anywhere, the search would never look at plans that are lawful, and
nobody would notice: what it brings back would still be right.
"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from routing.search import relax as module
from tests.routing.search.lawful_routes import LawfulRoutes, lawful_routes, refused


@pytest.fixture(scope="module")
def lawful() -> list[LawfulRoutes]:
    return lawful_routes(range(130), drawn=30)


def test_what_the_day_allows_its_plain_model_allows(lawful: list[LawfulRoutes]) -> None:
    """Bands, bans, rests, loading hours and decks only ever forbid more."""
    assert sum(len(day.routes) for day in lawful) > 500
    assert refused(module.relax, lawful) == []


TIGHTER = {
    "the slowest hour instead of the fastest": (
        "p.travel.buffered[layer].min(axis=0)",
        "p.travel.buffered[layer].max(axis=0)",
    ),
    "evening loading counts as duty": (
        "np.where(evening, 0, p.bays.load_base[first]",
        "np.where(evening, 7200, p.bays.load_base[first]",
    ),
    "the end of the first window": (
        "p.windows.end[ptr[1:] - 1] - 1",
        "p.windows.end[ptr[:-1]] - 1",
    ),
    "half the duty": (
        "max_duration=np.maximum(0, p.shifts.duty_max[first] - load)",
        "max_duration=np.maximum(0, p.shifts.duty_max[first] - load) // 2",
    ),
    "a car more than there are positions": (
        "p.deck.positions[p.deck.deck_of[first]].reshape",
        "(p.deck.positions[p.deck.deck_of[first]] - 1).reshape",
    ),
    "a car is ready an hour later": (
        "np.minimum(release, NEVER)",
        "np.minimum(release + 3600 * (release > 0) * 6, NEVER)",
    ),
}


@pytest.mark.parametrize("name", TIGHTER)
def test_a_model_that_is_tighter_anywhere_is_noticed(lawful: list[LawfulRoutes], name: str) -> None:
    """Planted in its source: lawful routes are refused, and so the test above would fail."""
    right, wrong = TIGHTER[name]
    assert module.__file__ is not None
    source = Path(module.__file__).read_text(encoding="utf-8")
    assert source.count(right) == 1, f"relax.py has changed, plant {name} anew"
    tighter = ModuleType(module.__name__)
    tighter.__dict__.update(module.__dict__)
    exec(compile(source.replace(right, wrong), module.__file__, "exec"), tighter.__dict__)
    assert refused(tighter.relax, lawful) != []
