"""What the twin reads and answers: plain values in whole seconds since the horizon's start."""

from dataclasses import dataclass, replace

from geodata.units import UNREACHABLE_S
from routing.plan import RestPlace
from routing.reasons import Reason

Span = tuple[int, int]
"""Half-open `[start, end)` in seconds since the horizon's start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinBan:
    """A ban of this truck at a place; `inside_s` is the drive within the zone."""

    start: int
    end: int
    inside_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinLeg:
    """A drive: seconds and metres per band. `stays` marks two stops at the same place."""

    seconds: tuple[int, ...]
    metres: tuple[int, ...]
    toll_minor: int
    stays: bool = False

    def buffered(self, permille: int) -> "TwinLeg":
        """The leg that much longer in every band; no road stays no road."""
        return replace(self, seconds=tuple(_longer(s, permille) for s in self.seconds))


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinStop:
    """A handover: `unload_s` of the driver's work, that at the deck included, then `handover_s`.

    `handover_rests`: somebody else does the handover, and the policy lets it be the driver's rest.
    `reload` marks loading between two trips: the windows are those in which it may begin, and
    `unload_s` is how long it takes.
    """

    windows: tuple[Span, ...]
    unload_s: int
    handover_s: int
    handover_rests: bool = False
    reload: bool = False
    bans: tuple[TwinBan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinTruck:
    """The day of the truck, its driver's limits and the loading hours of its warehouse.

    `load_s` is for the cars of the first trip; `ready` is the moment the last of them is ready.
    """

    shift_start: int
    shift_end: int
    duty_max_s: int
    overtime_after_s: int
    load_s: int
    ready: int
    loading: tuple[Span, ...]
    evening_loading: bool
    drive_max_s: int
    rest_s: int
    bans: tuple[TwinBan, ...] = ()
    """At the warehouse."""
    nights_max: int = 0
    night_rest_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinRoute:
    """A truck and its stops in order; `legs` has one more, the way home.

    `band_starts_s` are seconds of the local day, the first 0. `drive_permille` and `service_s`
    are the buffers.
    """

    truck: TwinTruck
    stops: tuple[TwinStop, ...]
    legs: tuple[TwinLeg, ...]
    band_starts_s: tuple[int, ...]
    drive_permille: int
    service_s: int
    no_room: bool = False
    """The cars, or the trade-ins on the way, do not fit the deck in this order."""

    def __post_init__(self) -> None:
        if len(self.legs) != len(self.stops) + 1 or not self.stops:
            raise ValueError(
                f"{len(self.stops)} stops and {len(self.legs)} legs: a route has at least one "
                "stop and one leg more than stops"
            )

    def buffered(self) -> "TwinRoute":
        """Use up every buffer: longer legs, and more of the driver's work at each handover."""
        longer = tuple(leg.buffered(self.drive_permille) for leg in self.legs)
        busier = tuple(
            s if s.reload else replace(s, unload_s=s.unload_s + self.service_s) for s in self.stops
        )
        return replace(self, legs=longer, stops=busier)


def _longer(seconds: int, permille: int) -> int:
    return seconds if seconds >= UNREACHABLE_S else -(-seconds * (1000 + permille) // 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinRest:
    """A stretch without driving and without the driver's work."""

    start: int
    end: int
    place: RestPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinDrive:
    """One leg as driven; `rests` are on the road or held outside a ban."""

    departs: int
    arrives: int
    drive_s: int
    metres: int
    rests: tuple[TwinRest, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinVisit:
    """One stop as served, or one reload; `works_until` ends the driver's own part of it."""

    drive: TwinDrive
    begins: int
    works_until: int
    ends: int
    leaves: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinTimes:
    """One schedule. `chosen` names the chosen rests: `2 x stop` before, `2 x stop + 1` after.

    `nights` are the seconds `[start, end)` of the nights out.
    """

    departs: int
    visits: tuple[TwinVisit, ...]
    home: TwinDrive
    chosen: tuple[int, ...]
    nights: tuple[Span, ...] = ()

    @property
    def returns(self) -> int:
        """When the truck is back."""
        return self.home.arrives

    def duties(self, duty_from: int) -> list[int]:
        """Seconds of each duty: nights part them."""
        begins = [duty_from, *(end for _, end in self.nights)]
        ends = [*(start for start, _ in self.nights), self.returns]
        return [end - begin for begin, end in zip(begins, ends, strict=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinSchedule:
    """Load, departure, and both schedules that follow from them; `nights` as `TwinTimes.chosen`
    names places."""

    load: Span
    duty_from: int
    departs: int
    typical: TwinTimes
    buffered: TwinTimes
    nights: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinMiss:
    """Why a route cannot be driven: the rule, the stop (None: the truck), how many seconds."""

    reason: Reason
    stop: int | None
    short_s: int
