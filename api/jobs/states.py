"""States of a job, and the moves between them, as data."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class JobState(StrEnum):
    """Where a job stands. Published: the API shows these words."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class JobMove(StrEnum):
    """What can happen to a job."""

    CLAIM = "claim"
    RECLAIM = "reclaim"
    """Its worker has not been heard of: another one takes it."""
    GIVE_BACK = "give_back"
    """Its worker goes home, or its child died: somebody else may try."""
    FINISH = "finish"
    STOP = "stop"
    """Cancelled while it ran: what it had found until then is its result."""
    WITHDRAW = "withdraw"
    """Cancelled before anybody began."""
    FAIL = "fail"


_S = JobState

MOVES: Final[Mapping[JobMove, tuple[frozenset[JobState], JobState]]] = MappingProxyType(
    {
        JobMove.CLAIM: (frozenset({_S.QUEUED}), _S.RUNNING),
        JobMove.RECLAIM: (frozenset({_S.RUNNING}), _S.RUNNING),
        JobMove.GIVE_BACK: (frozenset({_S.RUNNING}), _S.QUEUED),
        JobMove.FINISH: (frozenset({_S.RUNNING}), _S.DONE),
        JobMove.STOP: (frozenset({_S.RUNNING}), _S.CANCELLED),
        JobMove.WITHDRAW: (frozenset({_S.QUEUED}), _S.CANCELLED),
        JobMove.FAIL: (frozenset({_S.RUNNING}), _S.FAILED),
    }
)
"""From which states each move leads, and where to."""

ENDED: Final = frozenset({_S.DONE, _S.CANCELLED, _S.FAILED})
"""Nothing happens to such a job any more."""

STANDS: Final = frozenset({_S.QUEUED, _S.RUNNING, _S.DONE})
"""Whoever asks for the same again gets this job; of a cancelled or failed one, a new job."""


def target(move: JobMove, state: JobState) -> JobState | None:
    """Say where a move leads from a state; None where it may not be made."""
    sources, goal = MOVES[move]
    return goal if state in sources else None
