"""A parent, or an adult student, asks to see the record: what, since when, and what became of it.

Due by both limits of D12 (34 CFR 300.613(a), 99.10(b)); while one is open nothing of the record is destroyed
(99.10(e)).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from iepcore.access.disclosures import LONGEST_WORDS, check_words
from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, ClientKey, RecordRequestId, StudentId


class RequestWay(StrEnum):
    """How the person wants to see it."""

    LOOK = "look"
    COPIES = "copies"
    EXPLAIN = "explain"


class RequestAnswer(StrEnum):
    """How an open request was met."""

    LOOKED = "looked"
    COPIES_GIVEN = "copies_given"
    EXPLAINED = "explained"


class RequestEnd(StrEnum):
    """Why a request ended without being met."""

    WITHDRAWN = "withdrawn"
    NO_RIGHT = "no_right"
    """Record access was specifically revoked (99.4), or the rights passed to the student."""
    NO_RECORD = "no_record"


class RequestState(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    ANSWERED = "answered"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRequest:
    """One request. ``about`` may be empty: the whole record. ``noted_by`` is whoever typed it: the person who
    asks, or the office for a letter or a call.

    ``agreed_to`` is a later day the person who asks agreed to in writing, ``agreed_note`` says how. No rule
    lets the school set one alone.

    Raises:
        InvalidValue: ``about_form``, ``agreed_note_form``, ``dates_reversed``, ``request_end_form``,
            ``version_range``.
    """

    id: RecordRequestId
    student_id: StudentId
    asked_by: AdultId
    received_on: date
    noted_at: datetime
    noted_by: AdultId
    client_key: ClientKey
    way: RequestWay = RequestWay.LOOK
    about: str = ""
    meeting_on: date | None = None
    hearing_on: date | None = None
    agreed_to: date | None = None
    agreed_note: str = ""
    answered_on: date | None = None
    answer: RequestAnswer | None = None
    ended_on: date | None = None
    end: RequestEnd | None = None
    end_words: str = ""
    version: int = 1

    def __post_init__(self) -> None:
        for text, code, name in (
            (self.about, "about_form", "about"),
            (self.end_words, "request_end_form", "end_words"),
        ):
            if len(text) > LONGEST_WORDS:
                raise InvalidValue(code, field=name)
        if self.agreed_to is not None:
            check_words(self.agreed_note, "agreed_note_form", "agreed_note", least=3)
        for day, name in (
            (self.agreed_to, "agreed_to"),
            (self.answered_on, "answered_on"),
            (self.ended_on, "ended_on"),
        ):
            if day is not None and day < self.received_on:
                raise InvalidValue("dates_reversed", field=name)
        if (self.answered_on is None) is not (self.answer is None):
            raise InvalidValue("request_end_form", field="answer")
        if (self.ended_on is None) is not (self.end is None) or (self.end and self.answer):
            raise InvalidValue("request_end_form", field="end")
        if self.end is RequestEnd.NO_RIGHT:
            check_words(self.end_words, "request_end_form", "end_words", least=3)
        if self.version < 1:
            raise InvalidValue("version_range", field="version")

    @property
    def state(self) -> RequestState:
        """Where it stands."""
        if self.answer is not None:
            return RequestState.ANSWERED
        return RequestState.OPEN if self.end is None else RequestState.ENDED

    @property
    def is_open(self) -> bool:
        """Tell whether it waits for the school: nothing may be destroyed then."""
        return self.state is RequestState.OPEN
