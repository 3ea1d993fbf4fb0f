"""Access: one decision with a reason and a citation for every read and write, and the trail it leaves."""

from __future__ import annotations

from iepcore.access.chain import (
    BEGUN,
    ChainCheck,
    ChainFault,
    ChainHead,
    ChainName,
    ChainReport,
    Link,
    Sealed,
    check_chain,
    genesis,
    sealed_rows,
)
from iepcore.access.decide import decide
from iepcore.access.decision import Decision, Outcome, Permitted, require
from iepcore.access.disclosures import (
    BlankedDisclosure,
    Disclosure,
    DisclosureBasis,
    DisclosureSeal,
)
from iepcore.access.openings import BreakGlass, OpeningReason
from iepcore.access.record_requests import (
    RecordRequest,
    RequestAnswer,
    RequestEnd,
    RequestState,
    RequestWay,
)
from iepcore.access.trail import AuditEvent, AuditKind, TrailQuery, event_bucket
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
    "BEGUN",
    "Action",
    "Actor",
    "Audience",
    "AuditEvent",
    "AuditKind",
    "Basis",
    "BlankedDisclosure",
    "BreakGlass",
    "ChainCheck",
    "ChainFault",
    "ChainHead",
    "ChainName",
    "ChainReport",
    "Decision",
    "Disclosure",
    "DisclosureBasis",
    "DisclosureSeal",
    "Grant",
    "Link",
    "OpeningReason",
    "Outcome",
    "Party",
    "Permitted",
    "Person",
    "RecordRequest",
    "Relations",
    "RequestAnswer",
    "RequestEnd",
    "RequestState",
    "RequestWay",
    "Resource",
    "ResourceKind",
    "Sealed",
    "System",
    "TrailQuery",
    "check_chain",
    "decide",
    "event_bucket",
    "genesis",
    "require",
    "sealed_rows",
]
