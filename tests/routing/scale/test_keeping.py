"""Finished parts are kept on disk: a day that was cut off goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from routing.errors import SolverCrashed
from routing.planner import Planned
from routing.scale.executor import Task
from routing.scale.keeping import Keeping
from tests.in_turn import InTurn
from tests.routing.scale.test_plan_parts import here, planned, told

pytestmark = pytest.mark.usefixtures("compiled_search")


class Counting(InTurn):
    """Notes what it plans, and dies before a part whose turn comes too late."""

    def __init__(self, most: int) -> None:
        self.names: list[str] = []
        self._most = most

    def run(
        self,
        tasks: Sequence[Task],
        *,
        cancelled: Callable[[], bool],
        on_done: Callable[[int, Planned], None],
    ) -> list[Planned]:
        """Plan one after the other."""
        found = []
        for number, task in enumerate(tasks):
            if len(self.names) == self._most:
                raise SolverCrashed("the lights went out")
            self.names.append(task.name)
            found.append(task.job().plan(cancelled=cancelled))
            on_done(number, found[-1])
        return found


def test_what_was_finished_is_not_planned_again(tmp_path: Path) -> None:
    """Two parts are done when the lights go out; the same command plans the others, and its plan
    is that of a day that was never disturbed."""
    first, second, third = Counting(2), Counting(99), Counting(99)
    with pytest.raises(SolverCrashed):
        planned(Keeping(first, tmp_path, versions="1"))
    assert len(first.names) == 2
    kept = Keeping(second, tmp_path, versions="1")
    assert told(planned(kept).planned.plan) == told(here().planned.plan)
    assert not set(first.names) & set(second.names)
    assert len(list(tmp_path.iterdir())) == len(first.names) + len(second.names)
    kept.forget()
    assert not list(tmp_path.iterdir())
    planned(Keeping(third, tmp_path, versions="1"))
    assert set(first.names) < set(third.names)


def test_a_spoiled_file_costs_its_part_and_nothing_else(tmp_path: Path) -> None:
    """Half a file is no part; nor is one that somebody else wrote."""
    planned(Keeping(InTurn(), tmp_path, versions="1"))
    one, other, *_ = sorted(tmp_path.iterdir())
    one.write_bytes(b"")
    other.write_bytes(other.read_bytes()[:100])
    again = Counting(99)
    assert told(planned(Keeping(again, tmp_path, versions="1")).planned.plan) == told(
        here().planned.plan
    )
    assert len(again.names) == 2
