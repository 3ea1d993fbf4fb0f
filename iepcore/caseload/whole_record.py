"""One child's record with everybody whose name signs a word of it, for an export that stands alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from uuid import UUID

from iepcore.ids import AdultId, StudentId
from iepcore.people import Adult
from iepcore.ports import UnitOfWork


def whole_record(uow: UnitOfWork, student_id: StudentId) -> Iterator[object]:
    """Yield a child's values in an order in which they can be kept elsewhere, adults first: of the team and
    the family, and whoever else wrote, recorded, agreed or was written to.

    The addresses of an adult whose address is protected stay here: an export may be handed to the other
    household (domain guide P13). The platform tells them anew where the adult comes in.
    """
    held = uow.people.relationships_of_student(student_id)
    protected = {one.adult_id for one in held if one.address_protected}
    named: set[UUID] = set()
    known: set[UUID] = set()
    for value in uow.archive.values(student_id=student_id):
        named.update(_ids(value))
        if isinstance(value, Adult):
            known.add(value.id)
    yield from uow.people.adults([AdultId(one) for one in named - known])
    for value in uow.archive.values(student_id=student_id):
        if isinstance(value, Adult) and value.id in protected:
            yield replace(value, addresses=())
        else:
            yield value


def _ids(part: object) -> Iterator[UUID]:
    """Yield every id inside a value."""
    if isinstance(part, UUID):
        yield part
    elif is_dataclass(part) and not isinstance(part, type):
        for one in fields(part):
            yield from _ids(getattr(part, one.name))
    elif isinstance(part, tuple | frozenset):
        for inner in part:
            yield from _ids(inner)
