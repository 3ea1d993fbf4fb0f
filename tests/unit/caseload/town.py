"""A small town: two children, households, teams, one store, one clock, and a caseload for each person."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from iepcore.access import AuditEvent, Person, System
from iepcore.caseload import Caseload, Letter, Policy, Sent
from iepcore.family import Message
from iepcore.ids import AdultId, GoalId, OutboxId, SiteId, StudentId, new_uuid7
from iepcore.language import FreeText, Part
from iepcore.memory import MemoryStore
from iepcore.notices import OutboxItem, SendingMode, SendingPolicy
from iepcore.people import (
    AddressKind,
    Adult,
    Assignment,
    ChannelAddress,
    PersonKind,
    Relation,
    Relationship,
    RosterMember,
    RosterStanding,
    SiteRole,
    StaffRole,
    Student,
)
from iepcore.plan import DataPoint, Goal
from iepcore.ports import Store, UnitOfWork
from iepcore.testing import (
    StoppedClock,
    a_goal,
    a_key,
    a_parent,
    a_student,
    an_adult,
    an_appointment,
    an_assignment,
)
from iepcore.testing.store_values import a_member, an_identity

SOURCE, COURSE = "platform-1", "course-1"
START = date(2026, 9, 7)
NOON = datetime.fromisoformat("2026-11-24T12:00:00-07:00")

STAFF = {
    "manager": StaffRole.CASE_MANAGER,
    "teacher": StaffRole.SPECIAL_ED_TEACHER,
    "general": StaffRole.GEN_ED_TEACHER,
    "therapist": StaffRole.RELATED_SERVICE_PROVIDER,
    "aide": StaffRole.PARAPROFESSIONAL,
    "sub": StaffRole.SUBSTITUTE,
    "principal": StaffRole.ADMINISTRATOR,
}
FAMILY = {
    "mother": ("A", True, True, "es"),
    "father": ("B", True, False, "en"),
    "revoked": ("B", False, False, "en"),
}
SITE = {
    "officer": SiteRole.RECORDS_OFFICER,
    "opener": SiteRole.CASE_MANAGER,
    "installer": SiteRole.ADMINISTRATOR,
    "interpreter": SiteRole.INTERPRETER,
}


class Town:
    """Maya with a team of seven, a mother, a father elsewhere and somebody whose rights are revoked; Ivo next
    door with a teacher and a mother of his own; the site's people; a stranger whom a platform let in."""

    def __init__(self, make_store: Callable[[SiteId], Store] = MemoryStore, **policy: Any) -> None:
        self.store = make_store(SiteId(new_uuid7()))
        self.clock = StoppedClock(NOON)
        self.policy = Policy(**policy)
        with self.store.write() as uow:
            uow.sending.save_policy(SendingPolicy(mode=SendingMode.LIVE, version=1))
        self.adults: dict[str, Adult] = {}
        self.maya = a_student(preferred_name="Maya", legal_name="Mayabel Quill", created_at=self.clock.now())
        self.ivo = a_student(preferred_name="Ivo", legal_name="Ivo Obi", created_at=self.clock.now())
        self.goal = a_goal(student=self.maya, starts_on=START)
        self.second = a_goal(student=self.maya, starts_on=START, skill_key="sight_words")
        self.ivos_goal = a_goal(student=self.ivo, starts_on=START)
        self.relationships: dict[str, Relationship] = {}
        self.places: dict[str, Assignment] = {}
        with self.store.write() as uow:
            self._move_in(uow)

    def _move_in(self, uow: UnitOfWork) -> None:
        names = [*STAFF, *FAMILY, *SITE, "ivos_teacher", "ivos_mother", "stranger"]
        for name in names:
            reads = FAMILY[name][3] if name in FAMILY else "en"
            adult = an_adult(
                name=f"{name.title()} Person",
                reads=reads,
                speaks=reads,
                addresses=(ChannelAddress(kind=AddressKind.MAIL, value=f"{name}@example.org"),),
            )
            self.adults[name] = adult
            uow.people.add_adult(adult)
            uow.people.add_identity(an_identity(adult.id, source=SOURCE, subject=name))
        for student, subject in ((self.maya, "maya"), (self.ivo, "ivo")):
            uow.people.add_student(student)
            uow.people.add_identity(
                an_identity(student.id, source=SOURCE, subject=subject, kind=PersonKind.STUDENT)
            )
        for name, role in STAFF.items():
            self.places[name] = self._place(uow, self.maya, name, role)
        self.places["ivos_teacher"] = self._place(uow, self.ivo, "ivos_teacher", StaffRole.CASE_MANAGER)
        for name, (household, records, decides, _) in FAMILY.items():
            self.relationships[name] = self._relate(
                uow, self.maya, name, household=household, may_access_records=records, may_decide=decides
            )
        self.relationships["ivos_mother"] = self._relate(uow, self.ivo, "ivos_mother", household="Z")
        for name, site_role in SITE.items():
            uow.people.add_appointment(an_appointment(self.adults[name], role=site_role, starts_on=START))
        for goal in (self.goal, self.second, self.ivos_goal):
            uow.plan.add_goal(goal)

    def _place(self, uow: UnitOfWork, student: Student, name: str, role: StaffRole) -> Assignment:
        place = an_assignment(student, self.adults[name], role=role, starts_on=START)
        uow.people.add_assignment(place)
        return place

    def _relate(self, uow: UnitOfWork, student: Student, name: str, **changes: Any) -> Relationship:
        held = a_parent(student, self.adults[name], relation=Relation.PARENT, valid_from=START, **changes)
        uow.people.add_relationship(held)
        return held

    # ------------------------------------------------------------ people

    def id(self, name: str) -> AdultId:
        """Return somebody's id."""
        return self.adults[name].id

    def caseload(self, name: str, *, masquerade: bool = False) -> Caseload:
        """Return the use cases for one person of the town."""
        actor = Person(adult_id=self.id(name), masquerade=masquerade)
        return Caseload(self.store, actor, self.clock, self.policy)

    def job(self, name: str = "outbox") -> Caseload:
        """Return the use cases for one of the product's own jobs."""
        return Caseload(self.store, System(job=name), self.clock, self.policy)

    def enrol(
        self, *subjects: str, standing: RosterStanding = RosterStanding.PUPIL, **changes: Any
    ) -> list[RosterMember]:
        """Put lines into the course's address book, as a pull of the platform would."""
        members = [
            a_member(
                subject, standing=standing, source=SOURCE, context_id=COURSE, name=subject.title(), **changes
            )
            for subject in subjects
        ]
        with self.store.write() as uow:
            uow.people.save_roster(SOURCE, COURSE, members, complete=False)
        with self.store.read() as uow:
            return [one for one in uow.people.roster(SOURCE, COURSE) if one.subject in subjects]

    def set_rights(self, name: str, *, records: bool, decides: bool = False) -> None:
        """Change the two flags of a parent of Maya, as the case manager does."""
        with self.store.read() as uow:
            current = next(
                one
                for one in uow.people.relationships_of_adult(self.id(name))
                if one.student_id == self.maya.id
            )
        self.caseload("manager").families.set_rights(
            current.id,
            current.student_id,
            may_access_records=records,
            may_decide=decides,
            basis="Order of the court, seen by the office",
            document="Order of 12 May",
            version=current.version,
        )

    def leave(self, name: str) -> None:
        """End somebody's place on a team as of yesterday."""
        place = self.places[name]
        ended = replace(place, ends_on=self.clock.today() - timedelta(days=1), version=place.version + 1)
        with self.store.write() as uow:
            uow.people.save_assignment(ended)

    # ------------------------------------------------------------ words

    def write_to(
        self,
        *readers: str,
        by: str = "teacher",
        about: GoalId | str | None = "goal",
        parts: Iterable[Part] | None = None,
        **letter: Any,
    ) -> Sent:
        """Send a letter from school about Maya's goal, a second after whatever was last."""
        self.clock.forward(seconds=1)
        goal_id = self.goal.id if about == "goal" else about
        return self.caseload(by).writing.send(
            self.maya.id,
            goal_id,  # type: ignore[arg-type]
            Letter(
                parts=tuple(parts or (FreeText(text="She did it twice today.", lang="en"),)),
                recipient_ids=frozenset(self.id(name) for name in readers),
                **letter,
            ),
            a_key(),
        )

    def answer(self, name: str, text: str = "Gracias.", **details: Any) -> Message:
        """Answer as a family member in the conversation of the goal, a second after whatever was last."""
        self.clock.forward(seconds=1)
        return self.caseload(name).conversation.reply(
            self.maya.id, self.goal.id, FreeText(text=text, lang="es"), a_key(), **details
        )

    # ------------------------------------------------------------ what is kept

    def history(self) -> tuple[DataPoint, ...]:
        """Return every point of Maya's first goal."""
        with self.store.read() as uow:
            return tuple(uow.plan.history_of_goal(self.goal.id))

    def trail(self, student_id: StudentId | None = None) -> tuple[AuditEvent, ...]:
        """Return the trail of a child (Maya's), newest first."""
        with self.store.read() as uow:
            return tuple(uow.audit.of_student(student_id or self.maya.id, limit=1000))

    def messages(self) -> tuple[Message, ...]:
        """Return every message of both children."""
        with self.store.read() as uow:
            return tuple(uow.family.messages_of_students({self.maya.id, self.ivo.id}))

    def item(self, item_id: OutboxId) -> OutboxItem:
        """Return an outbox item as it is stored now."""
        with self.store.read() as uow:
            found = uow.outbox.item(item_id)
        assert found is not None
        return found

    def everything(self) -> tuple[object, ...]:
        """Return every stored value."""
        with self.store.read() as uow:
            return tuple(uow.archive.values())


def goal_with(student: Student, **changes: Any) -> Goal:
    """Return a goal of a child that began with the school year."""
    return a_goal(student=student, **{"starts_on": START, **changes})
