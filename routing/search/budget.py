"""How long a search may go on: so many iterations (repeatable), or so many seconds (not)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from time import monotonic, process_time
from typing import Protocol

from routing.plan import StopReason


class Budget(Protocol):
    """When to stop, and how far along the search is."""

    @property
    def reason(self) -> StopReason:
        """Why a search with this budget ends."""
        ...

    def now(self) -> float:
        """Read the clock that seconds of search are told by."""
        ...

    def begun(self) -> Budget:
        """Start the clock: the budget as of now."""
        ...

    def share(self, iterations: int) -> float:
        """Part of the budget used after so many iterations: 1 or more when it is over."""
        ...

    def allowance(self, iterations: int, wanted: int) -> int:
        """Iterations that may be done in one go after so many."""
        ...

    def part(self, share: float, *, weight: int = 1) -> Budget:
        """A share of the whole, for a search one iteration of which is worth `weight` of ours."""
        ...


@dataclass(frozen=True, slots=True)
class Iterations:
    """So many iterations: same inputs, same seed, same plan."""

    limit: int
    reason: StopReason = StopReason.ITERATIONS

    def __post_init__(self) -> None:
        if self.limit < 0:
            raise ValueError(f"an iteration budget of {self.limit} is negative")

    @staticmethod
    def now() -> float:
        """Read the clock on the wall; nothing depends on it."""
        return monotonic()

    def begun(self) -> Iterations:
        """Nothing to start."""
        return self

    def allowance(self, iterations: int, wanted: int) -> int:
        """What is wanted, or what is left."""
        return min(wanted, self.limit - iterations)

    def part(self, share: float, *, weight: int = 1) -> Iterations:
        """At least one iteration, unless there is none to share."""
        return replace(self, limit=min(self.limit, max(1, int(self.limit * share) // weight)))

    def share(self, iterations: int) -> float:
        """Iterations done over iterations allowed."""
        return iterations / self.limit if self.limit else 1.0


@dataclass(frozen=True, slots=True)
class WallClock:
    """So many seconds of searching: gives repeatability up, and plans made with it say so."""

    seconds: float
    reason: StopReason = StopReason.TIME
    started: float = field(default_factory=monotonic)

    def __post_init__(self) -> None:
        if self.seconds <= 0:
            raise ValueError(f"a time budget of {self.seconds} s is not above 0")

    @staticmethod
    def now() -> float:
        """Read the clock on the wall."""
        return monotonic()

    def begun(self) -> WallClock:
        """Start the clock when the search starts, not when it was asked for."""
        return replace(self, started=self.now())

    def allowance(self, iterations: int, wanted: int) -> int:
        """What is wanted: the clock is looked at afterwards."""
        return wanted

    def part(self, share: float, *, weight: int = 1) -> WallClock:
        """So much of the seconds, whatever an iteration is worth."""
        return replace(self, seconds=self.seconds * share)

    def share(self, iterations: int) -> float:
        """Seconds passed over seconds allowed, whatever the iterations."""
        return (self.now() - self.started) / self.seconds


@dataclass(frozen=True, slots=True)
class ProcessorClock(WallClock):
    """So many seconds of this process's own work: a fair measure on a machine busy with others'."""

    started: float = field(default_factory=process_time)

    @staticmethod
    def now() -> float:
        """Seconds this process has worked, on all its threads."""
        return process_time()


def default_iterations(orders: int) -> int:
    """Size the budget from the day: for 150 orders 47,000, some five seconds of one core."""
    return 2_000 + 300 * orders
