"""The cars that are sold: VIN, model, edition."""

from dataclasses import dataclass
from typing import Final

_TRANSLITERATION: Final = dict(
    zip(
        "ABCDEFGHJKLMNPRSTUVWXYZ",
        (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9),
        strict=True,
    )
) | {str(digit): digit for digit in range(10)}
_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
VIN_LENGTH: Final = 17


def vin_check_digit(vin: str) -> str:
    """Compute the ninth character of a VIN (GB 16735-2019, annex; the same as 49 CFR 565).

    Raises:
        ValueError: not 17 characters, or one that no VIN may hold (I, O, Q or a sign).
    """
    if len(vin) != VIN_LENGTH:
        raise ValueError(f"VIN {vin!r} has {len(vin)} characters, not {VIN_LENGTH}")
    wrong = sorted({char for char in vin if char not in _TRANSLITERATION})
    if wrong:
        raise ValueError(f"VIN {vin!r} holds {' '.join(wrong)}: use A-Z without I, O, Q, and 0-9")
    total = sum(_TRANSLITERATION[char] * weight for char, weight in zip(vin, _WEIGHTS, strict=True))
    rest = total % 11
    return "X" if rest == 10 else str(rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A car model: outer size in millimetres, mass in kilograms.

    `wheel_lift_ok` is false for cars that must not be towed on two wheels (most all-wheel-drive
    electric cars): they may not stand on a wheel-lift position.
    """

    id: str
    name: str
    length_mm: int
    width_mm: int
    height_mm: int
    mass_kg: int
    wheel_lift_ok: bool = False

    def __post_init__(self) -> None:
        for name in ("length_mm", "width_mm", "height_mm", "mass_kg"):
            if getattr(self, name) <= 0:
                raise ValueError(f"model {self.id}: {name} must be above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The refit an order was sold with, as work at the warehouse in minutes.

    Standard 0, fitted accessories (车品配装版) half a day, body film (车衣定制版) days.
    """

    id: str
    name: str
    work_p50_min: int = 0
    work_p90_min: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.work_p50_min <= self.work_p90_min:
            raise ValueError(f"edition {self.id}: work must be 0 <= p50 <= p90")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """One car with its VIN, standing at (or on its way to) a warehouse.

    Without a VIN: any car of this model, edition and colour (see `StockCar`).
    """

    vin: str
    model: Model
    edition: Edition
    colour: str = ""

    def __post_init__(self) -> None:
        if not self.vin:
            return
        expected = vin_check_digit(self.vin)
        if self.vin[8] != expected:
            raise ValueError(f"VIN {self.vin}: check digit is {self.vin[8]}, should be {expected}")
