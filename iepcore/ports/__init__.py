"""Ports: the few small things the domain asks of the world. Implementations live outside, or in
``iepcore.memory``.
"""

from __future__ import annotations

from iepcore.ports.leaving import (
    ArchiveRepository,
    GradebookRepository,
    KeepingRepository,
    OutboxRepository,
    SendingRepository,
)
from iepcore.ports.plans import PlansRepository
from iepcore.ports.records import (
    FamilyRepository,
    PeopleRepository,
    PlanRepository,
    RosterRepository,
    Store,
    UnitOfWork,
)
from iepcore.ports.trail import AuditRepository, DisclosuresRepository
from iepcore.ports.world import Clock, GradebookSink, NoticeChannel, ReplySource, RosterSource, Tell

__all__ = [
    "ArchiveRepository",
    "AuditRepository",
    "Clock",
    "DisclosuresRepository",
    "FamilyRepository",
    "GradebookRepository",
    "GradebookSink",
    "KeepingRepository",
    "NoticeChannel",
    "OutboxRepository",
    "PeopleRepository",
    "PlanRepository",
    "PlansRepository",
    "ReplySource",
    "RosterRepository",
    "RosterSource",
    "SendingRepository",
    "Store",
    "Tell",
    "UnitOfWork",
]
