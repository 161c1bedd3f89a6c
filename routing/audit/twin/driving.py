"""Rules 2, 3 and 4 of docs/schedule.md: one leg, its bands, forced rests and bans."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from geodata.units import DAY_S, UNREACHABLE_S
from routing.audit.twin.values import TwinBan, TwinDrive, TwinLeg, TwinRest
from routing.plan import RestPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel:
    """The driver at a moment: seconds driven since the last rest, start of the present pause."""

    now: int
    driven_s: int
    paused_from: int

    def rested(self, rest_s: int) -> "Wheel":
        """Forget the driving before the pause if the pause, now over, was long enough."""
        long_enough = self.now - self.paused_from >= rest_s
        return Wheel(
            now=self.now,
            driven_s=0 if long_enough else self.driven_s,
            paused_from=self.paused_from,
        )


def drive(
    leg: TwinLeg,
    start: Wheel,
    *,
    band_starts_s: Sequence[int],
    drive_max_s: int,
    rest_s: int,
) -> tuple[TwinDrive, Wheel] | None:
    """Drive one leg from `start.now`, bans apart; None where no band has a road."""
    if leg.stays:
        return _driven(start, start, drive_s=0, metres=0, rests=[]), start
    if all(seconds >= UNREACHABLE_S for seconds in leg.seconds):
        return None
    now, driven_s, paused_from = start.now, start.driven_s, start.paused_from
    left_s: int | None = None
    driven_in = first_band = -1
    drive_s = 0
    rests: list[TwinRest] = []
    while left_s is None or left_s > 0:
        band = band_at(now, band_starts_s)
        starts_at_zero = left_s is None and leg.seconds[band] == 0
        if driven_s >= drive_max_s and not starts_at_zero:
            rests.append(TwinRest(start=now, end=now + rest_s, place=RestPlace.ROAD))
            now, driven_s = now + rest_s, 0
            continue
        until = band_end(now, band_starts_s)
        if leg.seconds[band] >= UNREACHABLE_S:
            _hold(rests, now, until)
            now = until
            if now - paused_from >= rest_s:
                driven_s = 0
            continue
        if left_s is None:
            left_s, first_band = leg.seconds[band], band
        elif band != driven_in:
            left_s = -(-left_s * leg.seconds[band] // leg.seconds[driven_in])
        driven_in = band
        step = min(left_s, until - now, drive_max_s - driven_s)
        if step > 0:
            now, driven_s = now + step, driven_s + step
            left_s, drive_s, paused_from = left_s - step, drive_s + step, now
    end = Wheel(now=now, driven_s=driven_s, paused_from=paused_from)
    return _driven(start, end, drive_s=drive_s, metres=leg.metres[first_band], rests=rests), end


def hold_outside(
    drive_so_far: TwinDrive, wheel: Wheel, bans: Sequence[TwinBan], *, rest_s: int
) -> tuple[TwinDrive, Wheel]:
    """Put the arrival off while a ban forbids it; the wait belongs to the leg."""
    arrives = allowed_arrival(wheel.now, bans)
    if arrives == wheel.now:
        return drive_so_far, wheel
    rests = list(drive_so_far.rests)
    _hold(rests, wheel.now, arrives)
    held = Wheel(now=arrives, driven_s=wheel.driven_s, paused_from=wheel.paused_from)
    longer = TwinDrive(
        departs=drive_so_far.departs,
        arrives=arrives,
        drive_s=drive_so_far.drive_s,
        metres=drive_so_far.metres,
        rests=tuple(rests),
    )
    return longer, held.rested(rest_s)


def allowed_arrival(at: int, bans: Sequence[TwinBan]) -> int:
    """Find the first moment, from `at` on, at which no ban forbids to arrive."""
    while True:
        hit = [b.end + b.inside_s for b in bans if b.start <= at < b.end + b.inside_s]
        if not hit:
            return at
        at = max(hit)


def allowed_leaving(at: int, bans: Sequence[TwinBan]) -> int:
    """Find the first moment, from `at` on, at which no ban forbids to leave."""
    while True:
        hit = [b.end for b in bans if b.start - b.inside_s < at < b.end]
        if not hit:
            return at
        at = max(hit)


def band_at(moment: int, band_starts_s: Sequence[int]) -> int:
    """Tell the band of the local day at this moment."""
    return bisect_right(band_starts_s, moment % DAY_S) - 1


def band_end(moment: int, band_starts_s: Sequence[int]) -> int:
    """Tell when the band of this moment ends; the last one ends at midnight."""
    band = band_at(moment, band_starts_s)
    following = (*band_starts_s[1:], DAY_S)[band]
    return moment - moment % DAY_S + following


def _hold(rests: list[TwinRest], start: int, end: int) -> None:
    """Add a hold, joined to one that ends where it starts."""
    if rests and rests[-1].place is RestPlace.HELD and rests[-1].end == start:
        start = rests.pop().start
    rests.append(TwinRest(start=start, end=end, place=RestPlace.HELD))


def _driven(
    start: Wheel, end: Wheel, *, drive_s: int, metres: int, rests: list[TwinRest]
) -> TwinDrive:
    return TwinDrive(
        departs=start.now,
        arrives=end.now,
        drive_s=drive_s,
        metres=metres,
        rests=tuple(rests),
    )
