"""States of a plan's revision, and the moves between them, as data."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class RevisionState(StrEnum):
    """Where a revision stands. Published: the API shows these words."""

    DRAFT = "draft"
    """The auditor has objections: to be looked at, not to be driven by."""
    CHECKED = "checked"
    """The auditor has none."""
    PUBLISHED = "published"
    """In force: the promises of the day rest on it."""
    SUPERSEDED = "superseded"
    """Another one came after it."""


class RevisionMove(StrEnum):
    """What can happen to a revision."""

    CHECK = "check"
    PUBLISH = "publish"
    SUPERSEDE = "supersede"


_S = RevisionState

MOVES: Final[Mapping[RevisionMove, tuple[frozenset[RevisionState], RevisionState]]] = (
    MappingProxyType(
        {
            RevisionMove.CHECK: (frozenset({_S.DRAFT}), _S.CHECKED),
            RevisionMove.PUBLISH: (frozenset({_S.CHECKED}), _S.PUBLISHED),
            RevisionMove.SUPERSEDE: (
                frozenset({_S.DRAFT, _S.CHECKED, _S.PUBLISHED}),
                _S.SUPERSEDED,
            ),
        }
    )
)
"""From which states each move leads, and where to."""


ENDED_STATES: Final = frozenset({_S.SUPERSEDED})
"""Nothing happens to such a revision any more."""


def target(move: RevisionMove, state: RevisionState) -> RevisionState | None:
    """Say where a move leads from a state; None where it may not be made."""
    sources, goal = MOVES[move]
    return goal if state in sources else None


class Maker(StrEnum):
    """Who made a revision. Published: the API shows these words."""

    SOLVER = "solver"
    MOVE = "move"
    UNDO = "undo"
    REDO = "redo"
    PINS = "pins"
    REPAIR = "repair"
