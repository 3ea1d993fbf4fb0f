"""Before any draft: what should your child be able to do a year from now? The answer stands word for word.

Each adult answers alone, and nobody of another household reads it. What the team copies into the plan is the
plan's, and everybody who reads the plan reads it there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from iepcore.access import Action, Resource, ResourceKind
from iepcore.caseload.announcing import ASK_WISH, announce_to_family
from iepcore.caseload.desk import Change, Desk
from iepcore.caseload.family_side import family_standings, require_family, voice_of
from iepcore.errors import IllegalMove, InvalidValue
from iepcore.family import Message
from iepcore.ids import AdultId, ClientKey, FamilyWishId, StudentId, new_uuid7
from iepcore.language import FreeText, Name, Phrase
from iepcore.people import Adult, Relationship, Student
from iepcore.plan.document import FamilyWish, Voice, standing_wishes
from iepcore.ports import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class WishPage:
    """What one adult sees: their own answer and the student's words that they wrote down, with what they said
    before. ``asked_at``: when the school asked them last. ``takes_student``: this adult may write down what
    the student says (the site has switched it on, and this adult decides for the student).
    """

    student: Student
    voice: Voice
    wish: FamilyWish | None
    students_words: FamilyWish | None
    before: tuple[FamilyWish, ...]
    asked_at: datetime | None
    takes_student: bool
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WishRow:
    """One standing answer, for the team: whose, in which voice, and what that person reads."""

    wish: FamilyWish
    author: Adult


@dataclass(frozen=True, slots=True, kw_only=True)
class WishesView:
    """What the team reads before it writes: every standing answer, oldest first, and when it asked last."""

    student: Student
    rows: tuple[WishRow, ...]
    asked_at: datetime | None
    may_ask: bool


class WishesDesk:
    """Use cases of the question that comes first."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def page(self, student_id: StudentId) -> WishPage:
        """Return the question with this adult's own answer.

        Raises:
            NotPermitted: to anybody who is not of the family, and without a right to the record.
        """
        desk = self._desk
        me = desk.adult_id
        mine = Resource(kind=ResourceKind.FAMILY_WISH, student_id=student_id, owner_id=me)
        desk.open_record(mine, what="wish")
        held = require_family(desk, student_id, "wish")
        with desk.store.read() as uow:
            student = _student(uow, student_id)
            said = [one for one in uow.plans.wishes_of(student_id) if one.author_id == me]
            voice = voice_of(held)
            standing = {one.voice: one for one in standing_wishes(said)}
            kept = {one.id for one in standing.values()}
            takes = voice is Voice.FAMILY and self._takes_student(uow, held)
            return WishPage(
                student=student,
                voice=voice,
                wish=standing.get(voice),
                students_words=standing.get(Voice.STUDENT) if voice is Voice.FAMILY else None,
                before=tuple(one for one in reversed(said) if one.id not in kept and one.words is not None),
                asked_at=_asked_at(uow.family.messages_of_students({student_id}), to=me),
                takes_student=takes,
                may_write=desk.may(uow, Action.WRITE, mine),
            )

    def say(
        self,
        student_id: StudentId,
        words: FreeText | None,
        client_key: ClientKey,
        *,
        for_student: bool = False,
    ) -> FamilyWish:
        """Keep an answer as it was given; None takes the last one back. ``for_student``: an adult of the
        family writes down what the student said.

        Raises:
            IllegalMove: ``student_voice_off`` unless the site has switched the student's voice on and this
                adult decides for the student.
            InvalidValue: ``key_used_elsewhere`` for a client key of another child.
        """
        desk = self._desk
        with desk.changing() as change:
            me, uow = desk.adult_id, change.uow
            change.permit(
                Action.WRITE,
                Resource(kind=ResourceKind.FAMILY_WISH, student_id=student_id, owner_id=me),
                what="wish",
            )
            held = family_standings(uow, desk, student_id, desk.clock.today())
            voice = voice_of(held)
            if for_student and voice is Voice.FAMILY:
                if words is not None and not self._takes_student(uow, held):
                    raise IllegalMove("student_voice_off")
                voice = Voice.STUDENT
            stored = uow.plans.add_wish(
                FamilyWish(
                    id=FamilyWishId(new_uuid7()),
                    student_id=student_id,
                    voice=voice,
                    author_id=me,
                    words=words,
                    said_at=desk.clock.now(),
                    client_key=client_key,
                )
            )
            if stored.student_id != student_id:
                raise InvalidValue("key_used_elsewhere", field="client_key")
            return stored

    def of_child(self, student_id: StudentId) -> WishesView:
        """Return every standing answer, for the team that writes the plan.

        Raises:
            NotPermitted: to a family (each adult reads only their own) and to who may not read wishes.
        """
        desk = self._desk
        everybodys = Resource(kind=ResourceKind.FAMILY_WISH, student_id=student_id)
        desk.open_record(everybodys, what="wishes")
        with desk.store.read() as uow:
            student = _student(uow, student_id)
            wishes = standing_wishes(uow.plans.wishes_of(student_id))
            adults = {one.id: one for one in uow.people.adults({one.author_id for one in wishes})}
            return WishesView(
                student=student,
                rows=tuple(WishRow(wish=one, author=adults[one.author_id]) for one in wishes),
                asked_at=_asked_at(uow.family.messages_of_students({student_id})),
                may_ask=desk.may(uow, Action.WRITE, _letter(student_id)),
            )

    def ask(self, student_id: StudentId, client_key: ClientKey) -> Message:
        """Ask every adult of the child who may read the record: a message in the tool, and outside it only
        that the school has written.

        Raises:
            NotPermitted: without a part in the plan or in messages to the family.
            IllegalMove: ``nobody_to_ask`` while no adult of the child is confirmed.
        """
        desk = self._desk
        with desk.changing() as change:
            self._require_asker(change, student_id)
            student = _student(change.uow, student_id)
            question = Phrase(key=ASK_WISH, params={"child": Name(text=student.preferred_name)})
            parts = (question, Phrase(key="plan.ask_wish_where", params={}))
            message = announce_to_family(change, student_id, parts, client_key)
            if message is None:
                raise IllegalMove("nobody_to_ask")
            return message

    def _require_asker(self, change: Change, student_id: StudentId) -> None:
        change.permit(
            Action.READ, Resource(kind=ResourceKind.FAMILY_WISH, student_id=student_id), what="wishes"
        )
        change.permit(Action.WRITE, _letter(student_id), what="ask_wish")

    def _takes_student(self, uow: UnitOfWork, held: Iterable[Relationship]) -> bool:
        return any(one.may_decide for one in held) and uow.calendars.choices().student_voice


def _letter(student_id: StudentId) -> Resource:
    return Resource(kind=ResourceKind.MESSAGE, student_id=student_id)


def _student(uow: UnitOfWork, student_id: StudentId) -> Student:
    student = uow.people.student(student_id)
    assert student is not None  # a standing names a child there is
    return student


def _asked_at(messages: Iterable[Message], *, to: AdultId | None = None) -> datetime | None:
    """Return when the question was asked last, of one adult or of anybody."""
    times = [
        one.sent_at
        for one in messages
        if any(isinstance(part, Phrase) and part.key == ASK_WISH for part in one.parts)
        and (to is None or to in one.recipient_ids)
    ]
    return max(times, default=None)
