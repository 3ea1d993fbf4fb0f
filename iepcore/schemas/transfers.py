"""A record that comes from another school: an export file read as what may be kept at this one.

Every id is made anew from the old one and the receiving site, so that a second reading of the same file gives
the same ids: nothing is doubled, and nothing meets a row of the sending site in one database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import sha256
from typing import Any
from uuid import UUID

from iepcore.calendars import TimelineEvent
from iepcore.errors import InvalidValue
from iepcore.family import ContactLogEntry, HomeObservation, Message, Thread, Translation
from iepcore.ids import AdultId, SiteId
from iepcore.people import Adult, ArrivingRecord, Relationship, Student, ToldRelation
from iepcore.plan import DataPoint, Goal, Trial, TrialSet
from iepcore.plan.document import (
    CopySent,
    FamilyWish,
    ParentConsent,
    PartAnswer,
    PlanComment,
    PlanState,
    PlanVersion,
    WrittenNotice,
)
from iepcore.schemas.documents import dump, load
from iepcore.schemas.export import import_lines

TRAVELS: frozenset[type[Any]] = frozenset(
    {
        Adult,
        Student,
        TimelineEvent,
        Goal,
        PlanVersion,
        WrittenNotice,
        ParentConsent,
        FamilyWish,
        PlanComment,
        PartAnswer,
        CopySent,
        TrialSet,
        Trial,
        DataPoint,
        Thread,
        Message,
        HomeObservation,
        ContactLogEntry,
        Translation,
    }
)
"""What comes along. All else is the sending school's: its team and rights, accounts, rosters, what left by
its roads, who of its people has read what, its holds and its trail."""

_UNFINISHED = frozenset({PlanState.DRAFT, PlanState.PROPOSED})


def arriving_record(lines: Iterable[str], *, site_id: SiteId) -> ArrivingRecord:
    """Return the one child's record of an export file, as the site may keep it.

    Raises:
        InvalidValue: ``not_an_export``, ``export_version``; ``transfer_one_child`` unless the file holds the
            record of exactly one child.
        InvalidRows: with one problem per bad line or field; nothing is returned then.
    """
    values = import_lines(lines)
    children = [one for one in values if isinstance(one, Student)]
    if len(children) != 1:
        raise InvalidValue("transfer_one_child", field="file", params={"children": len(children)})
    dropped = {one.id for one in values if isinstance(one, PlanVersion) and one.state in _UNFINISHED}
    names = {one.id: one.name for one in values if isinstance(one, Adult)}
    stays: Counter[str] = Counter()
    kept: list[object] = []
    for value in values:
        if type(value) not in TRAVELS or _of_dropped(value, dropped):
            stays[dump(value)["type"]] += 1
        else:
            kept.append(_renamed(_bare(value), site_id))
    [student] = [one for one in kept if isinstance(one, Student)]
    return ArrivingRecord(
        student=student,
        original_id=children[0].id,
        values=tuple(kept),
        told=tuple(_told(values, names, site_id)),
        stays=dict(stays),
    )


def moved_id(old: UUID, site_id: SiteId) -> UUID:
    """Return the id that stands at a site for one of another site: always the same, in the same order of
    time, of the same version.
    """
    made = sha256(site_id.bytes + old.bytes).digest()
    stamp = 48 if old.version == 7 else 0
    value = int.from_bytes(made[:16], "big") & ((1 << (128 - stamp)) - 1)
    value |= (old.int >> 80 << 80) if stamp else 0
    value = (value & ~(0xF << 76)) | (old.int & (0xF << 76))
    value = (value & ~(0x3 << 62)) | (old.int & (0x3 << 62))
    return UUID(int=value)


def _of_dropped(value: object, dropped: set[Any]) -> bool:
    """Tell whether a value is a version that was never in force, or was said of one."""
    if isinstance(value, PlanVersion):
        return value.id in dropped
    return isinstance(value, PlanComment | PartAnswer) and value.version_id in dropped


def _bare(value: object) -> object:
    """Return an adult as a name that signs words: without a road to them and without a past here."""
    if not isinstance(value, Adult):
        return value
    return replace(value, addresses=(), came_as_staff=False, version=1)


def _renamed(value: object, site_id: SiteId) -> object:
    moved = _moved(dump(value), site_id)
    assert isinstance(moved, dict)
    return load(moved)


def _moved(part: object, site_id: SiteId) -> object:
    """Return a document with each id in it made anew; an id stands alone in its text."""
    if isinstance(part, dict):
        return {name: _moved(one, site_id) for name, one in part.items()}
    if isinstance(part, list):
        return [_moved(one, site_id) for one in part]
    if isinstance(part, str) and len(part) == 36 and part.count("-") == 4:
        try:
            return str(moved_id(UUID(part), site_id))
        except ValueError:
            return part
    return part


def _told(values: Iterable[object], names: dict[Any, str], site_id: SiteId) -> Iterator[ToldRelation]:
    for value in values:
        if isinstance(value, Relationship):
            yield ToldRelation(
                adult_id=AdultId(moved_id(value.adult_id, site_id)),
                name=names.get(value.adult_id, ""),
                relation=value.relation,
                may_access_records=value.may_access_records,
                may_decide=value.may_decide,
                address_protected=value.address_protected,
                document=value.document,
            )
