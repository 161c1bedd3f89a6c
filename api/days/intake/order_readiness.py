"""The readiness of a car: what is still to be done to it, and which papers are open."""

from datetime import datetime, timedelta
from typing import Final

from api.days.intake.cells import RowReader
from api.days.intake.desk import Desk
from api.days.intake.tables import Table
from routing.domain.readiness import Precondition, Readiness, ReadinessStep, StepKind
from routing.domain.readiness_chain import Arrival, StepWork, WorkHours, chain_steps
from routing.domain.vehicles import Edition

STEP_KEYS: Final = {
    StepKind.PDI: "pdi_done",
    StepKind.EDITION: "edition_done",
    StepKind.CHARGE: "charge_done",
    StepKind.WASH: "wash_done",
}
STEP_NAMES: Final = {
    StepKind.PDI: "PDI",
    StepKind.EDITION: "加装",
    StepKind.CHARGE: "充电",
    StepKind.WASH: "洗车",
}
PRECONDITION_NAMES: Final = {
    Precondition.PAYMENT: "尾款",
    Precondition.INSURANCE: "保险",
    Precondition.TEMPORARY_PLATE: "临牌",
    Precondition.INVOICE: "发票",
}


def read_readiness(
    row: RowReader, *, table: Table, desk: Desk, hours: WorkHours, edition: Edition
) -> Readiness:
    """Read the chain of open work, from arrival to wash, and the open preconditions."""
    steps = read_steps(row, desk=desk, hours=hours, edition=edition)
    if row.faulty:
        return Readiness()
    return Readiness(steps=steps, missing=read_missing(row, table=table, desk=desk))


def read_steps(
    row: RowReader, *, desk: Desk, hours: WorkHours, edition: Edition
) -> tuple[ReadinessStep, ...]:
    """Read the chain of open work on a car, from arrival to wash.

    A step nobody ticked counts as done for a car in stock and as open for one on its way. Work
    that is open begins at the settings' `prepare_from` or at the arrival, whichever is later.
    """
    arrival = _arrival(row, desk=desk)
    begins = desk.settings.prepare_from
    in_stock = arrival is None
    works: list[StepWork] = []
    for usual in _usual_works(desk, edition=edition):
        done = row.done(STEP_KEYS[usual.kind], day=desk.settings.day)
        if done is None:
            done = in_stock
            if usual.p90_s > 0:
                _assume_step(desk, usual.kind, done=in_stock)
        if isinstance(done, datetime):
            # A day was named: the step is over then, and what follows begins.
            begins = max(begins, done)
            works = [*works, StepWork(kind=usual.kind, p50_s=0, p90_s=0)]
        elif not done and usual.p90_s > 0:
            works = [*works, usual]
    if row.faulty:
        return ()
    return chain_steps(works, begins=begins, arrival=arrival, hours=hours)


def _arrival(row: RowReader, *, desk: Desk) -> Arrival | None:
    """Read when the car comes; None for one that is here already."""
    p50, p90 = row.moment("arrival"), row.moment("arrival_p90")
    if p50 is None and p90 is None:
        return None
    if p50 is None:
        p50 = p90
    if p50 is None:
        return None
    if p90 is None:
        spread = timedelta(seconds=desk.settings.arrival_spread_s)
        p90 = p50 + spread
        if p90 > desk.settings.prepare_from:
            desk.log.assume(
                "没写最晚到库，按到库时间加设置的误差",
                "no arrival_p90: arrival plus the set spread taken",
            )
    if p90 < p50:
        row.fault("quantiles.order", "arrival_p90")
        return None
    # Both quantiles behind us: it has arrived.
    return None if p90 <= desk.settings.prepare_from else Arrival(p50=p50, p90=p90)


def _usual_works(desk: Desk, *, edition: Edition) -> tuple[StepWork, ...]:
    """All steps of the chain in their order, with their usual durations."""
    refit = StepWork(
        kind=StepKind.EDITION, p50_s=edition.work_p50_min * 60, p90_s=edition.work_p90_min * 60
    )
    return desk.settings.pdi, refit, desk.settings.charge, desk.settings.wash


def _assume_step(desk: Desk, kind: StepKind, *, done: bool) -> None:
    key, name = STEP_KEYS[kind], STEP_NAMES[kind]
    if done:
        desk.log.assume(
            f"在库车没写{name}，视为已完成", f"in stock, {key} not given: taken as done"
        )
    else:
        desk.log.assume(
            f"在途车没写{name}，视为未做", f"on its way, {key} not given: taken as open"
        )


def read_missing(row: RowReader, *, table: Table, desk: Desk) -> tuple[Precondition, ...]:
    """List what is not done before the day; an empty cell among filled ones means not done."""
    missing = []
    for one, name in PRECONDITION_NAMES.items():
        done = row.done(one.value, day=desk.settings.day)
        if done is None and one.value not in table.filled:
            desk.log.assume(f"没有“{name}”信息，视为已办", f"{one.value} not given: taken as done")
        elif done is not True:
            missing.append(one)
    return tuple(missing)
