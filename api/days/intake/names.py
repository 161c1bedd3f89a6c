"""What rows of other sheets refer to: by id or by name, faulty rows remembered."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from api.days.intake.cells import RowReader
from api.days.intake.columns import normal

Thing = TypeVar("Thing")


@dataclass(slots=True)
class Named(Generic[Thing]):
    """Things of one sheet by id and by every other name; `what` begins the fault's code."""

    what: str
    things: dict[str, Thing] = field(default_factory=dict)
    unread: bool = False
    """The whole sheet is missing or unreadable: said once, not in every row that refers to it."""
    _ids: dict[str, str] = field(default_factory=dict)
    _names: dict[str, set[str]] = field(default_factory=dict)
    _faulty: set[str] = field(default_factory=set)
    _nameless: bool = False
    """A faulty row gave no name: it may be the one that is looked for."""

    def add(self, id: str, thing: Thing, *, names: Iterable[str] = ()) -> None:
        """Keep a thing; its id wins over another one's name."""
        self.things[id] = thing
        self._ids[normal(id)] = id
        for name in names:
            self._names.setdefault(normal(name), set()).add(id)

    def replace(self, id: str, thing: Thing, *, names: Iterable[str] = ()) -> None:
        """Keep a thing instead of any other of the same id or name."""
        for name in (id, *names):
            self._names.pop(normal(name), None)
            self._ids[normal(name)] = id
        self.things[id] = thing

    def spoil(self, *names: str) -> None:
        """Remember that the row of these names has faults and was not kept."""
        given = {normal(name) for name in names if name}
        self._faulty.update(given)
        self._nameless = self._nameless or not given

    def known(self, name: str) -> Thing | None:
        """Look up a name that may well be unknown: None then, and no fault."""
        folded = normal(name)
        if folded in self._ids:
            return self.things[self._ids[folded]]
        ids = self._names.get(folded, set())
        return self.things[next(iter(ids))] if len(ids) == 1 else None

    def find(self, row: RowReader, key: str) -> Thing | None:
        """Look up what a cell names; None when empty, unknown or faulty (noted)."""
        return self.find_by(row, row.text(key), key=key)

    def find_by(self, row: RowReader, name: str, *, key: str) -> Thing | None:
        """Look up a name on behalf of a row."""
        folded = normal(name)
        if not folded:
            return None
        if self.unread or folded in self._faulty:
            row.fault("reference.faulty", key, name=name)
            return None
        if folded in self._ids:
            return self.things[self._ids[folded]]
        ids = self._names.get(folded, set())
        if len(ids) == 1:
            return self.things[next(iter(ids))]
        if self._nameless and not ids:
            row.fault("reference.faulty", key, name=name)
            return None
        row.fault("name.ambiguous" if ids else f"{self.what}.unknown", key, name=name)
        return None
