"""docs/schedule.md, rules 1 and 6 and the choice of the departure, by hand."""

from routing.domain.policy import BufferPolicy
from routing.reasons import Reason
from tests.days import km, order, request, truck, warehouse
from tests.routing.audit.twin_runs import clock, missed, scheduled


def test_leaves_as_late_as_the_earliest_finish_allows() -> None:
    """Waiting at the buyer's gate costs duty; the truck waits at home instead."""
    plan = scheduled(request(order(place=km(30), windows=[("10:00", "12:00")])))
    # opens 10:00, drives 30 min: departs 09:30, loads 25 min (20 + 5) before; 80 min of service
    assert clock(plan.departs) == "09:30"
    assert (clock(plan.load[0]), clock(plan.load[1])) == ("09:05", "09:30")
    assert clock(plan.duty_from) == "09:05"
    assert clock(plan.typical.visits[0].begins) == "10:00"
    assert clock(plan.typical.returns) == "11:50"


def test_finishes_as_early_as_it_can_first() -> None:
    """A window that is open all day is no reason to go late."""
    plan = scheduled(request(order(place=km(110), windows=[("08:00", "18:00")])))
    # shift from 06:00 + 25 min of loading, 1 h 50 of driving: there at 08:15, window long open
    assert clock(plan.departs) == "06:25"
    assert clock(plan.typical.returns) == "11:25"


def test_does_not_load_before_the_last_car_is_ready() -> None:
    """Readiness counts at p90, and the whole load waits for the last car."""
    early, late = order("O1", ready="05:00"), order("O2", ready="09:40")
    plan = scheduled(request(early, late))
    assert clock(plan.load[0]) == "09:40"
    assert clock(plan.departs) == "10:10"


def test_loading_in_the_morning_lies_in_the_loading_hours() -> None:
    """Bays shut at 07:00, so the truck leaves then, although the window opens at 10:00."""
    plan = scheduled(
        request(
            order(place=km(30), windows=[("10:00", "12:00")]),
            warehouses=[warehouse(loading=[("05:00", "07:00")])],
        )
    )
    assert clock(plan.departs) == "07:00"
    assert clock(plan.typical.visits[0].drive.arrives) == "07:30"
    assert clock(plan.typical.visits[0].begins) == "10:00"


def test_takes_the_last_loading_interval_that_still_finishes_early() -> None:
    """The bays open again at 08:30; leaving from there serves at 10:00 as well."""
    plan = scheduled(
        request(
            order(place=km(30), windows=[("10:00", "12:00")]),
            warehouses=[warehouse(loading=[("05:00", "07:00"), ("08:30", "09:10")])],
        )
    )
    assert clock(plan.departs) == "09:10"


def test_a_load_never_spreads_over_two_intervals() -> None:
    """Twenty minutes before noon and the rest after is no load: 25 minutes are needed."""
    answer = missed(
        request(
            order(),
            warehouses=[warehouse(loading=[("06:00", "06:20"), ("06:30", "06:50")])],
        )
    )
    assert (answer.reason, answer.short_s) == (Reason.BAY_FULL, 5 * 60)


def test_a_car_ready_after_the_bays_shut_is_not_ready() -> None:
    """Ready at 19:40 and 25 minutes of loading: five minutes past the last bay hour."""
    answer = missed(request(order(ready="19:40")))
    assert (answer.reason, answer.short_s) == (Reason.NOT_READY, 5 * 60)


def test_evening_loading_leaves_the_morning_free() -> None:
    """Loaded the evening before, duty begins at departure and no bay is visited."""
    plan = scheduled(
        request(
            order(place=km(150), windows=[("08:00", "18:00")]),
            warehouses=[
                warehouse(
                    loading=[("-1 17:00", "-1 21:00"), ("05:00", "20:00")], evening_loading=True
                )
            ],
        )
    )
    assert (clock(plan.load[0]), clock(plan.load[1])) == ("-1 17:00", "-1 17:25")
    assert clock(plan.departs) == clock(plan.duty_from) == "06:00"


def test_a_car_that_misses_the_evening_load_stays() -> None:
    """It is loaded the evening before or not at all."""
    answer = missed(
        request(
            order(ready="-1 20:50"),
            warehouses=[
                warehouse(
                    loading=[("-1 17:00", "-1 21:00"), ("05:00", "20:00")], evening_loading=True
                )
            ],
        )
    )
    assert (answer.reason, answer.short_s) == (Reason.NOT_READY, 15 * 60)


def test_duty_counts_from_the_start_of_loading() -> None:
    """25 min of loading + 1 h of driving + 80 min of service = 2 h 45."""
    day = order(place=km(30))
    plan = scheduled(request(day, trucks=[truck(duty_max_h=2.75)]))
    assert plan.typical.returns - plan.duty_from == 165 * 60
    answer = missed(request(day, trucks=[truck(duty_max_h=2.7)]))
    # 2.7 h is 162 minutes
    assert (answer.reason, answer.short_s) == (Reason.DUTY_EXCEEDED, 3 * 60)


def test_is_back_when_the_shift_ends() -> None:
    """The window opens at 18:00; 80 min of service and 30 min home make 19:50."""
    late = order(place=km(30), windows=[("18:00", "19:00")])
    assert clock(scheduled(request(late, trucks=[truck(shift=("06:00", "19:50"))])).typical.returns)
    answer = missed(request(late, trucks=[truck(shift=("06:00", "19:45"))]))
    assert (answer.reason, answer.short_s) == (Reason.DUTY_EXCEEDED, 5 * 60)


def test_buffers_decide_and_the_typical_schedule_is_shown() -> None:
    """+10 % on a leg of 30 min is 3 min; +5 min of work at the stop; both on one clock."""
    plan = scheduled(
        request(
            order("O1", place=km(30), windows=[("10:00", "12:00")]),
            order("O2", place=km(60)),
            buffers=BufferPolicy(drive_permille=100, service_s=300),
        )
    )
    # latest departure for the buffered begin at 10:00 is 09:27, the typical truck waits 3 min
    assert clock(plan.departs) == "09:27"
    first, second = plan.typical.visits
    assert (clock(first.drive.arrives), clock(first.begins)) == ("09:57", "10:00")
    assert clock(second.begins) == "11:50"
    late_first, late_second = plan.buffered.visits
    assert clock(late_first.begins) == "10:00"
    # 10:00 + 20 + 5 + 60 min, 33 min of driving
    assert clock(late_second.begins) == "11:58"
    # 11:58 + 85 min, and 66 min home
    assert clock(plan.buffered.returns) == "14:29"


def test_a_window_that_only_the_typical_truck_meets_is_missed() -> None:
    """Without buffers it arrives at 06:55; with them at 06:58, after the window's last second."""
    tight = order(place=km(30), windows=[("06:00", "06:56")])
    assert clock(scheduled(request(tight)).typical.visits[0].begins) == "06:55"
    answer = missed(request(tight, buffers=BufferPolicy(drive_permille=100, service_s=0)))
    # 06:58:00 is 121 s after 06:55:59, the last second to begin
    assert (answer.reason, answer.short_s, answer.stop) == (Reason.WINDOW_MISSED, 121, 0)
