"""A notice: the few words that may leave the tool, and the receipt that says what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from iepcore.language import Name, Phrase


class Urgency(StrEnum):
    """What a notice says of time, so that it frightens nobody."""

    NOT_URGENT = "not_urgent"
    PLEASE_ANSWER = "please_answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Everything a channel may use. No child, no plan, no title of anything: a school, a sender, a link.

    ``language`` is the family's; the text is written in it and in English. ``answer_by`` goes with
    ``please_answer``. ``lms_name`` is set only when the same can be opened in the LMS by this reader.
    ``takes_replies``: an answer by the same road is read by the school; where it is not, the notice says so.
    ``reference`` is random (printed as "Ref ..."), so that an unknown outcome can be looked up later.
    """

    school_name: str
    school_phone: str
    sender_name: str
    language: str
    urgency: Urgency
    link: str
    reference: str
    answer_by: date | None = None
    lms_name: str | None = None
    takes_replies: bool = True


class ReceiptState(StrEnum):
    """``unknown``: the other side may or may not have it. It is never resent without looking or a person."""

    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a channel reports for one notice to one recipient.

    ``reason`` is a code; ``retryable`` tells the worker that nothing was sent and later may work (a dead
    LMS).
    ``audience_verified``: the platform confirmed that exactly this one recipient can see it.
    """

    state: ReceiptState
    at: datetime
    reason: str = ""
    platform_id: str | None = None
    audience_verified: bool = False
    retryable: bool = False


def notice_phrases(notice: Notice) -> tuple[Phrase, ...]:
    """Return the sentences of a notice in order; rendered once per language by the channel's caller."""
    timing = (
        Phrase(key="notice.please_answer", params={"day": notice.answer_by})
        if notice.urgency is Urgency.PLEASE_ANSWER and notice.answer_by is not None
        else Phrase(key="notice.not_urgent")
    )
    lines = [
        Phrase(
            key="notice.from",
            params={"sender": Name(text=notice.sender_name), "school": Name(text=notice.school_name)},
        ),
        timing,
        Phrase(key="notice.open", params={"link": notice.link}),
    ]
    if notice.lms_name:
        lines.append(Phrase(key="notice.also_in_lms", params={"lms": Name(text=notice.lms_name)}))
    if not notice.takes_replies:
        lines.append(Phrase(key="notice.no_answer"))
    if notice.school_phone:
        lines.append(Phrase(key="notice.call", params={"phone": notice.school_phone}))
    lines.append(Phrase(key="notice.reference", params={"reference": notice.reference}))
    return tuple(lines)


def short_notice_phrase(notice: Notice) -> Phrase:
    """Return the one sentence of a text message.

    In English it fits 160 GSM-7 characters with a school's and an address of usual length.
    """
    key = "notice.text" if notice.takes_replies else "notice.text_no_answer"
    params = {"school": Name(text=notice.school_name), "link": notice.link, "reference": notice.reference}
    return Phrase(key=key, params=params)
