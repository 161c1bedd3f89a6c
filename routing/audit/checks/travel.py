"""Every leg takes the time, the metres and the toll of the travel matrix, and no more."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from geodata.units import DAY_S, UNREACHABLE_S
from routing.audit.case import Case, Check, Fault, RouteCase
from routing.audit.twin.driving import band_at, band_end
from routing.audit.twin.reading import read_leg, second
from routing.audit.twin.values import Span, TwinLeg
from routing.audit.wording import span_en, span_zh
from routing.domain.request import PlanRequest
from routing.plan import Leg
from routing.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class _Driven:
    """A leg as the matrix has it, with the rests that the plan shows."""

    drive_s: int
    arrives: int
    metres: int


def _run(case: Case) -> Iterator[Fault]:
    for each in case.routes:
        if not each.route.stops:
            continue
        path = pairwise(each.place_ids)
        for (start, end), leg, order_id in zip(path, each.route.legs, each.halt_ids, strict=True):
            where = f"{start} → {end}"
            for zh, en in _faults_of_leg(case, each, leg, start=start, end=end):
                yield Fault(
                    truck_id=each.truck.id,
                    order_id=order_id,
                    text=f"{each.truck.plate} {where}:{zh}",
                    text_en=f"{each.truck.id} {where}: {en}",
                )


def _faults_of_leg(
    case: Case, each: RouteCase, leg: Leg, *, start: str, end: str
) -> Iterator[tuple[str, str]]:
    try:
        pair = read_leg(case.travel, each.truck.road_class, start, end)
    except KeyError as error:
        yield f"路程表中没有:{error.args[0]}", f"{error.args[0]}"
        return
    right = _drive(case.request, pair, leg, case.travel.band_starts_s)
    if right is None:
        yield "此时无路可走", "drives where there is no road at that hour"
        return
    off = timedelta(seconds=leg.drive_s - right.drive_s)
    if off:
        yield (
            f"驾驶时间写 {leg.drive_s} 秒,应为 {right.drive_s} 秒,差 {span_zh(off)}",
            f"states {leg.drive_s} s at the wheel, not {right.drive_s}: off by {span_en(off)}",
        )
    late = leg.arrives - case.request.horizon_start - timedelta(seconds=right.arrives)
    if late:
        yield (
            f"到达时间差 {span_zh(late)}",
            f"the arrival is off by {span_en(late)}",
        )
    for zh, en, stated, true in (
        ("里程(米)", "metres", leg.metres, right.metres),
        ("过路费(分)", "fen of toll", leg.toll_minor, pair.toll_minor),
    ):
        if stated != true:
            yield f"{zh}写 {stated},应为 {true}", f"states {stated} {en}, not {true}"


def _drive(
    request: PlanRequest, pair: TwinLeg, leg: Leg, band_starts_s: Sequence[int]
) -> _Driven | None:
    """Drive a pair from `leg.departs` around the rests of `leg`; None where no road is open."""
    now = second(request, leg.departs)
    rests = [
        (second(request, rest.start), second(request, rest.end))
        for rest in sorted(leg.road_rests, key=lambda rest: rest.start)
    ]
    left_s: int | None = None
    driven_in = first_band = 0
    drive_s = 0
    while True:
        now, rests = _rest(now, rests)
        if left_s == 0 or pair.stays:
            return _Driven(drive_s=drive_s, arrives=now, metres=pair.metres[first_band])
        band = band_at(now, band_starts_s)
        if pair.seconds[band] >= UNREACHABLE_S or drive_s > 30 * DAY_S:
            return None
        if left_s is None:
            left_s, first_band = pair.seconds[band], band
        else:
            left_s = -(-left_s * pair.seconds[band] // pair.seconds[driven_in])
        driven_in = band
        next_rest = rests[0][0] if rests else now + left_s
        step = min(left_s, band_end(now, band_starts_s) - now, next_rest - now)
        now, left_s, drive_s = now + step, left_s - step, drive_s + step


def _rest(now: int, rests: list[Span]) -> tuple[int, list[Span]]:
    """Sit out the rests that begin now; forget those that a false plan put into the past."""
    while rests and rests[0][0] <= now:
        now = max(now, rests[0][1])
        rests = rests[1:]
    return now, rests


CHECK = Check(name="travel", reason=Reason.UNREACHABLE, run=_run)
