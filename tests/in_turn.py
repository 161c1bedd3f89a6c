"""An executor without processes: part after part, what the others are compared with."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from routing.planner import Planned
from routing.scale.executor import Task


class InTurn:
    """Plans one part after the other in this process; see `Executor`."""

    workers = 1

    def run(
        self,
        tasks: Sequence[Task],
        *,
        cancelled: Callable[[], bool],
        on_done: Callable[[int, Planned], None],
    ) -> list[Planned]:
        """Plan all tasks in turn."""
        found = []
        for number, task in enumerate(tasks):
            planned = task.job().plan(cancelled=cancelled)
            on_done(number, planned)
            found.append(planned)
        return found
