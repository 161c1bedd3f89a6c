"""Answers of the promise book that say no. Codes are published: never rename one."""

from __future__ import annotations

from api.errors import ApiError, Refused


class SlotTaken(Refused):
    """The window has no room any more; `alternatives` were judged at the same moment."""

    code = "slot-taken"


class DayNotOpen(Refused):
    """The day has no witness yet, or is closed: it sells nothing."""

    code = "day-not-open"


class DayAlreadyOpen(Refused):
    """The day was opened before, with another witness."""

    code = "day-already-open"


class CountedOut(Refused):
    """Stock, workshop places or a budget is used up; `kind` and `key` say which."""

    code = "counted-out"


class OrderAlreadyHeld(Refused):
    """The order holds another window; release that one first."""

    code = "order-already-held"


class OrderAlreadyBooked(Refused):
    """The order has a confirmed window; reschedule that booking instead."""

    code = "order-already-booked"


class OfferExpired(Refused):
    """The offer's time is over; search again."""

    code = "offer-expired"
    status = 410


class BadOffer(Refused):
    """The token was not made by us, or is for another tenant or order."""

    code = "offer-invalid"
    status = 422


class HoldExpired(Refused):
    """The hold is gone, and the window has no room any more or the order has another booking."""

    code = "hold-expired"
    status = 410


class Frozen(Refused):
    """The cut-off is over, or the truck has left: call the dispatcher; `state` says how far."""

    code = "frozen"


class ConditionsMissing(Refused):
    """The offer has conditions that the buyer must accept; `missing` lists those not accepted."""

    code = "conditions-not-accepted"
    status = 422


class TooManyHolds(Refused):
    """The client holds as many windows as it may; confirm or release some."""

    code = "too-many-holds"
    status = 429


class PromiseGone(Refused):
    """The promise is in a state that this cannot be done from; `state` says which."""

    code = "promise-gone"
    status = 410


class AtRisk(Refused):
    """An outside event broke the promise and nothing has repaired it yet; `cause` is its id."""

    code = "promise-at-risk"


class UnknownPromise(Refused):
    """No promise of this tenant has that id."""

    code = "promise-not-found"
    status = 404


class VersionConflict(Refused):
    """The promise changed since the caller read it; `seq` is the present one."""

    code = "version-conflict"
    status = 412


class NotNarrower(Refused):
    """A window may only be refined to one that lies inside it."""

    code = "window-not-narrower"
    status = 422


class StaleBase(Refused):
    """The world changed since the snapshot the plan was made on; solve again."""

    code = "plan-base-stale"


class PlanRefused(Refused):
    """The plan does not keep every promise; `faults` lists what is wrong. The old one stays."""

    code = "plan-refused"


class BookDamaged(ApiError):
    """The ledger contradicts itself or the tables: somebody changed the database, or we have a
    bug. Nothing is sold on that day until it is understood."""

    code = "book-damaged"
