"""Keys: shown once, believed while they live, replaced without a gap."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from api.errors import BadUsage
from api.keys.errors import KeyInvalid, ScopeMissing, TooManyKeys, TooManyRequests, UnknownKey
from api.keys.gate import Gate
from api.keys.rates import STRANGER_PER_MINUTE, Rates
from api.keys.scopes import Scope
from api.keys.service import KeyService, NewKey
from api.keys.tables import API_KEY
from api.kit.clock import SystemClock
from api.kit.db import Database
from tests.api.slots.books import HandClock


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def keys(database: Database, clock: HandClock) -> KeyService:
    return KeyService(database, clock)


def made(keys: KeyService, *scopes: Scope, client: str = "shop", days: int = 30) -> NewKey:
    return keys.create(
        tenant_id="acme",
        client_id=client,
        scopes=scopes or (Scope.READ,),
        lifetime=timedelta(days=days),
    )


def test_a_key_is_believed_and_not_kept(keys: KeyService, database: Database) -> None:
    """Who steals the table has no key."""
    new = made(keys)
    assert keys.authenticate(new.text) == new.row
    with database.reading() as connection:
        stored = connection.execute(select(API_KEY)).one()
    assert not any(new.text[-43:] in str(value) for value in stored)
    assert new.row.scopes == {Scope.READ}


def test_a_changed_key_opens_nothing(keys: KeyService) -> None:
    """Neither one with a right prefix nor any other text."""
    text = made(keys).text
    for other in (text[:-1] + ("A" if text[-1] != "A" else "B"), text + "A", "", "\xff", text[:21]):
        with pytest.raises(KeyInvalid):
            keys.authenticate(other)


def test_a_key_ends(keys: KeyService, clock: HandClock) -> None:
    """At its time, or when it is revoked, and then at once."""
    short, revoked = made(keys, days=1), made(keys, client="other")
    keys.revoke(revoked.row.id)
    keys.revoke(revoked.row.id)
    with pytest.raises(KeyInvalid):
        keys.authenticate(revoked.text)
    clock.turn(timedelta(days=1))
    with pytest.raises(KeyInvalid):
        keys.authenticate(short.text)


def test_rotation_leaves_no_moment_without_a_key(keys: KeyService, clock: HandClock) -> None:
    """Both live for the overlap; a third one is refused as long as two live."""
    old = made(keys, Scope.READ, Scope.ORDER_WRITE)
    new = keys.rotate(old.row.id, overlap=timedelta(days=7))
    assert new.row.scopes == old.row.scopes and new.row.client_id == old.row.client_id
    assert {keys.authenticate(each.text).id for each in (old, new)} == {old.row.id, new.row.id}
    with pytest.raises(TooManyKeys):
        keys.rotate(new.row.id)
    with pytest.raises(TooManyKeys):
        made(keys)
    clock.turn(timedelta(days=7))
    keys.authenticate(new.text)
    with pytest.raises(KeyInvalid):
        keys.authenticate(old.text)
    keys.rotate(new.row.id, overlap=timedelta())


def test_what_cannot_be_a_key_is_not_made(keys: KeyService) -> None:
    """A name with a slash could be read as another tenant's client."""
    for tenant, client, scopes in (("a/b", "c", [Scope.READ]), ("", "c", [Scope.READ])):
        with pytest.raises(BadUsage):
            keys.create(tenant_id=tenant, client_id=client, scopes=scopes)
    with pytest.raises(BadUsage):
        keys.create(tenant_id="acme", client_id="shop", scopes=[])
    with pytest.raises(UnknownKey):
        keys.revoke("key_0")


def gate(keys: KeyService, per_minute: int) -> Gate:
    return Gate(keys, Rates(SystemClock(), per_minute=per_minute))


def test_the_gate_names_the_scope_that_is_missing(keys: KeyService) -> None:
    """So that the integrator knows what to ask for."""
    text = made(keys).text
    with pytest.raises(ScopeMissing) as refused:
        gate(keys, 10).enter(text, ["read", "admin"], address="", request_id="r")
    assert refused.value.told["scopes"] == ["admin"]


def test_the_gate_counts_a_client_and_not_its_neighbour(keys: KeyService) -> None:
    """Both keys of a rotation are one client; when to come again is told."""
    door = gate(keys, 5)
    mine, next_one, other = made(keys), made(keys), made(keys, client="other")
    for _ in range(5):
        door.enter(mine.text, [], address="", request_id="")
    with pytest.raises(TooManyRequests) as refused:
        door.enter(next_one.text, [], address="", request_id="")
    wait_s = refused.value.told["retry_after_s"]
    assert isinstance(wait_s, int) and 1 <= wait_s <= 60
    assert door.enter(other.text, [], address="", request_id="").client_id == "other"


def test_the_gate_counts_who_tries_keys(keys: KeyService) -> None:
    """256 bits are not guessed; the database is spared all the same."""
    door = gate(keys, 5)
    for _ in range(STRANGER_PER_MINUTE):
        with pytest.raises(KeyInvalid):
            door.enter("flatbed_x", [], address="192.0.2.1", request_id="")
    with pytest.raises(TooManyRequests):
        door.enter("flatbed_x", [], address="192.0.2.1", request_id="")
    with pytest.raises(KeyInvalid):
        door.enter("flatbed_x", [], address="192.0.2.2", request_id="")
