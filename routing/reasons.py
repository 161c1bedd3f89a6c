"""Why an order stays behind, and which rule a plan breaks. Codes are published: never bend one."""

from enum import StrEnum


class Reason(StrEnum):
    """One for every rule of the road, then those that are no rule."""

    DECK_NO_FIT = "deck_no_fit"
    TRADE_IN_NO_ROOM = "trade_in_no_room"
    WINDOW_MISSED = "window_missed"
    DUTY_EXCEEDED = "duty_exceeded"
    DRIVING_LIMIT = "driving_limit"
    SKILL_MISSING = "skill_missing"
    ROAD_ACCESS = "road_access"
    TRUCK_BANNED = "truck_banned"
    NOT_READY = "not_ready"
    BAY_FULL = "bay_full"
    PROMISE_BROKEN = "promise_broken"
    COSTS_TOO_MUCH = "costs_too_much"
    NO_STOCK = "no_stock"
    SPECIALIST_BUSY = "specialist_busy"
    LOCKED = "locked"
    CHANGE_BUDGET = "change_budget"
    OUTSIDE_PREFERRED = "outside_preferred"
    CO2_PRICE = "co2_price"
    UNBALANCED = "unbalanced"
    CARRIER_FULL = "carrier_full"
    NIGHTS_EXCEEDED = "nights_exceeded"

    UNREACHABLE = "unreachable"
    NO_TRUCK = "no_truck"
    OWN_CAR_SPECIALIST = "own_car_specialist"


class Unit(StrEnum):
    """Of `short_by`: by how much a limit is missed."""

    SECONDS = "s"
    MILLIMETRES = "mm"
    KILOGRAMS = "kg"
    CARS = "cars"
    MINOR = "minor"
    METRES = "m"
    SKILLS = "skills"
    SIZES = "sizes"
    CHANGES = "changes"
    NIGHTS = "nights"
    NONE = "none"
