"""Answers about plans that say no. Codes are published: never rename one."""

from __future__ import annotations

from api.errors import Refused


class UnknownPlan(Refused):
    """No plan of this tenant has that id, or the plan has no such revision."""

    code = "plan-not-found"
    status = 404


class PlanNotReady(Refused):
    """The plan is still being solved, or its job failed; `job_id` says which."""

    code = "plan-not-ready"


class PlanChanged(Refused):
    """The plan has a newer revision than the caller has seen; `revision` is the present one."""

    code = "plan-changed"
    status = 412


class MoveImpossible(Refused):
    """The move breaks a limit; `violations` lists each with its size."""

    code = "move-impossible"


class NothingToUndo(Refused):
    """There is no change by hand to take back, or none to do again."""

    code = "nothing-to-undo"


class NotPublishable(Refused):
    """Only a revision without objections of the auditor can be published; `findings` lists them."""

    code = "plan-not-checked"


class OrdersUnpromised(Refused):
    """The plan brings orders whose windows nobody has promised; `orders` lists them. Book them, or
    publish with `promise` to have their slots booked first."""

    code = "plan-unpromised"


class NothingToPlan(Refused):
    """The day has no orders, or its rows have faults; `faults` lists them."""

    code = "day-not-plannable"
    status = 422
