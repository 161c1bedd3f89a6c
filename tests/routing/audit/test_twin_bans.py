"""docs/schedule.md, rule 4, by hand: arriving and leaving around the hours of a ban."""

from tests.days import ban, km, order, request
from tests.routing.audit.twin_runs import clock, spans, timed

CITY = km(30)


def test_waits_outside_until_the_zone_is_open_and_crossed() -> None:
    """Banned 07:00 to 09:00, ten minutes of driving inside: there at 09:10 at the soonest."""
    day = request(order(place=CITY), bans=[ban(CITY, ("07:00", "09:00"), inside_min=10)])
    drive = timed(day, "07:00").visits[0].drive
    assert (clock(drive.arrives), drive.drive_s) == ("09:10", 30 * 60)
    assert spans(drive.rests) == [("07:30", "09:10", "held")]


def test_arriving_as_a_ban_begins_is_too_late() -> None:
    """`[start, end + inside)`: the first second of the ban is banned, the one before is not."""
    day = request(
        order(place=CITY, windows=[("06:00", "18:00")]), bans=[ban(CITY, ("07:00", "09:00"))]
    )
    assert clock(timed(day, "06:29:59").visits[0].drive.arrives) == "06:59:59"
    assert clock(timed(day, "06:30").visits[0].drive.arrives) == "09:00"


def test_leaving_is_put_off_until_the_ban_ends() -> None:
    """Done at 10:50, ten minutes to the edge, banned from 11:00: it may just leave."""
    zone = ban(CITY, ("11:00", "13:00"), inside_min=10)
    day = request(order(place=CITY), bans=[zone])
    assert clock(timed(day, "09:00").visits[0].leaves) == "10:50"
    assert clock(timed(day, "09:00:01").visits[0].leaves) == "13:00"


def test_a_hold_outside_is_a_rest_when_it_is_long_enough() -> None:
    """Held for 20 minutes after three hours: six hours in all without a rest on the road."""
    far = km(180)
    day = request(order(place=far), bans=[ban(far, ("08:00", "09:20"))])
    times = timed(day, "06:00")
    assert (times.chosen, times.home.rests) == ((), ())
    # 09:20 + 80 min + 3 h
    assert clock(times.returns) == "13:40"


def test_hold_and_wait_in_a_row_make_one_rest() -> None:
    """Held ten minutes outside, ten more at the gate: one unbroken pause of 20."""
    far = km(180)
    day = request(
        order(place=far, windows=[("09:20", "18:00")]), bans=[ban(far, ("08:00", "09:10"))]
    )
    times = timed(day, "06:00")
    assert (times.chosen, times.home.rests) == ((), ())


def test_bans_in_a_row_are_obeyed_one_after_the_other() -> None:
    """The second begins where waiting for the first would have ended."""
    day = request(
        order(place=CITY),
        bans=[ban(CITY, ("07:00", "08:00")), ban(CITY, ("08:00", "09:00"), inside_min=5)],
    )
    assert clock(timed(day, "07:00").visits[0].drive.arrives) == "09:05"


def test_a_second_stop_at_the_same_place_breaks_no_ban() -> None:
    """The truck stands where it is; it neither leaves nor arrives."""
    day = request(
        order("O1", place=CITY),
        order("O2", place=CITY),
        bans=[ban(CITY, ("09:00", "12:00"))],
    )
    times = timed(day, "08:00")
    assert clock(times.visits[1].begins) == "09:50"
    assert clock(times.visits[1].leaves) == "12:00"


def test_bans_hold_at_the_warehouse_too() -> None:
    """Setting out waits until the end, on the leg; coming home waits outside."""
    home = km(0)
    day = request(
        order(place=CITY), bans=[ban(home, ("06:30", "07:00"), ("08:00", "10:00"), inside_min=5)]
    )
    times = timed(day, "06:28")
    assert spans(times.visits[0].drive.rests) == [("06:28", "07:00", "held")]
    # 07:30 waits for 08:00, ends 09:20, would be back at 09:50: held until 10:05
    assert clock(times.returns) == "10:05"


def test_another_trucks_ban_is_none_of_ours() -> None:
    """Bans are per truck: class, plate and permit are decided before."""
    day = request(order(place=CITY), bans=[ban(CITY, ("07:00", "18:00"), truck_id="T2")])
    assert clock(timed(day, "07:30").visits[0].begins) == "08:00"
