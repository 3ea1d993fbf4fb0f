"""What a transport asks of a vendor (tokens, a gate, a dialect), and how a send can end."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from connectors.http.answers import Answer
from connectors.http.errors import CallError, CallTrace
from connectors.http.routes import Pairs

T = TypeVar("T")


class TokenSource(Protocol):
    """Where a bearer comes from."""

    def token(self) -> str:
        """Return a token that should work now. May raise ``ConsentLost`` or another ``CallError``."""
        ...

    def invalidate(self, token: str) -> None:
        """Hear that ``token`` was refused as run out. A token fetched in the meantime stays good."""
        ...


class Gate(Protocol):
    """How many may be under way at once, for one token."""

    def turn(self) -> AbstractContextManager[None]:
        """Wait for a turn, hold it, give it back."""
        ...

    def heard(self, *, remaining: float | None, refused: bool, wait_seconds: float | None = None) -> None:
        """Learn from one answer, while its turn is still held: what is left, whether it was refused for the
        rate, and how long to wait."""
        ...


@dataclass(frozen=True, slots=True)
class NextQuery:
    """The next page is the same call with these parameters in place of any of the same names."""

    changes: Pairs

    def after(self, params: Pairs) -> Pairs:
        """Return the changed parameters."""
        names = {name for name, _ in self.changes}
        return (*(pair for pair in params if pair[0] not in names), *self.changes)


class Dialect(Protocol):
    """What differs between vendors."""

    def refusal(self, answer: Answer) -> CallError:
        """Return the error that an answer with a status of 400 and above stands for."""
        ...

    def next_link(self, answer: Answer) -> str | NextQuery | None:
        """Return the next page, or None on the last: its address (taken as it is), or what changes in the
        query of the first call."""
        ...

    def remaining(self, answer: Answer) -> float | None:
        """Return what the platform says is left of its patience, if it says so."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent(Generic[T]):
    """The platform answered that it did it; ``value`` is its answer."""

    value: T
    trace: CallTrace


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """Surely nothing was done. ``error.retryable`` tells whether the same may work later."""

    error: CallError


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """It may or may not have been done: look before anything else."""

    error: CallError
