"""Any sequence of requests, repeats, expiries, losses and plans: the answers of a plain model."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from api.kit.db import Database
from tests.api.slots.machine import BookMachine

SHORT = settings(
    max_examples=8,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_any_sequence_is_answered_as_the_reference_answers(database: Database) -> None:
    """`python -m tests.prove machine` plays longer."""
    run_state_machine_as_test(lambda: BookMachine(database), settings=SHORT)
