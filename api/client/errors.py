"""What can go wrong between an order system and Flatbed."""

from __future__ import annotations

from collections.abc import Mapping


class ClientError(Exception):
    """Anything that this client raises."""


class Problem(ClientError):
    """Flatbed said no (RFC 9457). Act on `code`: the words may change. `told` is the whole body,
    with what the code brings along, such as `alternatives` or `faults`."""

    def __init__(self, status: int, told: Mapping[str, object]) -> None:
        self.status = status
        self.code = str(told.get("code", "unknown"))
        self.detail = str(told.get("detail", ""))
        self.request_id = str(told.get("request_id", ""))
        self.told = told
        super().__init__(f"{status} {self.code}: {self.detail}")


class NoAnswer(ClientError):
    """No answer came, after every try that was safe. What was asked may have happened: repeat it
    with the same key."""


class BadSignature(ClientError):
    """A message is not from Flatbed, was changed, or is not of these minutes: answer 401."""
