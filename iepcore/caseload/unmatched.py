"""Answers a person must look at: what nothing ties to a notice, and what came from somebody else's
address."""

from __future__ import annotations

from dataclasses import dataclass

from iepcore.access import Action, Outcome, Resource, ResourceKind
from iepcore.access.cells import RECORDS_OFFICER
from iepcore.caseload.composing import readers_of
from iepcore.caseload.desk import Change, Desk
from iepcore.caseload.replying import write_answer
from iepcore.errors import InvalidValue, NotFound, NotPermitted
from iepcore.family import Message
from iepcore.ids import AdultId, ClientKey, ReplyId, StudentId
from iepcore.notices import KeptReply, file_reply, pass_reply_on, set_reply_aside
from iepcore.people import SiteRole
from iepcore.ports import UnitOfWork

_UNMATCHED = Resource(kind=ResourceKind.UNMATCHED_REPLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an answer may be put: a child of the actor's, and the adult of the child whose words it is."""

    student_id: StudentId
    adult_id: AdultId
    child: str
    adult: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmatchedRow:
    """One answer. ``sent_to`` names whom the notice went to, when a notice is known."""

    reply: KeptReply
    sent_to: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmatchedPage:
    """What is on the actor's list; ``handlers`` are whom a records officer may pass one on to."""

    rows: tuple[UnmatchedRow, ...]
    handlers: tuple[tuple[AdultId, str], ...]
    is_officer: bool


class UnmatchedDesk:
    """Use cases of the list of unmatched answers: of the notice's sender, and of records officers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def count(self) -> int:
        """Return how many are on the actor's list, without a trace (for what a page offers)."""
        with self._desk.store.read() as uow:
            return len(self._mine(uow))

    def page(self) -> UnmatchedPage:
        """Return the actor's list, oldest first; each one read leaves its line in the trail."""
        desk = self._desk
        with desk.changing() as change:
            uow = change.uow
            mine = self._mine(uow)
            is_officer = self._is_officer(uow)
            for reply in mine:
                change.permit(Action.READ, self._resource(reply), what="unmatched_answer")
            if not mine and not is_officer:
                return UnmatchedPage(rows=(), handlers=(), is_officer=False)
            names = {
                one.id: one.name for one in uow.people.adults({one.adult_id for one in mine if one.adult_id})
            }
            places = self._places(uow) if mine else ()
            rows = [
                UnmatchedRow(
                    reply=one,
                    sent_to=names.get(one.adult_id, "") if one.adult_id is not None else "",
                    places=_likely_first(places, one),
                )
                for one in mine
            ]
            handlers = self._handlers(uow) if is_officer else ()
            return UnmatchedPage(rows=tuple(rows), handlers=handlers, is_officer=is_officer)

    def attach(self, reply_id: ReplyId, student_id: StudentId, adult_id: AdultId) -> Message:
        """Put an answer into a child's conversation, as words of an adult of the child.

        Raises:
            NotPermitted: without the right to write in that conversation.
            NotFound: not on the actor's list.
            InvalidValue: ``recipient_has_no_right`` for an adult who may not take part.
            IllegalMove: ``reply_state`` when somebody dealt with it meanwhile.
        """
        desk = self._desk
        me = desk.adult_id
        with desk.changing() as change:
            reply = self._listed(change, reply_id)
            change.permit(
                Action.WRITE,
                Resource(kind=ResourceKind.MESSAGE, student_id=student_id, participants=frozenset({me})),
                what="attach_answer",
            )
            uow, now = change.uow, desk.clock.now()
            chosen = [one for one in self._places(uow) if one.student_id == student_id]
            if all(one.adult_id != adult_id for one in chosen):
                raise InvalidValue("recipient_has_no_right", field="place")
            adult = uow.people.adult(adult_id)
            item = uow.outbox.item(reply.item_id) if reply.item_id is not None else None
            answered = uow.family.message(item.message_id) if item is not None else None
            if answered is not None and answered.student_id != student_id:
                answered = None
            message = write_answer(
                uow,
                author_id=adult_id,
                language=adult.reads if adult is not None else "en",
                text=reply.text or "…",
                student_id=student_id,
                goal_id=answered.goal_id if answered is not None else None,
                in_reply_to=answered.id if answered is not None else None,
                key=ClientKey(reply.id),
                at=now,
            )
            uow.sending.save_reply(
                file_reply(reply, message_id=message.id, student_id=student_id, by=me, at=now)
            )
            return message

    def set_aside(self, reply_id: ReplyId) -> None:
        """Say that an answer belongs nowhere: its words and address are gone.

        Raises:
            NotFound: not on the actor's list.
        """
        with self._desk.changing() as change:
            reply = self._listed(change, reply_id)
            change.permit(Action.WRITE, self._resource(reply), what="set_answer_aside")
            change.uow.sending.save_reply(
                set_reply_aside(reply, by=self._desk.adult_id, at=self._desk.clock.now())
            )

    def pass_on(self, reply_id: ReplyId, to: AdultId) -> None:
        """Put an answer on a case manager's list: a records officer does not know the children.

        Raises:
            NotPermitted: to anybody else.
            InvalidValue: ``not_a_handler``.
        """
        with self._desk.changing() as change:
            change.permit(Action.WRITE, _UNMATCHED, what="pass_answer_on")
            if not self._is_officer(change.uow):
                raise NotPermitted("officer_passes_on", citation=RECORDS_OFFICER)
            reply = self._listed(change, reply_id)
            if all(one != to for one, _ in self._handlers(change.uow)):
                raise InvalidValue("not_a_handler", field="to")
            change.uow.sending.save_reply(pass_reply_on(reply, to=to))

    def _listed(self, change: Change, reply_id: ReplyId) -> KeptReply:
        for reply in self._mine(change.uow):
            if reply.id == reply_id:
                return reply
        known = change.uow.sending.reply(reply_id)
        if known is not None and known.settled_by == self._desk.adult_id:
            return known  # done by this person already: what follows says so
        raise NotFound("reply")

    def _mine(self, uow: UnitOfWork) -> list[KeptReply]:
        officer = self._is_officer(uow)
        return [
            one
            for one in uow.sending.waiting_replies()
            if self._is_mine(uow, one) or (officer and self._is_nobodys(uow, one))
        ]

    def _is_mine(self, uow: UnitOfWork, reply: KeptReply) -> bool:
        desk = self._desk
        return reply.handler_id == desk.adult_id and desk.may(uow, Action.READ, self._resource(reply))

    def _is_nobodys(self, uow: UnitOfWork, reply: KeptReply) -> bool:
        """Tell whether no handler is there to look: nobody named, or one who is no longer on the team."""
        if reply.handler_id is None or reply.student_id is None:
            return reply.handler_id is None
        today = self._desk.clock.today()
        places = uow.people.assignments_of_student(reply.student_id)
        return not any(one.adult_id == reply.handler_id and one.holds_on(today) for one in places)

    def _is_officer(self, uow: UnitOfWork) -> bool:
        return self._desk.decision(uow, Action.READ, _UNMATCHED).outcome is Outcome.ALLOW

    def _resource(self, reply: KeptReply) -> Resource:
        """Return what is read: part of a child's conversation, or a thing of the whole site."""
        if reply.student_id is not None and reply.handler_id == self._desk.adult_id:
            return Resource(
                kind=ResourceKind.MESSAGE,
                student_id=reply.student_id,
                participants=frozenset({reply.handler_id}),
            )
        return Resource(kind=ResourceKind.UNMATCHED_REPLY, owner_id=reply.handler_id)

    def _places(self, uow: UnitOfWork) -> tuple[Place, ...]:
        """Return the adults of the actor's children who may take part in a conversation."""
        desk = self._desk
        today, me = desk.clock.today(), desk.adult_id
        found = []
        for place in uow.people.assignments_of_adult(me):
            resource = Resource(
                kind=ResourceKind.MESSAGE, student_id=place.student_id, participants=frozenset({me})
            )
            student = uow.people.student(place.student_id)
            if not place.holds_on(today) or student is None or not desk.may(uow, Action.WRITE, resource):
                continue
            for reader in readers_of(uow, student.id, today, desk.policy.channels):
                if not reader.refusal:
                    found.append(
                        Place(
                            student_id=student.id,
                            adult_id=reader.adult.id,
                            child=student.preferred_name,
                            adult=reader.adult.name,
                        )
                    )
        return tuple(sorted(set(found), key=lambda one: (one.child.casefold(), one.adult.casefold())))

    def _handlers(self, uow: UnitOfWork) -> tuple[tuple[AdultId, str], ...]:
        today = self._desk.clock.today()
        held = {
            one.adult_id
            for one in uow.people.appointments()
            if one.role is SiteRole.CASE_MANAGER and one.holds_on(today)
        }
        named = [(one.id, one.name) for one in uow.people.adults(held)]
        return tuple(sorted(named, key=lambda one: one[1].casefold()))


def _likely_first(places: tuple[Place, ...], reply: KeptReply) -> tuple[Place, ...]:
    """Return the places, first the one the notice went to."""

    def far(place: Place) -> tuple[bool, bool]:
        return place.student_id != reply.student_id, place.adult_id != reply.adult_id

    return tuple(sorted(places, key=far))
