"""API keys: made, believed, replaced, revoked. A key's text is shown once and never again."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from api.errors import BadUsage
from api.keys import store
from api.keys.errors import KeyInvalid, TooManyKeys, UnknownKey
from api.keys.scopes import Scope
from api.keys.secret import fits, new_secret, prefix_of
from api.keys.store import KeyRow
from api.kit.clock import Clock
from api.kit.db import Database
from api.kit.ids import new_id

LIVE_MAX: Final = 2
"""Live keys of one client: the one in use and the one that replaces it."""
LIFETIME: Final = timedelta(days=365)
OVERLAP: Final = timedelta(days=7)
"""How long the old key of a rotation lives on."""
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key just made: `text` is what the client sends, and cannot be had again."""

    text: str
    row: KeyRow


class KeyService:
    """Keys of one database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def create(
        self,
        *,
        tenant_id: str,
        client_id: str,
        scopes: Collection[Scope],
        lifetime: timedelta = LIFETIME,
    ) -> NewKey:
        """Make a key.

        Raises:
            BadUsage: a name that is none, no scope, or no time to live.
            TooManyKeys: the client has two.
        """
        for what, name in (("tenant", tenant_id), ("client", client_id)):
            if not _NAME.fullmatch(name):
                raise BadUsage(f"{what} {name!r}: use a-z, 0-9, '.', '_' and '-', at most 63")
        if not scopes or lifetime <= timedelta():
            raise BadUsage("a key needs a scope and a time to live")
        with self._database.writing() as connection:
            return self._made(connection, tenant_id, client_id, frozenset(scopes), lifetime)

    def authenticate(self, text: str) -> KeyRow:
        """Find the live key of a text.

        Raises:
            KeyInvalid: there is none.
        """
        prefix = prefix_of(text)
        found = None
        if prefix is not None:
            with self._database.reading() as connection:
                found = store.key_by_prefix(connection, prefix)
        if found is None or not fits(text, found.sha256) or not found.live(self._clock.now()):
            raise KeyInvalid("this key opens nothing: it is unknown, revoked or expired")
        return found

    def listed(self, tenant_id: str | None = None) -> list[KeyRow]:
        """List keys, oldest first, of one tenant or of all."""
        with self._database.reading() as connection:
            return store.keys_of(connection, tenant_id)

    def revoke(self, key_id: str) -> KeyRow:
        """End a key now; one that is revoked stays so.

        Raises:
            UnknownKey: there is none with that id.
        """
        with self._database.writing() as connection:
            row = _known(connection, key_id)
            if row.revoked_at is None:
                store.write_end(
                    connection, key_id, expires_at=row.expires_at, revoked_at=self._clock.now()
                )
            return _known(connection, key_id)

    def rotate(
        self, key_id: str, *, overlap: timedelta = OVERLAP, lifetime: timedelta = LIFETIME
    ) -> NewKey:
        """Make the next key of a client, and let the old one live on for `overlap` at most.

        Raises:
            UnknownKey: there is none with that id.
            TooManyKeys: the client has another live key beside it.
        """
        with self._database.writing() as connection:
            old = _known(connection, key_id)
            new = self._made(connection, old.tenant_id, old.client_id, old.scopes, lifetime)
            now = self._clock.now()
            ends = min(old.expires_at, max(now + overlap, old.created_at + timedelta(seconds=1)))
            store.write_end(connection, key_id, expires_at=ends, revoked_at=old.revoked_at)
            return new

    def _made(
        self,
        connection: Connection,
        tenant_id: str,
        client_id: str,
        scopes: frozenset[Scope],
        lifetime: timedelta,
    ) -> NewKey:
        now = self._clock.now()
        live = [
            each.id for each in store.keys_of(connection, tenant_id, client_id) if each.live(now)
        ]
        if len(live) >= LIVE_MAX:
            raise TooManyKeys(f"{client_id} has {' and '.join(live)}: revoke one first")
        secret = new_secret()
        row = KeyRow(
            id=new_id("key"),
            tenant_id=tenant_id,
            client_id=client_id,
            prefix=secret.prefix,
            sha256=secret.sha256,
            scopes=scopes,
            created_at=now,
            expires_at=now + lifetime,
        )
        store.insert_key(connection, row)
        return NewKey(text=secret.text, row=row)


def _known(connection: Connection, key_id: str) -> KeyRow:
    found = store.key_by_id(connection, key_id)
    if found is None:
        raise UnknownKey(f"there is no key {key_id!r}: see `flatbed keys list`")
    return found
