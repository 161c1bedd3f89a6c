"""Errors of the routing floor."""

from __future__ import annotations


class RoutingError(Exception):
    """Something about a day or its plan that the caller can act on."""


class BadRequest(RoutingError):
    """The request contradicts itself; `faults` lists everything that is wrong with it."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults

    def __reduce__(self) -> tuple[type[BadRequest], tuple[tuple[str, ...]]]:
        """Cross from the solver's process with the faults, not with the message made of them."""
        return BadRequest, (self.faults,)


class BadPlan(RoutingError):
    """A plan document that is not one: wrong format, missing field, unknown order.

    `faults` lists everything that is wrong with it, each with its place in the document.
    """

    def __init__(self, message: str, *, faults: tuple[str, ...] = ()) -> None:
        super().__init__("; ".join((message, *faults)))
        self.faults = faults or (message,)


class SolverCrashed(RoutingError):
    """The child process that solves died; carries what was known when it did."""


class BadInstance(RoutingError):
    """A benchmark file or solution that cannot be read; `faults` lists all that was found."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults

    def __reduce__(self) -> tuple[type[BadInstance], tuple[tuple[str, ...]]]:
        """Cross from a child process with the faults, not with the message made of them."""
        return BadInstance, (self.faults,)


class NoSequence(RoutingError):
    """What is left of a route keeps its windows in no sequence."""


class UnknownBasis(RoutingError):
    """A witness stands on travel times, fleet and rules that nobody has handed to the judge."""
