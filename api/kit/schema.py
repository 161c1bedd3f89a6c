"""What every message of the API has in common: strict, closed, and half-open windows with zones."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Final, Self, cast
from zoneinfo import ZoneInfo

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from api.kit.clock import CHINA
from routing.domain.windows import Window

_RFC3339: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})", re.ASCII
)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
ZONES: Final = {"Asia/Shanghai": CHINA, "Asia/Urumqi": ZoneInfo("Asia/Urumqi")}
"""Zones a window may be told in. One legal time for China; Xinjiang also lives by its own."""


class Wire(BaseModel):
    """A message. Unknown fields are refused; a number in quotes is not a number."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        serialize_by_alias=True,
        validate_by_name=True,
        validate_by_alias=True,
    )


class QueryWire(BaseModel):
    """The query of a list. Unknown parameters are refused: a misspelt filter would filter nothing.

    Values come as text, so numbers are read from it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)


def shown_as(*each: Mapping[str, object]) -> ConfigDict:
    """Give a message its examples, for the reference: `model_config = shown_as({...})`."""
    return ConfigDict(json_schema_extra={"examples": cast("list[JsonValue]", list(each))})


def _moment(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not _RFC3339.fullmatch(value):
        raise ValueError("write a moment as 2026-12-05T09:00:00+08:00 (RFC 3339, with its offset)")
    try:
        moment = datetime.fromisoformat(value)
        # What no UTC text can say would fail later, in the database.
        moment.astimezone(CHINA)
    except (ValueError, OverflowError) as error:
        raise ValueError("there is no such moment") from error
    if not 2000 <= moment.year <= 2100:
        raise ValueError("the moment is not of this century")
    return moment


def _day(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not _DAY.fullmatch(value):
        raise ValueError("write a day as 2026-12-05")
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise ValueError("there is no such day") from error
    if not 2000 <= day.year <= 2100:
        raise ValueError("the day is not of this century")
    return day


def _told(moment: datetime) -> str:
    # A moment with a zone of its own was put there on purpose.
    here = moment if isinstance(moment.tzinfo, ZoneInfo) else moment.astimezone(CHINA)
    return here.isoformat()


Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_moment),
    PlainSerializer(_told, when_used="json"),
    WithJsonSchema(
        {"type": "string", "format": "date-time", "examples": ["2026-12-05T09:00:00+08:00"]}
    ),
]
"""A moment as RFC 3339 text with its offset, from 2000 to 2100; told in China's time."""

Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-12-05"]}),
]
"""A calendar day in China's zone."""

Ref = Annotated[
    str,
    StringConstraints(min_length=1, max_length=128, pattern=r"^[^\s\x00-\x20/\\?#%\x7f]+$"),
]
"""A name that the caller gives (an order's number): any letters, no blanks, none of / \\ ? # %."""

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,30}_[0-9a-f]{32}$", max_length=64)]
"""A name that we gave, such as `promise_` and 32 hex digits."""


class WindowWire(Wire):
    """`[from, to)`: the handover begins inside. Moments carry their offset, `zone` says whose."""

    from_: Moment = Field(alias="from")
    to: Moment
    zone: str = "Asia/Shanghai"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.zone not in ZONES:
            raise ValueError(f"zone must be one of {', '.join(sorted(ZONES))}")
        if self.to <= self.from_:
            raise ValueError("the window ends before it begins")
        return self

    def window(self) -> Window:
        """Give the window of the domain."""
        return Window(start=self.from_, end=self.to)

    model_config = shown_as(
        {
            "from": "2026-12-05T09:00:00+08:00",
            "to": "2026-12-05T11:00:00+08:00",
            "zone": "Asia/Shanghai",
        }
    )

    @classmethod
    def of(cls, window: Window, zone: str = "Asia/Shanghai") -> Self:
        """Write a window in the local time of its zone."""
        there = ZONES[zone]
        local = {"from": window.start.astimezone(there), "to": window.end.astimezone(there)}
        return cls.model_validate({**local, "zone": zone})
