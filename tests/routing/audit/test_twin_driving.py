"""docs/schedule.md, rules 2, 3 and 5, by hand: bands, rests, waits, windows."""

from routing.domain.policy import BufferPolicy, DrivingPolicy
from routing.plan import RestPlace
from routing.reasons import Reason
from tests.days import km, matrix_of, order, request, specialist, truck
from tests.routing.audit.twin_runs import clock, missed, scheduled, spans, timed

WITH_SPECIALIST = truck(specialist_id="S1")
CREW = [specialist(truck_id="T1")]


def test_a_window_is_half_open() -> None:
    """A service that begins at the end of the window is one second late."""
    day = request(order(place=km(30), windows=[("06:00", "06:55")]))
    answer = missed(day)
    assert (answer.reason, answer.short_s) == (Reason.WINDOW_MISSED, 1)


def test_waits_for_the_next_window_when_one_is_over() -> None:
    """Between two windows of one buyer the truck stands at the gate."""
    day = request(order(place=km(30), windows=[("08:00", "09:00"), ("10:00", "11:00")]))
    visit = timed(day, "08:30").visits[0]
    assert (clock(visit.drive.arrives), clock(visit.begins)) == ("09:00", "10:00")


def test_what_is_left_of_a_leg_is_converted_where_a_band_ends() -> None:
    """30 km: 30 min in the first band; 07:00 begins one in which a km takes 90 s."""
    day = request(order(place=km(30)))
    travel = matrix_of(day, band_starts=("00:00", "07:00"), seconds_per_km=(60, 90))
    # 10 min driven, 20 min left become 30: there at 07:30; metres are the same in both bands
    drive = timed(day, "06:50", travel).visits[0].drive
    assert (clock(drive.arrives), drive.drive_s) == ("07:30", 40 * 60)


def test_conversion_rounds_up_to_the_whole_second() -> None:
    """1 s left at 60 s a km is 0.67 s at 40 s a km: still one second."""
    day = request(order(place=km(30)))
    travel = matrix_of(day, band_starts=("00:00", "07:00"), seconds_per_km=(60, 40))
    drive = timed(day, "06:30:01", travel).visits[0].drive
    assert clock(drive.arrives) == "07:00:01"


def test_waits_on_the_road_while_no_band_has_a_road() -> None:
    """The pass is closed until 08:00; the truck is on it at 07:00, two thirds to go."""
    day = request(order(place=km(30)))
    travel = matrix_of(day, band_starts=("00:00", "07:00", "08:00"), seconds_per_km=(60, None, 90))
    drive = timed(day, "06:50", travel).visits[0].drive
    assert spans(drive.rests) == [("07:00", "08:00", "held")]
    assert (clock(drive.arrives), drive.drive_s) == ("08:30", 40 * 60)


def test_metres_are_those_of_the_band_in_which_driving_begins() -> None:
    """The wait for a road belongs to the leg, its length to the road that is then there."""
    day = request(order(place=km(30)))
    travel = matrix_of(day, band_starts=("00:00", "08:00"), seconds_per_km=(None, 60))
    drive = timed(day, "07:00", travel).visits[0].drive
    assert (clock(drive.arrives), drive.metres) == ("08:30", 30_000)


def test_a_pair_without_a_road_in_any_band_cannot_be_driven() -> None:
    """An island without a ferry is unreachable, not far."""
    day = request(order(place=km(30)))
    answer = missed(day, matrix_of(day, seconds_per_km=(None,)))
    assert (answer.reason, answer.stop) == (Reason.UNREACHABLE, 0)


def test_bands_repeat_after_midnight() -> None:
    """23:50 on the evening before, slow band from 23:00: the new day is fast again."""
    day = request(order(place=km(30)))
    travel = matrix_of(day, band_starts=("00:00", "23:00"), seconds_per_km=(60, 120))
    drive = timed(day, "-1 23:50", travel).visits[0].drive
    # 10 of 60 min driven; 50 left become 25
    assert clock(drive.arrives) == "00:25"


def test_rests_on_the_road_as_late_as_possible() -> None:
    """Five hours on end: 20 minutes after the fourth."""
    day = request(order(place=km(300), windows=[("06:00", "20:00")]))
    drive = timed(day, "06:00").visits[0].drive
    assert spans(drive.rests) == [("10:00", "10:20", "road")]
    assert (clock(drive.arrives), drive.drive_s) == ("11:20", 5 * 3600)


def test_four_hours_to_the_door_need_no_rest_before_it() -> None:
    """Only when more driving is left; unloading is work, so home it rests at once."""
    day = request(order(place=km(240), windows=[("06:00", "20:00")]))
    times = timed(day, "06:00")
    assert times.visits[0].drive.rests == ()
    # 10:00 + 80 min of the driver's work, then a rest on the road before the first metre
    assert spans(times.home.rests) == [("11:20", "11:40", "road")]
    assert clock(times.returns) == "15:40"


def test_a_long_wait_is_a_rest() -> None:
    """Three hours of driving, a wait of 20 minutes, three more: no rest on the road."""
    day = request(order(place=km(180), windows=[("09:20", "12:00")]))
    times = timed(day, "06:00")
    assert (times.home.rests, times.chosen) == ((), ())
    assert clock(times.returns) == "13:40"


def test_a_wait_of_a_minute_less_is_none() -> None:
    """19 minutes do not count; stretching them by one is better than 20 on the way home."""
    day = request(order(place=km(180), windows=[("09:19", "12:00")]))
    times = timed(day, "06:00")
    assert times.chosen == (0,)
    assert clock(times.visits[0].begins) == "09:20"
    assert clock(times.returns) == "13:40"


def test_the_drivers_own_handover_is_no_rest() -> None:
    """80 minutes of work after three hours: a rest is still due before the fourth ends."""
    times = timed(request(order(place=km(180))), "06:00")
    # a rest stretched at the stop or forced on the road costs the same 20 minutes: none is chosen
    assert times.chosen == ()
    assert spans(times.home.rests) == [("11:20", "11:40", "road")]
    assert clock(times.returns) == "13:40"


def test_a_specialists_handover_is_the_drivers_rest() -> None:
    """The driver unloads 20 minutes and then rests for 60."""
    day = request(order(place=km(180)), trucks=[WITH_SPECIALIST], specialists=CREW)
    times = timed(day, "06:00")
    assert times.home.rests == ()
    assert clock(times.returns) == "13:20"


def test_the_setting_may_say_that_a_handover_is_no_rest() -> None:
    """Then it is work like any other."""
    day = request(
        order(place=km(180)),
        trucks=[WITH_SPECIALIST],
        specialists=CREW,
        driving=DrivingPolicy(handover_rests=False),
    )
    assert clock(timed(day, "06:00").returns) == "13:40"


def test_a_short_handover_of_a_specialist_is_stretched_to_a_rest() -> None:
    """15 minutes of handover need five more; 20 on the road would be worse."""
    day = request(order(place=km(180), handover_min=15), trucks=[WITH_SPECIALIST], specialists=CREW)
    times = timed(day, "06:00")
    visit = times.visits[0]
    assert times.chosen == (1,)
    # 09:00 + 20 min unloading + 15, leaves at 09:20 + 20
    assert (clock(visit.ends), clock(visit.leaves)) == ("09:35", "09:40")
    assert clock(times.returns) == "12:40"


def test_a_chosen_rest_beats_a_later_forced_one() -> None:
    """Three and a half hours out, then a wait of ten minutes at the second stop that a rest
    at the first would have used up: resting early is free, resting on the road is not."""
    first = order("O1", place=km(210), windows=[("06:00", "20:00")], handover_min=20)
    second = order("O2", place=km(230), windows=[("10:50", "20:00")], handover_min=20)
    times = timed(request(first, second), "06:00")
    # natural: 09:30 + 40 min, 20 min to O2: 10:30, waits 20 minutes: that wait is the rest
    assert (times.chosen, clock(times.visits[1].begins)) == ((), "10:50")
    second = order("O2", place=km(230), windows=[("10:45", "20:00")], handover_min=20)
    times = timed(request(first, second), "06:00")
    # waiting 15 is short of a rest: stretched to 20 it costs 5; on the way home it would cost 20
    assert times.chosen == (2,)
    assert clock(times.visits[1].begins) == "10:50"
    assert times.home.rests == ()
    assert clock(times.returns) == "15:20"


def test_of_equal_returns_the_one_with_the_fewest_chosen_rests_is_taken() -> None:
    """A wait that swallows any rest is no reason to invent one."""
    near = order("O1", place=km(30), windows=[("07:00", "08:00")], handover_min=20)
    late = order("O2", place=km(60), windows=[("12:00", "13:00")])
    assert timed(request(near, late), "06:30").chosen == ()


def test_two_stops_at_one_door_make_one_pause() -> None:
    """Ten minutes of wait there, no driving, ten more: the pause goes on across a leg of 0 s."""
    crew = {"trucks": [WITH_SPECIALIST], "specialists": CREW}
    first = order("O1", place=km(180), unload_min=0, handover_min=10)
    second = order("O2", place=km(180), unload_min=0, handover_min=10)
    times = timed(request(first, second, **crew), "06:00")  # type: ignore[arg-type]  # two keywords
    # two handovers of 10 minutes in a row are the rest of 20
    assert (times.chosen, times.home.rests) == ((), ())
    assert clock(times.returns) == "12:20"
    assert times.visits[1].drive.drive_s == times.visits[1].drive.metres == 0


def test_a_wait_for_a_road_adds_to_the_pause_before_it() -> None:
    """15 minutes of handover end at 09:55, the road opens at 10:00: 20 minutes in a row."""
    day = request(
        order(place=km(180), unload_min=40, handover_min=15),
        trucks=[WITH_SPECIALIST],
        specialists=CREW,
    )
    travel = matrix_of(day, band_starts=("00:00", "09:30", "10:00"), seconds_per_km=(60, None, 60))
    times = timed(day, "06:00", travel)
    assert times.chosen == ()
    assert spans(times.home.rests) == [("09:55", "10:00", RestPlace.HELD.value)]
    assert clock(times.returns) == "13:00"


def test_the_whole_schedule_obeys_the_limit_with_buffers_on() -> None:
    """3 h 40 with a tenth more is 4 h 02: only the buffered truck must rest on the way."""
    day = request(
        order(place=km(220), windows=[("06:00", "20:00")]),
        buffers=BufferPolicy(drive_permille=100, service_s=0),
    )
    plan = scheduled(day)
    assert plan.typical.visits[0].drive.rests == ()
    (rest,) = plan.buffered.visits[0].drive.rests
    assert (rest.start - plan.departs, rest.end - rest.start) == (4 * 3600, 20 * 60)
