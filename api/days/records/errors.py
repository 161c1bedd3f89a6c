"""Answers about kept rows that say no. Codes are published: never rename one."""

from __future__ import annotations

from api.errors import Refused


class UnknownRecord(Refused):
    """No row of this tenant has that id."""

    code = "record-not-found"
    status = 404


class RecordChanged(Refused):
    """The row changed since the caller read it; `version` is the present one."""

    code = "record-changed"
    status = 412


class RecordInUse(Refused):
    """Other rows name this one: `faults` lists what would be wrong without it."""

    code = "record-in-use"


class KeyTwice(Refused):
    """Another row of the sheet has the same id, perhaps spelled in another way."""

    code = "record-twice"
