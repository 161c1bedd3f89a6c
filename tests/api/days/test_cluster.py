"""Parts on a real Dask cluster: the same plan as here, also when a worker dies at its work."""

from __future__ import annotations

import sys

import pytest

from api.days.cluster import Cluster
from api.errors import BadUsage
from routing.plan_json import plan_to_json
from routing.scale.planner import Done
from tests.dask_cluster import dask_cluster
from tests.routing.scale.test_plan_parts import here, planned

pytest.importorskip("distributed", reason="the extra `scale` is not installed")


@pytest.mark.usefixtures("compiled_search")
def test_two_workers_plan_the_same_and_a_dead_one_is_done_without() -> None:
    """Workers stand in empty folders: what they need travels with the part."""
    with dask_cluster(2) as (address, workers), Cluster(address, at_least=2) as cluster:
        assert cluster.workers == 2
        made = planned(cluster)
        assert plan_to_json(made.planned.plan) == plan_to_json(here().planned.plan)
        heard: list[Done] = []

        def kill_one(done: Done) -> None:
            if not heard:
                workers[0].kill()
            heard.append(done)

        again = planned(cluster, on_done=kill_one)
    assert plan_to_json(again.planned.plan) == plan_to_json(here().planned.plan)


def test_without_dask_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody should have to guess which package is missing."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BadUsage, match=r"flatbed\[scale\]"):
        Cluster("tcp://127.0.0.1:1")


def test_an_address_that_is_none_is_named() -> None:
    """A slip in an address is the caller's to mend."""
    with pytest.raises(BadUsage, match="no Dask scheduler answers"):
        Cluster("nonsense://x")
