"""The contact log: one short factual line per contact, by whatever road (domain guide 5.1). A parent may
read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, ClientKey, ContactId, MessageId, StudentId
from iepcore.language import FreeText, normalise_tag


class ContactDirection(StrEnum):
    """Who began."""

    FROM_SCHOOL = "from_school"
    FROM_FAMILY = "from_family"


class ContactMethod(StrEnum):
    """The roads of domain guide 5.1."""

    LETTER = "letter"
    MAIL = "mail"
    APP = "app"
    TEXT = "text"
    PHONE = "phone"
    VOICEMAIL = "voicemail"
    HOME_VISIT = "home_visit"
    IN_PERSON = "in_person"
    VIDEO = "video"


class ContactResult(StrEnum):
    """What came of it."""

    REACHED = "reached"
    MESSAGE_LEFT = "message_left"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    REFUSED = "refused"
    BOUNCED = "bounced"
    SENT = "sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLogEntry:
    """One contact. Append-only. ``message_id`` links the in-tool message that was the contact, if one was.

    Raises:
        InvalidValue: ``follow_up_owner_missing`` when a follow-up names no owner.
    """

    id: ContactId
    student_id: StudentId
    at: datetime
    direction: ContactDirection
    method: ContactMethod
    by_id: AdultId
    with_id: AdultId
    language: str
    result: ContactResult
    client_key: ClientKey
    purpose: str = ""
    summary: FreeText | None = None
    interpreter: str | None = None
    message_id: MessageId | None = None
    follow_up_on: date | None = None
    follow_up_owner_id: AdultId | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "language", normalise_tag(self.language))
        if self.follow_up_on is not None and self.follow_up_owner_id is None:
            raise InvalidValue("follow_up_owner_missing", field="follow_up_owner_id")
