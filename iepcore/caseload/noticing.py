"""The words of a notice: made from the site, the sender and the reader's language, and held to the gate."""

from __future__ import annotations

from dataclasses import dataclass, replace

from iepcore.language import Name, Phrase, render
from iepcore.notices import Notice, OutboxItem, check_content_free, notice_phrases, short_notice_phrase
from iepcore.people import AddressKind, ChannelAddress
from iepcore.ports import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFacts:
    """What a notice may say of the school. ``public_url`` has no trailing slash."""

    school_name: str
    school_phone: str
    lms_name: str
    public_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """An item with everything its channel needs; ``text`` and ``subject`` are rendered."""

    item: OutboxItem
    notice: Notice
    subject: str
    text: str
    address: ChannelAddress


def make_ready(
    uow: UnitOfWork, item: OutboxItem, facts: SiteFacts, *, takes_replies: bool = True
) -> Ready | None:
    """Return what an item will say and where it goes; None when its reader has no such address.

    ``takes_replies``: an answer by the same road can be read here; if not, the notice says so.
    """
    recipient, sender = uow.people.adult(item.recipient_id), uow.people.adult(item.sender_id)
    address = recipient.address(item.channel) if recipient is not None else None
    if address is None or sender is None:
        return None
    notice = Notice(
        school_name=facts.school_name,
        school_phone=facts.school_phone,
        sender_name=sender.name,
        language=item.language,
        urgency=item.urgency,
        answer_by=item.answer_by,
        link=f"{facts.public_url}/n/{item.link_secret}",
        lms_name=facts.lms_name if item.channel is AddressKind.CANVAS else None,
        reference=item.reference,
        takes_replies=takes_replies,
    )
    return Ready(
        item=item,
        notice=notice,
        subject=notice_subject(notice),
        text=words_for(item.channel, notice),
        address=address,
    )


def pass_gate(uow: UnitOfWork, ready: Ready) -> None:
    """Let a notice pass that names no child and hints at no plan.

    Raises:
        InvalidValue: what the gate says; see :func:`iepcore.notices.check_content_free`.
    """
    student = uow.people.student(ready.item.student_id)
    names = (student.legal_name, student.preferred_name) if student is not None else ()
    everyones = replace(ready.notice, link="", reference="")
    usual = f"{notice_subject(everyones)}\n{words_for(ready.item.channel, everyones)}"
    check_content_free(f"{ready.subject}\n{ready.text}", names=names, usual=usual)


def words_for(channel: AddressKind, notice: Notice) -> str:
    """Return the text a road carries: a text message is short and in the reader's language only."""
    if channel is AddressKind.SMS:
        return render(short_notice_phrase(notice), notice.language).text
    return notice_text(notice)


def notice_text(notice: Notice) -> str:
    """Return a notice in the family's language and, under a line, in English (once, when that is the
    language)."""
    languages = [notice.language] if notice.language.split("-")[0] == "en" else [notice.language, "en"]
    blocks = []
    for language in languages:
        rendered = [render(phrase, language) for phrase in notice_phrases(notice)]
        blocks.append("\n".join(one.text for one in rendered))
    return "\n\n—\n\n".join(blocks) + "\n"


def notice_subject(notice: Notice) -> str:
    """Return the subject: school and "a message", nothing else."""
    phrase = Phrase(key="notice.subject", params={"school": Name(text=notice.school_name)})
    return render(phrase, notice.language).text
