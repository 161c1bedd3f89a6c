"""The clock speaks China's time, whatever zone the machine or the caller is in."""

from datetime import UTC, date, datetime, timedelta

import pytest

from api.kit.clock import StoppedClock, SystemClock, tomorrow


def test_the_systems_clock_is_aware_and_in_chinas_zone() -> None:
    """A naive time would be read as another hour on a server abroad."""
    assert SystemClock().now().utcoffset() == timedelta(hours=8)


def test_tomorrow_is_chinas_tomorrow() -> None:
    """At 17:00 in London it is already the next day in Shanghai: tomorrow is two dates away."""
    clock = StoppedClock(moment=datetime(2026, 11, 22, 17, tzinfo=UTC))
    assert tomorrow(clock) == date(2026, 11, 24)


def test_a_stopped_clock_refuses_a_naive_moment() -> None:
    """Where would it stand?"""
    with pytest.raises(ValueError, match="time zone"):
        StoppedClock(moment=datetime(2026, 11, 22, 17))  # noqa: DTZ001 - the naive one under test
