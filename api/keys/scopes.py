"""Scopes: what a key may do. None includes another, so that a list of scopes can be read aloud."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """Published: integrators ask for these words."""

    READ = "read"
    """Read orders, windows, bookings and plans, without personal data."""
    ORDER_WRITE = "order:write"
    """Write orders; search, hold, book, move and cancel windows; webhooks of these."""
    PLAN_RUN = "plan:run"
    """Start and cancel plans, write fleet and warehouses, tell execution events."""
    PLAN_PUBLISH = "plan:publish"
    """Put a plan in force."""
    SCENARIO_RUN = "scenario:run"
    """Run studies."""
    ADMIN = "admin"
    """Webhook endpoints, days of sale, settings."""
    PII_READ = "pii:read"
    """See names, telephones and addresses; every such look is logged."""
