"""A decision: a word, a reason code and a citation; and the token that proves one was taken."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, NoReturn, TypeVar

from iepcore.access.values import Party, Resource
from iepcore.errors import NotPermitted

T = TypeVar("T")


class Outcome(StrEnum):
    """The four words of the domain guide, section 4."""

    ALLOW = "allow"
    DENY = "deny"
    REDACT = "redact"
    OWN_ONLY = "own_only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided, why (a reason code) and by which rule. ``party`` is the standing that decided it."""

    outcome: Outcome
    reason: str
    citation: str
    party: Party | None = None

    @property
    def is_allowed(self) -> bool:
        """Tell whether anything at all may be done (``redact`` and ``own_only`` are limited permissions)."""
        return self.outcome is not Outcome.DENY


_SEAL = object()


class Permitted(Generic[T]):
    """Proof that access was decided for ``subject``. Functions that disclose accept only this.

    Only :func:`require` makes one; constructing, copying, pickling or inheriting it raises ``TypeError``.
    """

    __slots__ = ("_decision", "_subject")

    def __init_subclass__(cls, **kwargs: object) -> None:
        raise TypeError("Permitted is made by iepcore.access.require only")

    def __init__(self, seal: object, subject: T, decision: Decision) -> None:
        if seal is not _SEAL:
            raise TypeError("Permitted is made by iepcore.access.require only")
        self._subject = subject
        self._decision = decision

    def __reduce__(self) -> NoReturn:
        raise TypeError("a proof of access is taken anew, not carried")

    @property
    def subject(self) -> T:
        """The resource that was decided on."""
        return self._subject

    @property
    def decision(self) -> Decision:
        """The decision that permits it."""
        return self._decision


def require(decision: Decision, resource: Resource) -> Permitted[Resource]:
    """Return the proof for ``resource``.

    Raises:
        NotPermitted: with the decision's reason code and citation, when the decision is ``deny``.
    """
    if not decision.is_allowed:
        raise NotPermitted(decision.reason, citation=decision.citation)
    return Permitted(_SEAL, resource, decision)
