"""Runs one search in a process of its own: a peer that crashes or hangs costs its row only."""

from __future__ import annotations

import multiprocessing
import signal
import traceback
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

import routing.isolate  # noqa: F401 - teaches pickle the read-only mappings of a policy
from api.bench.cases import Case, ModelCase
from routing.errors import RoutingError

if TYPE_CHECKING:
    from routing.model import ModelRoute
    from routing.plan import Plan
    from routing.search.budget import Budget

OURS: Final = "flatbed"
"""Not one engine: what our policy chooses for a model, and the whole planner for a day."""
WARM_UP_ORDERS: Final = 6
LOADING_S: Final = 1800.0
"""Patience with imports and compilation: 150 s of the processor where nothing is compiled yet, on a
slow or busy machine several times as long."""
OVERRUN: Final = 10
"""How many times its seconds an engine may take: OR-Tools has needed five."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One search. `seconds` is what the budget asks for, none when it counts iterations."""

    case: Case
    engine: str
    budget: Budget
    seconds: float | None
    seed: int
    cache_dir: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What came back: routes of a model or the plan of a day, seconds of search, who searched."""

    seconds: float
    engine: str = ""
    routes: tuple[ModelRoute, ...] = ()
    plan: Plan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """What happened instead. `broken` is false when the engine said itself that it cannot."""

    why: str
    seconds: float
    broken: bool = True


def run_apart(task: Task, *, loading_s: float = LOADING_S) -> Searched | Failed:
    """Search in a child and wait for it; it never outlives this call."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    child = context.Process(target=_child, args=(there, task), daemon=True)
    began = monotonic()
    child.start()
    there.close()
    try:
        patience = None if task.seconds is None else loading_s + OVERRUN * task.seconds
        if not here.poll(patience):
            return Failed(
                why=f"stopped after {monotonic() - began:.0f} s: it would not end",
                seconds=monotonic() - began,
            )
        answer: Searched | Failed = here.recv()
        return answer
    except EOFError:
        child.join()
        return Failed(
            why=f"its process died (exit code {child.exitcode})", seconds=monotonic() - began
        )
    finally:
        child.kill()
        child.join()
        here.close()


def _child(pipe: Connection, task: Task) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from routing.compiled import keep_compiled_code_in

    keep_compiled_code_in(task.cache_dir)
    try:
        answer: Searched | Failed = _search(task)
    except RoutingError as error:
        answer = Failed(why=str(error), seconds=0.0, broken=False)
    except ModuleNotFoundError as error:
        why = f"needs {error.name}, which is not installed here: install flatbed[bench]"
        answer = Failed(why=why, seconds=0.0, broken=False)
    except Exception as error:  # the outermost door of this process: its parent makes it a row
        traceback.print_exc()
        answer = Failed(why=f"{type(error).__name__}: {error}", seconds=0.0)
    pipe.send(answer)


def _search(task: Task) -> Searched:
    if isinstance(task.case, ModelCase):
        return _search_model(task, task.case)
    from routing.explain import Effort
    from routing.planner import News, Phase, plan_day
    from routing.warm_up import warm_up

    warm_up()
    moments: dict[Phase, float] = {}

    def note(news: News) -> None:
        moments.setdefault(news.phase, monotonic())

    planned = plan_day(
        task.case.request,
        task.case.travel,
        budget=task.budget,
        seed=task.seed,
        effort=Effort(iterations=0, searches=0, searches_in_all=0, pairs=0),
        on_news=note,
    )
    ended = moments.get(Phase.EXPLAIN, moments[Phase.AUDIT])
    return Searched(seconds=ended - moments[Phase.COMPILE], plan=planned.plan)


def _search_model(task: Task, case: ModelCase) -> Searched:
    from routing.benchmarks.county import county_cars
    from routing.search.budget import Iterations
    from routing.search.engines.policy import choose_engine
    from routing.search.engines.registry import engines

    engine = choose_engine(case.model) if task.engine == OURS else engines()[task.engine]()
    engine.solve(county_cars(WARM_UP_ORDERS, 0), budget=Iterations(1), seed=0)
    result = engine.solve(case.model, budget=task.budget.begun(), seed=task.seed)
    return Searched(
        seconds=result.seconds, engine=engine.name, routes=tuple(map(_bare, result.routes))
    )


def _bare(route: ModelRoute) -> ModelRoute:
    """Plain numbers: what an engine made of numpy's is pickled and counted the same way."""
    trips = tuple(tuple(int(client) for client in trip) for trip in route.trips)
    return replace(route, kind=int(route.kind), trips=trips)
