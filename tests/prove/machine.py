"""Long random histories against the reference."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.api.slots.machine import BookMachine
from tests.databases import new_database


def random_histories(kind: str, folder: Path, *, histories: int, steps: int) -> dict[str, int]:
    """Play histories; raises at the first answer that the reference would not give."""
    database = new_database(kind, folder)
    played: Counter[str] = Counter()

    class Counting(BookMachine):
        def teardown(self) -> None:
            played["histories"] += 1
            played["promises"] += len(self.model.entries)

    run_state_machine_as_test(
        lambda: Counting(database),
        settings=settings(
            max_examples=histories,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
    database.close()
    return {**played, "broken": 0}
