"""The answer to one address text."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from geodata.divisions import County
from geodata.places import Point


class Status(StrEnum):
    """Only `OK` may be planned; the others go back to a person."""

    OK = "ok"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Where an address is, or why nobody may say.

    `point` is WGS-84 and `radius_m` the distance within which the door is expected (90 %);
    both, with `county`, are set only when the status is OK. `township` is empty when the text
    names none that the register knows. `confidence` is 0 to 1, 0 unless OK. `candidates` are
    the counties to choose from when ambiguous. `why` is one sentence for the person who has to
    decide.
    """

    status: Status
    county: County | None = None
    township: str = ""
    point: Point | None = None
    radius_m: int = 0
    confidence: float = 0.0
    candidates: tuple[County, ...] = field(default=())
    why: str = ""

    def __post_init__(self) -> None:
        if (self.status is Status.OK) != (self.county is not None and self.point is not None):
            raise ValueError("a county and a point belong to an OK answer and to no other")
        if self.status is Status.AMBIGUOUS and not self.candidates:
            raise ValueError("an ambiguous answer names its candidates")
