"""Figures of the relay that contradict themselves are refused; waits are those of the standard."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.events.relay.policy import STANDARD_WAITS, RelayPolicy


def test_ten_attempts_with_a_little_luck() -> None:
    """0, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h, each up to a fifth longer."""
    policy = RelayPolicy()
    waits = [policy.wait_after(n, luck=0) for n in range(1, 11)]
    assert waits == [*STANDARD_WAITS, None]
    assert policy.wait_after(1, luck=1.0) == timedelta(seconds=6)


def test_what_a_receiver_asks_for_is_bounded() -> None:
    """A year of Retry-After would be a dead letter that nobody sees."""
    asked = RelayPolicy().wait_after(1, luck=0, asked=timedelta(days=365))
    assert asked == timedelta(hours=24)
    assert RelayPolicy().wait_after(4, luck=0, asked=timedelta(seconds=1)) == timedelta(hours=2)


@pytest.mark.parametrize(
    "nonsense",
    [
        {"lease": timedelta(seconds=10), "timeout_s": 10.0},
        {"senders": 0},
        {"per_endpoint": 0},
        {"in_a_row": 0},
        {"jitter": 1.5},
    ],
)
def test_nonsense_is_refused(nonsense: dict[str, object]) -> None:
    """A lease shorter than a delivery would send every slow one twice."""
    with pytest.raises(ValueError, match=r"lease|relay"):
        RelayPolicy(**nonsense)  # type: ignore[arg-type]
