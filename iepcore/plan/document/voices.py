"""What people say to a plan: wishes before it, comments on it, an answer to each part that is proposed.

All three only grow: who thinks again says something new, and the newest word of a person counts.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from iepcore.errors import InvalidValue
from iepcore.ids import (
    AdultId,
    ClientKey,
    FamilyWishId,
    PartAnswerId,
    PlanCommentId,
    PlanVersionId,
    StudentId,
)
from iepcore.language import FreeText
from iepcore.plan.document.differences import PlanPart


class Voice(StrEnum):
    """Whose words they are."""

    FAMILY = "family"
    STUDENT = "student"
    STAFF = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyWish:
    """What a child should be able to do a year from now, word for word.

    ``author_id`` is the adult who said it, or who wrote the student's own words down; ``words`` None takes
    back what the same voice of the same author said before, which stays on record.

    Raises:
        InvalidValue: ``wish_of_staff`` (field ``voice``): a wish is a family's or a student's.
    """

    id: FamilyWishId
    student_id: StudentId
    voice: Voice
    author_id: AdultId
    words: FreeText | None
    said_at: datetime
    client_key: ClientKey

    def __post_init__(self) -> None:
        if self.voice is Voice.STAFF:
            raise InvalidValue("wish_of_staff", field="voice")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanComment:
    """One remark on one version. ``part`` and ``about`` say where it stands (see
    :func:`iepcore.plan.document.part_of`; None is the plan as a whole); ``answers`` the remark it replies to.
    """

    id: PlanCommentId
    student_id: StudentId
    version_id: PlanVersionId
    author_id: AdultId
    voice: Voice
    words: FreeText
    said_at: datetime
    client_key: ClientKey
    part: PlanPart | None = None
    about: str = ""
    answers: PlanCommentId | None = None


class AnswerKind(StrEnum):
    """What an adult says to one part of a proposed plan. ``TAKEN_BACK``: what they said before counts no
    more; it stays on record.
    """

    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    QUESTION = "question"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartAnswer:
    """One adult's answer to one part of one proposed version, with words if they like.

    Raises:
        InvalidValue: ``question_empty`` (field ``words``) for a question without words.
    """

    id: PartAnswerId
    student_id: StudentId
    version_id: PlanVersionId
    adult_id: AdultId
    part: PlanPart
    answer: AnswerKind
    answered_at: datetime
    client_key: ClientKey
    about: str = ""
    words: FreeText | None = None

    def __post_init__(self) -> None:
        if self.answer is AnswerKind.QUESTION and self.words is None:
            raise InvalidValue("question_empty", field="words")


def standing_wishes(wishes: Iterable[FamilyWish]) -> tuple[FamilyWish, ...]:
    """Return the newest wish of every author and voice, oldest first; those taken back are left out."""
    newest: dict[Hashable, FamilyWish] = {}
    for wish in sorted(wishes, key=lambda one: (one.said_at, one.id)):
        newest[wish.author_id, wish.voice] = wish
    found = [wish for wish in newest.values() if wish.words is not None]
    return tuple(sorted(found, key=lambda one: (one.said_at, one.id)))


def standing_answers(answers: Iterable[PartAnswer]) -> tuple[PartAnswer, ...]:
    """Return the newest answer of every adult to every part of every version, oldest first; those taken back
    are left out.
    """
    newest: dict[Hashable, PartAnswer] = {}
    for answer in sorted(answers, key=lambda one: (one.answered_at, one.id)):
        newest[answer.version_id, answer.adult_id, answer.part, answer.about] = answer
    found = [answer for answer in newest.values() if answer.answer is not AnswerKind.TAKEN_BACK]
    return tuple(sorted(found, key=lambda one: (one.answered_at, one.id)))
