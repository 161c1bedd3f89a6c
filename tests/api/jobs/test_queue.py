"""The queue by itself: who gets which job, and what a worker that lost its lease may still do."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from api.jobs import store
from api.jobs.errors import JobEnded, LeaseLost, UnknownJob
from api.jobs.rows import Job
from api.jobs.service import Jobs
from api.jobs.states import ENDED, MOVES, JobMove, JobState
from api.jobs.tables import JOB
from api.kit.db import Database
from tests.api.jobs.toys import CLOCK, LEASE, TASKS, TENANT, ask, read, times_written, worker


def claimed(database: Database, name: str, *, later: timedelta = timedelta()) -> Job | None:
    with database.writing() as connection:
        return store.claim(
            connection, worker=name, kinds=TASKS.keys(), now=CLOCK.now() + later, lease=LEASE
        )


def test_moves_lead_out_of_every_state_but_the_last_ones() -> None:
    """A job can always end, and what has ended stays so."""
    for state in JobState:
        goals = {goal for sources, goal in MOVES.values() if state in sources}
        assert bool(goals) == (state not in ENDED)
        if goals:
            assert goals & ENDED


def test_the_same_question_is_one_job(database: Database) -> None:
    """Two clients that ask alike wait for the same solve; another tenant has its own."""
    first = ask(database)
    assert ask(database).id == first.id
    assert ask(database, number=1).id != first.id
    with database.writing() as connection:
        same = {"steps": 3, "step_s": 0.0, "number": 0}
        other, new = store.submit(connection, "other", kind="count", asked=same, now=CLOCK.now())
    assert new
    assert other.id != first.id


def test_a_job_that_is_done_answers_the_same_question_again(database: Database) -> None:
    """Nothing is solved twice; a cancelled one is, since it did not go to the end."""
    first = ask(database)
    assert worker(database).run_one()
    assert ask(database).state is JobState.DONE
    second = ask(database, number=2)
    Jobs(database, CLOCK).cancel(TENANT, second.id)
    assert ask(database, number=2).id not in (first.id, second.id)


def test_many_workers_take_each_job_once(database: Database) -> None:
    """Real connections and threads: no job is taken twice, none is left."""
    jobs = {ask(database, number=n).id for n in range(24)}
    taken: list[str] = []
    guard, gate = threading.Lock(), threading.Barrier(6)

    def take(name: str) -> None:
        gate.wait()
        while (job := claimed(database, name)) is not None:
            with guard:
                taken.append(job.id)

    threads = [threading.Thread(target=take, args=(f"w{n}",)) for n in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(taken) == sorted(jobs)


def test_the_one_that_waits_longest_comes_first(database: Database) -> None:
    """Nobody starves."""
    first, second = ask(database, number=1), ask(database, number=2)
    assert [claimed(database, "w").id, claimed(database, "w").id] == [  # type: ignore[union-attr]
        first.id,
        second.id,
    ]


def test_a_worker_that_was_given_up_for_dead_writes_nothing(database: Database) -> None:
    """It comes back from a long pause while another one has its job: fenced by the attempt."""
    ask(database)
    late = claimed(database, "w1")
    assert late is not None
    assert claimed(database, "w2") is None
    other = claimed(database, "w2", later=2 * LEASE)
    assert other is not None
    assert (other.id, other.attempt) == (late.id, 2)
    now = CLOCK.now()
    with database.writing() as connection, pytest.raises(LeaseLost):
        store.beat(connection, late, until=now + LEASE)
    with database.writing() as connection, pytest.raises(LeaseLost):
        store.tell(connection, late, progress={}, incumbent={"counted": 1}, until=now + LEASE)
    with database.writing() as connection, pytest.raises(LeaseLost):
        store.end(connection, late, JobMove.FINISH, now=now)
    with database.reading() as connection, pytest.raises(LeaseLost):
        store.look(connection, late)


def test_the_same_worker_that_takes_its_job_again_is_another_attempt(database: Database) -> None:
    """Its name alone would not tell its two runs apart."""
    ask(database)
    first = claimed(database, "w1")
    again = claimed(database, "w1", later=2 * LEASE)
    assert first is not None
    assert again is not None
    with database.writing() as connection, pytest.raises(LeaseLost):
        store.end(connection, first, JobMove.FINISH, now=CLOCK.now())


def test_a_job_over_which_all_its_workers_die_is_failed(database: Database) -> None:
    """A day that kills every worker must not kill workers for ever."""
    job = ask(database)
    for attempt in range(1, store.ATTEMPTS_MOST + 1):
        taken = claimed(database, "w", later=2 * attempt * LEASE)
        assert taken is not None
        assert taken.attempt == attempt
    assert claimed(database, "w", later=20 * LEASE) is None
    failed = read(database, job)
    assert failed.state is JobState.FAILED
    assert failed.fault["code"] == "workers-died"


def test_a_worker_that_goes_home_costs_no_attempt(database: Database) -> None:
    """Servers are restarted all day."""
    job = ask(database)
    for _ in range(5):
        taken = claimed(database, "w")
        assert taken is not None
        with database.writing() as connection:
            store.give_back(connection, taken, now=CLOCK.now(), counts=False)
    assert worker(database).run_one()
    assert read(database, job).state is JobState.DONE


def test_a_job_that_nobody_began_is_withdrawn_at_once(database: Database) -> None:
    """There is nothing to keep, and nobody to wait for."""
    job = ask(database)
    assert Jobs(database, CLOCK).cancel(TENANT, job.id).state is JobState.CANCELLED
    assert not worker(database).run_one()
    with pytest.raises(JobEnded):
        Jobs(database, CLOCK).cancel(TENANT, job.id)


def test_another_tenants_job_is_not_there(database: Database) -> None:
    """Its id alone opens nothing."""
    job = ask(database)
    with pytest.raises(UnknownJob):
        Jobs(database, CLOCK).job("other", job.id)
    with pytest.raises(UnknownJob):
        Jobs(database, CLOCK).cancel("other", job.id)


def test_the_database_refuses_a_running_job_without_a_lease(database: Database) -> None:
    """Nobody would ever take it up again."""
    job = ask(database)
    with pytest.raises(IntegrityError), database.writing() as connection:
        connection.execute(JOB.update().where(JOB.c.id == job.id).values(state="running"))


def test_a_result_is_written_once_and_watchers_see_every_step(database: Database) -> None:
    """Progress comes in order, and the last thing seen is the end."""
    job = ask(database, steps=4)
    jobs = Jobs(database, CLOCK)
    seen: list[Job] = []
    watcher = threading.Thread(target=lambda: seen.extend(jobs.watch(TENANT, job.id, most_s=30)))
    watcher.start()
    assert worker(database).run_one()
    watcher.join()
    assert seen[-1].state is JobState.DONE
    assert seen[-1].result == {"counted": 4}
    assert [each.version for each in seen] == sorted({each.version for each in seen})
    assert times_written(database, job) == 1
