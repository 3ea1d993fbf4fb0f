"""Is this the same person? A question per account that may be somebody's, for those who may know the answer.

Whether a pupil has a record is confidential: a question about a pupil is asked of who may change that record,
and of nobody else. A question about an adult is asked of a records officer or the site's administrator.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from iepcore.access import Action, Resource, ResourceKind
from iepcore.caseload.desk import Change, Desk, Judge
from iepcore.errors import IllegalMove, NotFound
from iepcore.ids import AdultId, MatchDoubtId, StudentId
from iepcore.people import DoubtState, Identity, MatchDoubt, PersonKind, RosterMember
from iepcore.ports import UnitOfWork

_OPEN = frozenset({DoubtState.OPEN, DoubtState.LATER})


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtRow:
    """One question: the line of the roster, and whom it may be. ``courses`` are titles of where it stands."""

    doubt: MatchDoubt
    line: RosterMember
    name: str
    courses: tuple[str, ...]


class DoubtsDesk:
    """Use cases about doubtful matches."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of_pupils(self) -> tuple[DoubtRow, ...]:
        """Return the questions about pupils whose record the actor may change, those put off last."""
        return self._rows(PersonKind.STUDENT)

    def of_adults(self) -> tuple[DoubtRow, ...]:
        """Return the questions about adults, for who may decide them; nobody decides about themselves."""
        return self._rows(PersonKind.ADULT)

    def decide(self, doubt_id: MatchDoubtId, state: DoubtState) -> None:
        """Answer a question, or open it again (``OPEN``), which takes a "same" back.

        Raises:
            IllegalMove: ``account_taken`` when the account is somebody else's already; ``own_confirmation``.
        """
        desk = self._desk
        with desk.changing() as change:
            doubt = change.uow.rosters.doubt(doubt_id)
            if doubt is None:
                raise NotFound("match_doubt")
            change.permit(Action.WRITE, _thing(doubt), what="match_person")
            if doubt.person_id == desk.adult_id:
                raise IllegalMove("own_confirmation")
            if doubt.state is state:
                return
            if state is DoubtState.SAME:
                self._tie(change, doubt)
            elif doubt.state is DoubtState.SAME:
                self._untie(change, doubt)
            change.uow.rosters.save_doubt(
                replace(
                    doubt,
                    state=state,
                    decided_by=None if state is DoubtState.OPEN else desk.adult_id,
                    decided_at=None if state is DoubtState.OPEN else desk.clock.now(),
                    version=doubt.version + 1,
                )
            )

    def _rows(self, kind: PersonKind) -> tuple[DoubtRow, ...]:
        desk = self._desk
        with desk.store.read() as uow:
            judge = desk.judge(uow)
            rows = [
                self._row(uow, one)
                for one in uow.rosters.doubts()
                if one.kind is kind
                and one.state in _OPEN
                and one.person_id != desk.adult_id
                and _may(judge, one)
            ]
            found = [row for row in rows if row is not None]
            return tuple(
                sorted(found, key=lambda row: (row.doubt.state is DoubtState.LATER, row.name.casefold()))
            )

    def _row(self, uow: UnitOfWork, doubt: MatchDoubt) -> DoubtRow | None:
        lines = [one for one in uow.people.roster(doubt.source) if one.subject == doubt.subject]
        line = next((one for one in lines if one.active), None)
        if line is None or uow.people.identity(doubt.source, doubt.subject) is not None:
            return None  # they have left, or somebody tied the account meanwhile
        if doubt.kind is PersonKind.STUDENT:
            student = uow.people.student(StudentId(doubt.person_id))
            name = student.legal_name if student is not None else ""
        else:
            adult = uow.people.adult(AdultId(doubt.person_id))
            name = adult.name if adult is not None else ""
        titles = sorted({one.context_title for one in lines if one.active and one.context_title})
        return DoubtRow(doubt=doubt, line=line, name=name, courses=tuple(titles))

    def _tie(self, change: Change, doubt: MatchDoubt) -> None:
        known = change.uow.people.identity(doubt.source, doubt.subject)
        if known is not None and known.person_id != doubt.person_id:
            raise IllegalMove("account_taken")
        change.uow.people.add_identity(
            Identity(source=doubt.source, subject=doubt.subject, kind=doubt.kind, person_id=doubt.person_id)
        )

    def _untie(self, change: Change, doubt: MatchDoubt) -> None:
        known = change.uow.people.identity(doubt.source, doubt.subject)
        if known is not None and known.person_id == doubt.person_id:
            change.uow.rosters.drop_identity(doubt.source, doubt.subject)


def _thing(doubt: MatchDoubt) -> Resource:
    if doubt.kind is PersonKind.STUDENT:
        return Resource(kind=ResourceKind.STUDENT, student_id=StudentId(doubt.person_id))
    return Resource(kind=ResourceKind.ACCOUNT)


def _may(judge: Judge, doubt: MatchDoubt) -> bool:
    return judge.may(Action.WRITE, _thing(doubt))
