"""What works with a key in Canvas, feature by feature, and which scope to add for what does not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from connectors.canvas.features import NEEDS, CanvasFeature, Need
from connectors.http import Route
from connectors.http.errors import CallError, ScopeMissing


class CapabilityState(StrEnum):
    """``works``: the key has what it needs, and no call said otherwise. ``refused``: the scopes are there,
    and Canvas does not let this person do it: a permission of their role."""

    WORKS = "works"
    PARTLY = "partly"
    SCOPES_MISSING = "scopes_missing"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """One feature: how it stands, what is missing, and the code of what a call met (or empty)."""

    feature: CanvasFeature
    state: CapabilityState
    missing: tuple[Need, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CanvasCapabilities:
    """All features. ``enforced``: the key is limited to its scopes; without that a person's token could do
    whatever the person can, and the key should be limited."""

    features: tuple[Capability, ...]
    enforced: bool = True

    @classmethod
    def of(
        cls,
        granted: Iterable[str],
        *,
        answered: Mapping[Route, CallError | None] | None = None,
        enforced: bool = True,
    ) -> CanvasCapabilities:
        """Judge by the scopes that were granted, and by what calls answered where some were made."""
        held, met = frozenset(granted), answered or {}
        return cls(features=tuple(_judge(feature, held, met) for feature in CanvasFeature), enforced=enforced)

    def __getitem__(self, feature: CanvasFeature) -> Capability:
        """Return how one feature stands."""
        [found] = [one for one in self.features if one.feature is feature]
        return found

    @property
    def working(self) -> tuple[CanvasFeature, ...]:
        """The features that can be switched on."""
        return tuple(one.feature for one in self.features if one.state is CapabilityState.WORKS)

    @property
    def scopes_to_add(self) -> tuple[str, ...]:
        """Every scope that some feature lacks."""
        return tuple(sorted({str(need.route.scope) for one in self.features for need in one.missing}))


def _judge(feature: CanvasFeature, held: frozenset[str], met: Mapping[Route, CallError | None]) -> Capability:
    needs = NEEDS[feature]
    missing = tuple(
        need
        for need in needs
        if need.route.scope not in held or isinstance(met.get(need.route), ScopeMissing)
    )
    errors = [error for need in needs if need not in missing and (error := met.get(need.route)) is not None]
    if missing:
        state = CapabilityState.SCOPES_MISSING if len(missing) == len(needs) else CapabilityState.PARTLY
        return Capability(feature=feature, state=state, missing=missing, code="scope_missing")
    state = CapabilityState.REFUSED if errors else CapabilityState.WORKS
    return Capability(feature=feature, state=state, code=errors[0].code if errors else "")
