"""Do the smallest fixes hold? 100 left-behind orders of generated days: apply, plan again, look."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from time import perf_counter

from tests.benchmarks.measurement import Measurement
from tests.routing.explain.fix_trials import Trial, kind_of, trials

ORDERS = 100
FIRST_SEED = 1_000


def measure() -> Iterator[Measurement]:
    """The share that holds when planned on from the plan it was found for, and afresh.

    Every failure is named on stderr.
    """
    started = perf_counter()
    done = []
    for trial in trials(FIRST_SEED, ORDERS, afresh=True):
        done.append(trial)
        _name_failures(trial)
    days = len({trial.day_seed for trial in done})
    reasons = Counter(trial.entry.reason.value for trial in done)
    fixes = Counter(str(kind_of(trial.entry)) for trial in done)
    yield Measurement(
        what="fixes that hold, planned on",
        figure=sum(not trial.kept_on for trial in done),
        unit=f"of {len(done)}",
        how=f"{days} days from seed {FIRST_SEED}; {dict(fixes)}",
    )
    yield Measurement(
        what="fixes that hold, planned afresh",
        figure=sum(not trial.afresh for trial in done),
        unit=f"of {len(done)}",
        how=f"served, and nobody lost, by a search from nothing; {dict(reasons)}",
    )
    yield Measurement(
        what="... or as many orders served",
        figure=sum(trial.afresh_as_many for trial in done),
        unit=f"of {len(done)}",
        how="orders worth the same may change places in a search from nothing",
    )
    yield Measurement(
        what="trying all of them",
        figure=perf_counter() - started,
        unit="s",
        how="planning, explaining and planning again twice per order",
    )


def _name_failures(trial: Trial) -> None:
    for how, wrong in (("planned on", trial.kept_on), ("afresh", trial.afresh)):
        if wrong:
            entry = trial.entry
            print(
                f"day {trial.day_seed}, {entry.order_id} ({entry.reason}), {kind_of(entry)},"
                f" {how}: {'; '.join(wrong)}",
                file=sys.stderr,
            )
