"""Errors of the routing floor."""


class RoutingError(Exception):
    """Something about a day or its plan that the caller can act on."""


class BadRequest(RoutingError):
    """The request contradicts itself; `faults` lists everything that is wrong with it."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class BadPlan(RoutingError):
    """A plan document that is not one: wrong format, missing field, unknown order."""


class SolverCrashed(RoutingError):
    """The child process that solves died; carries what was known when it did."""
