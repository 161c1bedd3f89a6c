"""CO2 is added up leg by leg with the cars on board, and priced as the policy says."""

from collections.abc import Iterator

from routing.audit.case import Case, Check, Fault, RouteCase
from routing.domain.policy import EmissionPolicy
from routing.reasons import Reason


def _run(case: Case) -> Iterator[Fault]:
    policy = case.request.policy.emissions
    for each in case.routes:
        grams = _grams(each, policy)
        fen = (policy.per_tonne * grams + 500_000) // 1_000_000
        for zh, unit, stated, right in (
            ("排放", "g of CO2", each.route.co2_g, grams),
            ("排放费用", "fen for CO2", each.route.soft.co2, fen),
        ):
            if stated != right:
                yield Fault(
                    truck_id=each.truck.id,
                    text=f"{each.truck.plate} {zh}写 {stated},应为 {right}",
                    text_en=f"{each.truck.id} counts {stated} {unit}, not {right}",
                )


def _grams(each: RouteCase, policy: EmissionPolicy) -> int:
    route, kind = each.route, each.truck.kind
    milligrams = policy.grams_per_km[kind] * route.metres
    for trip in route.trips:
        old = [stop.trade_in is not None for stop in trip.stops]
        for at, leg in enumerate([*(stop.leg for stop in trip.stops), trip.back]):
            on_board = len(trip.stops) - at + sum(old[:at])
            milligrams += policy.grams_per_km_car[kind] * on_board * leg.metres
    return (milligrams + 500) // 1000


CHECK = Check(name="emissions", reason=Reason.CO2_PRICE, run=_run)
