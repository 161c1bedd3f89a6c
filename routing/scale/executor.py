"""Where parts are planned: here, in child processes, or elsewhere. The plan is the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from routing.isolate import Job
    from routing.planner import Planned


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One part to plan. `job` is made when its turn has come: with it comes its travel matrix."""

    name: str
    job: Callable[[], Job]


class Executor(Protocol):
    """Plans parts in whatever order and place; answers in the order of the tasks."""

    @property
    def workers(self) -> int:
        """How many parts are planned at once."""
        ...

    def run(
        self,
        tasks: Sequence[Task],
        *,
        cancelled: Callable[[], bool],
        on_done: Callable[[int, Planned], None],
    ) -> list[Planned]:
        """Plan all tasks; `on_done` hears each, by its number, in this thread or another.

        A part whose worker dies is planned again from its beginning. Once cancelled, parts that
        are being planned keep what they have found, and the others are planned without a search.

        Raises:
            SolverCrashed: a part has cost two workers their lives.
            BadRequest: a part contradicts itself.
        """
        ...
