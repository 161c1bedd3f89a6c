"""One connection to Flatbed: keys, repetitions that are safe, and problems as exceptions."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import httpx

from api.client.errors import NoAnswer, Problem

AGAIN: Final = frozenset({429, 503})
"""Nothing was done: ask again after `Retry-After`."""
_WAITS_S: Final = (0.2, 1.0, 3.0)
_LONGEST_S: Final = 30.0


class Connection:
    """Sends requests. Whatever may be repeated is repeated a few times, under the same key."""

    def __init__(
        self,
        url: str,
        *,
        key: str,
        timeout_s: float = 30.0,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`transport` and `sleep` are for tests."""
        self._http = httpx.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {key}", "Accept": "application/json"},
            timeout=timeout_s,
            transport=transport,
        )
        self._sleep = sleep

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def ask(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, object] | None = None,
        query: Mapping[str, str | int | list[str]] | None = None,
        once: str = "",
        seen: int | None = None,
    ) -> Any:  # noqa: ANN401  # JSON
        """Make a request and give the JSON of its answer; None where there is none.

        `once` is its Idempotency-Key, `seen` the version that the caller has read (If-Match).

        Raises:
            Problem: Flatbed said no.
            NoAnswer: nothing came back, and it may or may not have happened.
        """
        headers = {}
        if once:
            headers["Idempotency-Key"] = once
        if seen is not None:
            headers["If-Match"] = f'"{seen}"'
        may_repeat = bool(once) or method in {"GET", "PUT", "DELETE"}
        for wait_s in (*_WAITS_S, None):
            try:
                answer = self._http.request(method, path, json=body, params=query, headers=headers)
            except httpx.TransportError as error:
                if wait_s is None or not may_repeat:
                    raise NoAnswer(f"{method} {path}: {type(error).__name__}: {error}") from error
                self._sleep(wait_s)
                continue
            if answer.status_code in AGAIN and wait_s is not None:
                self._sleep(_asked_wait(answer, wait_s))
                continue
            return _read(answer)
        raise AssertionError("the last try answers or raises")


def _asked_wait(answer: httpx.Response, usual_s: float) -> float:
    asked = answer.headers.get("Retry-After", "")
    return min(_LONGEST_S, float(asked)) if asked.isdecimal() else usual_s


def _read(answer: httpx.Response) -> Any:  # noqa: ANN401  # JSON
    if answer.is_success:
        return answer.json() if answer.content else None
    try:
        told = answer.json()
    except ValueError:
        told = {}
    # A proxy on the way answers in its own words.
    raise Problem(answer.status_code, told if isinstance(told, dict) else {})
