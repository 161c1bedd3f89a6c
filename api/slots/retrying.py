"""Once more, where the database ended a transaction for another's sake; never for our own fault."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from sqlalchemy.exc import DBAPIError, IntegrityError

from api.errors import Refused
from api.kit.idempotency import Answer

TRIES: Final = 5

_TRANSIENT: Final = frozenset({"40001", "40P01"})
"""SQLSTATE of a serialization failure and of a deadlock: PostgreSQL rolled back, all is as before.
A connection that breaks is not among them: whether it had committed, only the key can tell."""

Result = TypeVar("Result")


def retried(work: Callable[[], Result]) -> Result:
    """Carry out one transaction; again, if it lost against another one.

    A broken unique index is such a loss too: two transactions on two days gave one order two
    windows at once. The second sees the first one's row when it is tried again.
    """
    for _ in range(TRIES - 1):
        try:
            return work()
        except IntegrityError:
            continue
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in _TRANSIENT:
                raise
    return work()


def answering(work: Callable[[], Answer]) -> Answer:
    """Carry out one transaction, and make an answer of a refusal. Nothing of it was written."""
    try:
        return retried(work)
    except Refused as refused:
        return Answer(status=refused.status, body=refused.body())
