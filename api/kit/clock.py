"""The clock: the only file that asks what time it is. Everybody else takes `now` or a `Clock`."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

CHINA: Final = ZoneInfo("Asia/Shanghai")
"""One zone for the whole country, no daylight saving since 1991."""


class Clock(Protocol):
    """Whoever knows what time it is."""

    def now(self) -> datetime:
        """Return the present moment, aware, in China's zone."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(CHINA)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedClock:
    """A clock that shows one moment: for tests, and for files that must not carry the hour."""

    moment: datetime

    def __post_init__(self) -> None:
        if self.moment.tzinfo is None:
            raise ValueError(f"{self.moment} has no time zone: give it one, such as +08:00")

    def now(self) -> datetime:
        return self.moment.astimezone(CHINA)


def tomorrow(clock: Clock) -> date:
    """Return the day that is planned unless another is named."""
    return date.fromordinal(clock.now().date().toordinal() + 1)
