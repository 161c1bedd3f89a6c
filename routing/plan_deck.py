"""What a plan says of the work at the deck."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Shunt:
    """A car in the way: driven off and put back where it stood.

    It is that of a later order, or the trade-in of an earlier one (then `vin` is empty).
    """

    position_id: str
    order_id: str
    vin: str
    trade_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedTradeIn:
    """The buyer's old car, taken along on this position until the warehouse."""

    position_id: str
    model_name: str
