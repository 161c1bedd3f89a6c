"""Leaving later never means arriving earlier, whatever the bands (docs/schedule.md, rule 2)."""

from hypothesis import given
from hypothesis import strategies as st

from geodata.units import DAY_S, UNREACHABLE_S
from routing.audit.twin.driving import Wheel, drive
from routing.audit.twin.values import TwinLeg

PACES = st.one_of(st.integers(min_value=0, max_value=20_000), st.just(UNREACHABLE_S))


@st.composite
def banded_legs(draw: st.DrawFn) -> tuple[TwinLeg, tuple[int, ...]]:
    """A leg with up to four bands, at least one of which has a road."""
    cuts = draw(st.sets(st.integers(min_value=1, max_value=DAY_S - 1), max_size=3))
    starts = (0, *sorted(cuts))
    seconds = draw(st.lists(PACES, min_size=len(starts), max_size=len(starts)))
    seconds[draw(st.integers(0, len(starts) - 1))] = draw(st.integers(0, 20_000))
    return TwinLeg(seconds=tuple(seconds), metres=(1,) * len(starts), toll_minor=0), starts


def _arrival(leg: TwinLeg, starts: tuple[int, ...], departs: int) -> int:
    driven = drive(
        leg,
        Wheel(now=departs, driven_s=0, paused_from=departs),
        band_starts_s=starts,
        drive_max_s=10 * DAY_S,
        rest_s=1_200,
    )
    assert driven is not None
    return driven[0].arrives


@given(
    banded_legs(),
    st.integers(min_value=0, max_value=2 * DAY_S),
    st.one_of(st.integers(min_value=1, max_value=60), st.integers(min_value=1, max_value=DAY_S)),
)
def test_leaving_later_never_arrives_earlier(
    banded: tuple[TwinLeg, tuple[int, ...]], departs: int, later_s: int
) -> None:
    """Overtaking by waiting would make the latest departure a lottery."""
    leg, starts = banded
    assert _arrival(leg, starts, departs) <= _arrival(leg, starts, departs + later_s)


@given(banded_legs(), st.integers(min_value=0, max_value=DAY_S), st.integers(600, 15_000))
def test_never_drives_longer_than_allowed_without_a_rest(
    banded: tuple[TwinLeg, tuple[int, ...]], departs: int, drive_max_s: int
) -> None:
    """Between two rests of a leg, and after the last one, lies at most `drive_max_s` of driving."""
    leg, starts = banded
    driven = drive(
        leg,
        Wheel(now=departs, driven_s=0, paused_from=departs),
        band_starts_s=starts,
        drive_max_s=drive_max_s,
        rest_s=1_200,
    )
    assert driven is not None
    way, wheel = driven
    at, since_rest = way.departs, 0
    for rest in way.rests:
        since_rest += rest.start - at
        assert since_rest <= drive_max_s
        since_rest = 0 if rest.end - rest.start >= 1_200 else since_rest
        at = rest.end
    assert since_rest + way.arrives - at == wheel.driven_s <= drive_max_s
    assert way.drive_s == way.arrives - way.departs - sum(r.end - r.start for r in way.rests)
