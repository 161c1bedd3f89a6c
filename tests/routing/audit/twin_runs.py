"""Run the twin on a tiny day and read its answer in local time."""

from geodata.matrix import TravelMatrix
from routing.audit.twin.departure import schedule_route
from routing.audit.twin.reading import read_route
from routing.audit.twin.timing import time_route
from routing.audit.twin.values import TwinMiss, TwinRest, TwinSchedule, TwinTimes
from routing.domain.request import PlanRequest
from tests.days import matrix_of, moment, second


def scheduled(
    day: PlanRequest, travel: TravelMatrix | None = None, *, truck_id: str = "T1"
) -> TwinSchedule:
    """Schedule all orders of the day, in the order given, on one truck."""
    answer = _answer(day, travel, truck_id)
    assert isinstance(answer, TwinSchedule), answer
    return answer


def missed(
    day: PlanRequest, travel: TravelMatrix | None = None, *, truck_id: str = "T1"
) -> TwinMiss:
    """The same where no schedule exists: why."""
    answer = _answer(day, travel, truck_id)
    assert isinstance(answer, TwinMiss), answer
    return answer


def timed(day: PlanRequest, departs: str, travel: TravelMatrix | None = None) -> TwinTimes:
    """Time all orders of the day, typical, for one departure."""
    route = read_route(
        day, travel or matrix_of(day), truck_id="T1", order_ids=[each.id for each in day.orders]
    )
    answer = time_route(route, departs=second(departs))
    assert isinstance(answer, TwinTimes), answer
    return answer


def clock(seconds: int) -> str:
    """Write a moment as for `tests.days.at`, without seconds when there are none."""
    text = moment(seconds).strftime("%H:%M:%S").removesuffix(":00")
    return text if seconds >= 86_400 else f"-1 {text}"


def spans(rests: tuple[TwinRest, ...]) -> list[tuple[str, str, str]]:
    """Rests as (start, end, place) in local time."""
    return [(clock(rest.start), clock(rest.end), rest.place.value) for rest in rests]


def _answer(
    day: PlanRequest, travel: TravelMatrix | None, truck_id: str
) -> TwinSchedule | TwinMiss:
    return schedule_route(
        read_route(
            day,
            travel or matrix_of(day),
            truck_id=truck_id,
            order_ids=[each.id for each in day.orders],
        )
    )
