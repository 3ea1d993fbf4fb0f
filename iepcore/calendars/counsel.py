"""What the law leaves open and counsel decides for a site (domain guide section 8): question, choices, our
default and what it rests on.

A default is what the product does until somebody decides; it is no advice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from iepcore.errors import InvalidValue

LONGEST_NOTE = 500


class CounselQuestion(StrEnum):
    """One open question."""

    LEAP_BIRTHDAY = "leap_birthday"
    PRIVATE_NOTES = "private_notes"
    RIGHTS_GAP = "rights_gap"
    STATE_NUMBERS = "state_numbers"
    SESSION_LOGS = "session_logs"
    INTERPRETERS = "interpreters"
    ED_FI = "ed_fi"


class OpenQuestion(NamedTuple):
    """What can be answered, the product's default first, and what the question rests on."""

    answers: tuple[str, ...]
    citation: str

    @property
    def default(self) -> str:
        """What holds while nobody has decided."""
        return self.answers[0]


OPEN_QUESTIONS: dict[CounselQuestion, OpenQuestion] = {
    CounselQuestion.LEAP_BIRTHDAY: OpenQuestion(("feb28", "mar1"), "34 CFR 300.520(a)"),
    CounselQuestion.PRIVATE_NOTES: OpenQuestion(("part_of_record", "sole_possession"), "34 CFR 99.3(b)(1)"),
    CounselQuestion.RIGHTS_GAP: OpenQuestion(
        ("both_read_parent_signs", "student_signs"), "34 CFR 300.520, 300.625, 99.5"
    ),
    CounselQuestion.STATE_NUMBERS: OpenQuestion(("not_reviewed", "reviewed"), "34 CFR 300.199(a)"),
    CounselQuestion.SESSION_LOGS: OpenQuestion(("family_sees", "on_request"), "34 CFR 300.613(a), 99.10"),
    CounselQuestion.INTERPRETERS: OpenQuestion(
        ("qualified_only", "family_choice_noted"), "34 CFR 300.322(e), 42 U.S.C. 2000d"
    ),
    CounselQuestion.ED_FI: OpenQuestion(("off", "on"), "Ed-Fi Data Standard 6.1, early access"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CounselChoice:
    """What was decided for one question, on which day, and why or by whom (``note``, may be empty).

    Raises:
        InvalidValue: ``counsel_answer`` for an answer the question does not have, ``counsel_note`` for more
            than 500 characters.
    """

    question: CounselQuestion
    answer: str
    decided_on: date
    note: str = ""

    def __post_init__(self) -> None:
        if self.answer not in OPEN_QUESTIONS[self.question].answers:
            raise InvalidValue("counsel_answer", field=self.question.value)
        note = " ".join(self.note.split())
        if len(note) > LONGEST_NOTE or not note.isprintable():
            raise InvalidValue("counsel_note", field=self.question.value, params={"limit": LONGEST_NOTE})
        object.__setattr__(self, "note", note)
