"""A demonstration day, written and read once for all tests."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from api.days.demo import DemoDay, write_demo_day
from api.days.map_locator import MapLocator
from api.days.matrix import PreparedDay, prepare_travel
from api.days.planning import BANS_FILE
from api.days.request import DayReading, read_day
from api.settings import read_settings
from geodata.corrections import Corrections
from routing.domain.request import PlanRequest

DAY = date(2026, 11, 23)
SEED = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRead:
    """A written day and what the intake made of it."""

    demo: DemoDay
    reading: DayReading

    @property
    def request(self) -> PlanRequest:
        assert self.reading.request is not None, self.reading.faults
        return self.reading.request

    def prepared(self) -> PreparedDay:
        """With its truck bans and the real travel matrix."""
        return prepare_travel(
            self.request,
            cache_dir=read_settings().cache_dir,
            bans_file=self.demo.path / BANS_FILE,
            progress=lambda line: None,
        )


@pytest.fixture(scope="session")
def read_demo(
    tmp_path_factory: pytest.TempPathFactory, road_cache: Path
) -> Callable[[int], DayRead]:
    """Write the day of a seed and read it with the real map; each seed once."""
    locator = MapLocator(corrections=Corrections(), cache_dir=road_cache)
    known: dict[int, DayRead] = {}

    def read(seed: int) -> DayRead:
        if seed not in known:
            path: Path = tmp_path_factory.mktemp(f"demo-{seed}")
            demo = write_demo_day(path, seed=seed, day=DAY)
            known[seed] = DayRead(demo=demo, reading=read_day(path, locator=locator))
        return known[seed]

    return read


@pytest.fixture(scope="session")
def day_read(read_demo: Callable[[int], DayRead]) -> DayRead:
    return read_demo(SEED)
