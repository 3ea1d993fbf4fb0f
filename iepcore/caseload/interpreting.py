"""Asking a named interpreter, and the interpreter's own screen: one message each, nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace

from iepcore.access import Action, Resource, ResourceKind
from iepcore.caseload.conversing import interpreters
from iepcore.caseload.desk import Desk
from iepcore.errors import IllegalMove, InvalidValue, NotFound
from iepcore.family import (
    Translation,
    TranslationMethod,
    TranslationRequest,
    is_visible_to,
    source_hash,
)
from iepcore.ids import AdultId, MessageId, TranslationId, new_uuid7
from iepcore.language import FreeText
from iepcore.people import Adult


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One text to translate: the words, their language, the language wanted. No name, no goal, no child."""

    request: TranslationRequest
    text: FreeText


class InterpretingDesk:
    """Use cases of translation by a person."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def known(self) -> tuple[Adult, ...]:
        """Return the interpreters who may be asked by name."""
        with self._desk.store.read() as uow:
            return interpreters(uow, self._desk.clock.today())

    def is_all_i_do(self) -> bool:
        """Tell whether the actor is an interpreter of the site who is on no child's team."""
        desk = self._desk
        today = desk.clock.today()
        with desk.store.read() as uow:
            places = uow.people.assignments_of_adult(desk.adult_id)
            if any(one.holds_on(today) for one in places):
                return False
            return any(who.id == desk.adult_id for who in interpreters(uow, today))

    def ask(
        self, message_id: MessageId, part: int, to_language: str, interpreter_id: AdultId
    ) -> TranslationRequest:
        """Ask a named interpreter for one part of a message the actor can read. Asking twice changes nothing.

        Raises:
            InvalidValue: ``no_such_part`` (a phrase needs no translation), ``not_an_interpreter``.
        """
        desk = self._desk
        with desk.changing() as change:
            message = change.uow.family.message(message_id)
            if message is None:
                raise NotFound("message")
            me = desk.adult_id
            resource = Resource(
                kind=ResourceKind.TRANSLATION,
                student_id=message.student_id,
                owner_id=message.author_id if message.author_id == me else None,
                participants=message.recipient_ids,
            )
            change.permit(Action.WRITE, resource, what="ask_interpreter")
            staff = any(
                one.student_id == message.student_id and one.holds_on(desk.clock.today())
                for one in change.uow.people.assignments_of_adult(me)
            )
            everything = Resource(kind=ResourceKind.MESSAGE, student_id=message.student_id)
            sees_all = staff and desk.may(change.uow, Action.READ, everything)
            first = change.uow.family.message(message.in_reply_to) if message.in_reply_to else None
            answers_me = staff and first is not None and first.author_id == me
            if not (is_visible_to(message, me, is_staff=sees_all) or answers_me):
                raise NotFound("message")
            if not 0 <= part < len(message.parts) or not isinstance(message.parts[part], FreeText):
                raise InvalidValue("no_such_part", field="part")
            known = interpreters(change.uow, desk.clock.today())
            if all(adult.id != interpreter_id for adult in known):
                raise InvalidValue("not_an_interpreter", field="interpreter_id")
            request = change.uow.family.add_request(
                TranslationRequest(
                    id=TranslationId(new_uuid7()),
                    message_id=message_id,
                    student_id=message.student_id,
                    part=part,
                    to_language=to_language,
                    interpreter_id=interpreter_id,
                    asked_by=me,
                    asked_at=desk.clock.now(),
                )
            )
            # Another household may have asked for the same before: that is nobody's to know but staff's.
            return request if staff else replace(request, asked_by=me)

    def tasks(self) -> tuple[Task, ...]:
        """Return the interpreter's open tasks, oldest first."""
        desk = self._desk
        with desk.changing() as change:
            rows = []
            for request in change.uow.family.requests_of_interpreter(desk.adult_id):
                if request.done_at is not None:
                    continue
                change.permit(Action.READ, _task_of(request), what="interpret")
                message = change.uow.family.message(request.message_id)
                part = message.parts[request.part] if message is not None else None
                if isinstance(part, FreeText):
                    rows.append(Task(request=request, text=part))
            return tuple(sorted(rows, key=lambda row: row.request.asked_at))

    def answer(self, request_id: TranslationId, text: str) -> Translation:
        """Keep a translation, badged with the interpreter's name; the original stays beside it.

        Raises:
            IllegalMove: ``task_done`` when it was answered before.
        """
        desk = self._desk
        with desk.changing() as change:
            request = change.uow.family.request(request_id)
            if request is None or request.interpreter_id != desk.adult_id:
                raise NotFound("request")
            if request.done_at is not None:
                raise IllegalMove("task_done")
            change.permit(Action.WRITE, _task_of(request), what="translate")
            message = change.uow.family.message(request.message_id)
            me = change.uow.people.adult(desk.adult_id)
            if message is None or me is None:
                raise NotFound("message")
            original = message.parts[request.part]
            if not isinstance(original, FreeText):
                raise InvalidValue("no_such_part", field="part")
            translation = Translation(
                message_id=message.id,
                part=request.part,
                text=FreeText(text=text, lang=request.to_language),
                method=TranslationMethod.PERSON,
                by_id=me.id,
                by_name=me.name,
                source_hash=source_hash(original),
                made_at=desk.clock.now(),
            )
            change.uow.family.add_translation(translation)
            change.uow.family.save_request(replace(request, done_at=desk.clock.now()))
            return translation


def _task_of(request: TranslationRequest) -> Resource:
    return Resource(
        kind=ResourceKind.TRANSLATION,
        student_id=request.student_id,
        of_adult_id=request.interpreter_id,
    )
