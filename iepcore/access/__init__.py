"""Access: one decision with a reason and a citation for every read and write, and the trail it leaves."""

from __future__ import annotations

from iepcore.access.decide import decide
from iepcore.access.decision import Decision, Outcome, Permitted, require
from iepcore.access.trail import AuditEvent, AuditKind, event_bucket
from iepcore.access.values import (
    Action,
    Actor,
    Audience,
    Basis,
    Grant,
    Party,
    Person,
    Relations,
    Resource,
    ResourceKind,
    System,
)

__all__ = [
    "Action",
    "Actor",
    "Audience",
    "AuditEvent",
    "AuditKind",
    "Basis",
    "Decision",
    "Grant",
    "Outcome",
    "Party",
    "Permitted",
    "Person",
    "Relations",
    "Resource",
    "ResourceKind",
    "System",
    "decide",
    "event_bucket",
    "require",
]
