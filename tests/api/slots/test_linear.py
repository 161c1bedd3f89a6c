"""The checker of histories is checked itself: a blind judge acquits everybody."""

from __future__ import annotations

from tests.api.slots.linear import NO_ONE, Operation, linearizable, places_step


def done(kind: str, order: str, status: int, called: float, answered: float) -> Operation:
    return Operation(kind=kind, order=order, status=status, called=called, answered=answered)


def test_one_place_is_not_sold_twice() -> None:
    """Both were told yes, and nobody gave anything back."""
    history = [done("hold", "A", 201, 0, 3), done("hold", "B", 201, 1, 2)]
    assert not linearizable(history, places_step(1), NO_ONE)
    assert linearizable(history, places_step(2), NO_ONE)


def test_a_refusal_needs_a_moment_without_room() -> None:
    """B was refused after A's place was free again: somebody looked at the past."""
    history = [
        done("hold", "A", 201, 0, 1),
        done("release", "A", 200, 2, 3),
        done("hold", "B", 409, 4, 5),
    ]
    assert not linearizable(history, places_step(1), NO_ONE)
    overlapping = [*history[:2], done("hold", "B", 409, 2.5, 5)]
    assert linearizable(overlapping, places_step(1), NO_ONE)


def test_a_request_without_an_answer_may_have_happened() -> None:
    """The connection broke: B's refusal is explained by A's hold, and so is B's yes."""
    lost = Operation(kind="hold", order="A", called=0)
    for status in (201, 409):
        assert linearizable([lost, done("hold", "B", status, 1, 2)], places_step(1), NO_ONE)
