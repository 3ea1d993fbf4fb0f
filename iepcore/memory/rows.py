"""Values in dictionaries, copied when first changed: what one unit of work reads, changes and keeps."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from iepcore.errors import Busy, Conflict, IepError, NotFound
from iepcore.ids import SiteId
from iepcore.memory.kinds import KIND_OF, Kind

V = TypeVar("V")


@dataclass(slots=True)
class Table:
    """The values of one kind by key, and for each thing that is unique about them, whose it is."""

    values: dict[Hashable, Any] = field(default_factory=dict)
    taken: tuple[dict[Hashable, Hashable], ...] = ()

    @classmethod
    def empty(cls, kind: Kind) -> Table:
        """Return a table without values."""
        return cls(taken=tuple({} for _ in kind.unique))

    def copy(self) -> Table:
        """Return a table that can be changed without changing this one."""
        return Table(values=dict(self.values), taken=tuple(dict(index) for index in self.taken))


State = Mapping[type[Any], Table]


def _key_of(pair: tuple[Any, object]) -> Any:
    return pair[0]


def _is_set(unique: Hashable) -> bool:
    return unique is not None


class MemoryRows:
    """The sentences of the repositories, over one state that nobody else changes."""

    def __init__(self, state: State, *, site_id: SiteId, may_write: bool) -> None:
        self.state: dict[type[Any], Table] = dict(state)
        self._mine: set[type[Any]] = set()
        self._may_write = may_write
        self.site_id = site_id

    def _table(self, of: type[Any]) -> Table:
        """Return a table of our own to write to."""
        if not self._may_write:
            raise Busy("store_read_only")
        if of not in self._mine:
            self.state[of] = self.state[of].copy()
            self._mine.add(of)
        return self.state[of]

    def get(self, of: type[V], key: Hashable) -> V | None:
        """Return the value with that key, or None."""
        found: V | None = self.state[of].values.get(key)
        return found

    def all(
        self,
        of: type[V],
        where: Callable[[V], bool] | None = None,
        *,
        order: Callable[[V], Any] | None = None,
    ) -> tuple[V, ...]:
        """Return values in ``order``, and by key where that leaves a choice."""
        found = self.state[of].values.items()
        chosen = [(key, value) for key, value in found if where is None or where(value)]
        chosen.sort(key=_key_of)
        if order is not None:
            chosen.sort(key=lambda pair: order(pair[1]))
        return tuple(value for _, value in chosen)

    def add(self, value: object) -> None:
        """Keep a value that is not there yet.

        Raises:
            IepError: ``store_refused`` when it is there, or lacks what it belongs to.
        """
        kind = KIND_OF[type(value)]
        self._check_parents(kind, value)
        if self._rival(kind, value) is not None:
            raise IepError("store_refused", params={"kind": kind.name})
        self._keep(kind, value)

    def add_first(self, value: V) -> V:
        """Keep ``value`` unless there is one with the same unique part; return what is kept.

        Raises:
            IepError: ``store_refused`` when only its key is taken, or it lacks what it belongs to.
        """
        kind = KIND_OF[type(value)]
        rival: V | None = self._rival(kind, value)
        if rival is None:
            self._check_parents(kind, value)
            self._keep(kind, value)
            return value
        if kind.unique and all(unique(rival) != unique(value) for unique in kind.unique):
            raise IepError("store_refused", params={"kind": kind.name})
        return rival

    def has_unique(self, value: object) -> bool:
        """Tell whether a value that is unique in the same way is kept."""
        kind = KIND_OF[type(value)]
        table = self.state[kind.of]
        return any(unique(value) in index for unique, index in zip(kind.unique, table.taken, strict=True))

    def put(self, value: object) -> None:
        """Keep ``value``, in place of the one with its key."""
        kind = KIND_OF[type(value)]
        self._check_parents(kind, value)
        self._drop(kind, kind.key(value))
        self.add(value)

    def save(self, value: object, *, version: int) -> None:
        """Keep ``value``, whose version is ``version``, in place of the one before.

        Raises:
            Conflict: another version is kept.
            NotFound: none is.
        """
        kind = KIND_OF[type(value)]
        stored = self.get(kind.of, kind.key(value))
        if stored is None:
            raise NotFound(kind.name)
        if stored.version != version - 1:
            raise Conflict(kind.name, current=stored, yours=value)
        self.put(value)

    def delete(self, of: type[V], where: Callable[[V], bool]) -> int:
        """Drop values; return how many."""
        gone = [key for key, value in self._table(of).values.items() if where(value)]
        for key in gone:
            self._drop(KIND_OF[of], key)
        return len(gone)

    def _drop(self, kind: Kind, key: Hashable) -> None:
        table = self._table(kind.of)
        value = table.values.pop(key, None)
        if value is not None:
            for unique, index in zip(kind.unique, table.taken, strict=True):
                index.pop(unique(value), None)

    def _keep(self, kind: Kind, value: object) -> None:
        table, key = self._table(kind.of), kind.key(value)
        table.values[key] = value
        for unique, index in zip(kind.unique, table.taken, strict=True):
            if _is_set(unique(value)):
                index[unique(value)] = key

    def _rival(self, kind: Kind, value: object) -> Any:
        """Return a value that is unique in the same way, or has the same key, or None."""
        table = self.state[kind.of]
        for unique, index in zip(kind.unique, table.taken, strict=True):
            if _is_set(unique(value)) and unique(value) in index:
                return table.values[index[unique(value)]]
        return table.values.get(kind.key(value))

    def _check_parents(self, kind: Kind, value: object) -> None:
        for parent, name in kind.parents:
            if getattr(value, name) not in self.state[parent].values:
                raise IepError("store_refused", params={"kind": kind.name})


def grouped(keys: Iterable[V], values: Iterable[Any], key: Callable[[Any], V]) -> dict[V, list[Any]]:
    """Return the values by ``key``; every asked key is there, with an empty list if need be."""
    found: dict[V, list[Any]] = {one: [] for one in keys}
    for value in values:
        found[key(value)].append(value)
    return found
