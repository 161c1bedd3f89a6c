"""Chores: what a process does beside answering. Each has a thread of its own and ends when told."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chore:
    """Something that runs until `stop` is set."""

    name: str
    run: Callable[[threading.Event], None]


def every(name: str, seconds: float, work: Callable[[], object]) -> Chore:
    """Make a chore of `work`, done at the start and then every so many seconds.

    What fails is logged and done again next time: one bad tick must not end the watch.
    """

    def run(stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                work()
            except Exception:
                _LOG.exception("chore %s failed; it goes on", name)
            stop.wait(seconds)

    return Chore(name=name, run=run)


class Chores:
    """All chores of a process."""

    def __init__(self, chores: Sequence[Chore]) -> None:
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._watched, args=(each,), name=each.name, daemon=True)
            for each in chores
        ]

    def start(self) -> None:
        """Begin all of them."""
        for thread in self._threads:
            thread.start()

    def dead(self) -> tuple[str, ...]:
        """Name those that have ended though nobody told them to."""
        if self._stop.is_set():
            return ()
        return tuple(each.name for each in self._threads if not each.is_alive())

    def stop(self, *, within_s: float) -> tuple[str, ...]:
        """Tell all to end and wait for them together; name those that have not."""
        self._stop.set()
        for thread in self._threads:
            thread.join(within_s / max(1, len(self._threads)))
        return tuple(each.name for each in self._threads if each.is_alive())

    def _watched(self, chore: Chore) -> None:
        try:
            chore.run(self._stop)
        except Exception:
            _LOG.exception("chore %s has ended", chore.name)
