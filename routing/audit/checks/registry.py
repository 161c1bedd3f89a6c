"""All checks, in the order in which their findings are read."""

from typing import Final

from routing.audit.case import Check
from routing.audit.checks import (
    access,
    bans,
    bays,
    bookkeeping,
    commitments,
    costs,
    crew,
    deck,
    driving,
    duty,
    left_behind,
    outlook,
    locks,
    readiness,
    schedule,
    skills,
    slots,
    specialists,
    stock,
    timeline,
    travel,
    windows,
)

CHECKS: Final[tuple[Check, ...]] = (
    bookkeeping.CHECK,
    commitments.CHECK,
    locks.CHECK,
    crew.CHECK,
    deck.CHECK,
    skills.CHECK,
    specialists.CHECK,
    access.CHECK,
    readiness.CHECK,
    stock.CHECK,
    bays.CHECK,
    timeline.CHECK,
    travel.CHECK,
    windows.CHECK,
    slots.CHECK,
    driving.CHECK,
    bans.CHECK,
    duty.CHECK,
    schedule.CHECK,
    outlook.CHECK,
    costs.CHECK,
    left_behind.CHECK,
)
