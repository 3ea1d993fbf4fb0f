"""Contacts and messages: each contact in the log at its time, each message sent by a use case."""

from __future__ import annotations

from iepcore.caseload import Letter
from iepcore.family import ContactDirection, ContactLogEntry, ContactMethod, ContactResult
from iepcore.ids import AdultId, ContactId
from iepcore.language import FreeText
from iepcore.testing.scenarios.form import Facts, FormError
from iepcore.testing.scenarios.site import Site, new_id, new_key, said

_METHODS = {
    "letter": ContactMethod.LETTER,
    "email": ContactMethod.MAIL,
    "mail": ContactMethod.MAIL,
    "app": ContactMethod.APP,
    "text": ContactMethod.TEXT,
    "sms": ContactMethod.TEXT,
    "phone": ContactMethod.PHONE,
    "phone_out": ContactMethod.PHONE,
    "phone_in": ContactMethod.PHONE,
    "voicemail": ContactMethod.VOICEMAIL,
    "home_visit": ContactMethod.HOME_VISIT,
    "in_person": ContactMethod.IN_PERSON,
    "video": ContactMethod.VIDEO,
}
_RESULTS = (
    ("spoke", ContactResult.REACHED),
    ("reached", ContactResult.REACHED),
    ("wrong number", ContactResult.WRONG_NUMBER),
    ("refused", ContactResult.REFUSED),
    ("bounced", ContactResult.BOUNCED),
    ("voicemail left", ContactResult.MESSAGE_LEFT),
    ("note left", ContactResult.MESSAGE_LEFT),
    ("message left", ContactResult.MESSAGE_LEFT),
    ("no answer", ContactResult.NO_ANSWER),
    ("no one home", ContactResult.NO_ANSWER),
    ("sent", ContactResult.SENT),
)


def build_words(site: Site) -> None:
    """Plan every contact and every message."""
    for one in site.facts.each("contacts"):
        with site.reading.leaving(one.path):
            _contact(site, one)
    for one in site.facts.each("messages"):
        with site.reading.leaving(one.path):
            _message(site, one)


def _contact(site: Site, one: Facts) -> None:
    told = one.text("method")
    if told not in _METHODS:
        raise FormError(f"{one.path}.method", f"{told} is no road this loader knows")
    at = one.moment("at", site.zone)
    words = one.text("summary", None) or one.text("result", None)
    entry = ContactLogEntry(
        id=ContactId(new_id()),
        student_id=site.student_id,
        at=at,
        direction=ContactDirection.FROM_FAMILY if told.endswith("_in") else ContactDirection.FROM_SCHOOL,
        method=_METHODS[told],
        by_id=site.adult(one.text("by"), f"{one.path}.by"),
        with_id=site.adult(one.text("to"), f"{one.path}.to"),
        language=one.text("language", "en") or "en",
        result=_result(one.text("result", None) or words or ""),
        client_key=new_key(),
        purpose=one.text("purpose", "") or "",
        summary=said(words) if words else None,
    )
    site.contacts[one.text("id")] = entry.id
    site.at(at, lambda: _log(site, entry), path=one.path)


def _log(site: Site, entry: ContactLogEntry) -> None:
    site.caseload(entry.by_id).conversation.log_contact(entry)


def _result(words: str) -> ContactResult:
    lowered = words.lower()
    return next((result for word, result in _RESULTS if word in lowered), ContactResult.REACHED)


def _message(site: Site, one: Facts) -> None:
    key = one.text("id")
    author = site.adult(one.text("from"), f"{one.path}.from")
    readers = [site.adult(name, f"{one.path}.to") for name in one.texts("to")]
    language = one.text("language", "en") or "en"
    body = said(one.text("body"), language)
    site.bodies[key] = body
    sent = one.day("date")
    if sent is None:
        site.reading.assume(f"{one.path}", "sent on the scenario's day; the form tells no day")
    one.label("direction")
    for name, reason in (
        ("states", "what became of a delivery is the channel's to say; nothing is delivered here"),
        (
            "source_body",
            "the words before their translation are kept as a translation, by an interpreter's task",
        ),
        ("translation", "a translation is an interpreter's task of its own"),
        ("feedback", "feedback about a home strategy comes with the family's room of a later step"),
    ):
        one.leave(name, reason)
    one.label("source_language")
    from_family = author not in site.staff
    site.on(
        sent or site.as_of, lambda: _send(site, author, frozenset(readers), body, from_family), path=one.path
    )


def _send(
    site: Site, author: AdultId, readers: frozenset[AdultId], body: FreeText, from_family: bool
) -> None:
    """Send it the way its author would: staff write a letter, a family answers in the conversation."""
    desk = site.caseload(author)
    if from_family:
        desk.conversation.reply(site.student_id, None, body, new_key())
    else:
        letter = Letter(parts=(body,), recipient_ids=readers)
        desk.writing.send(site.student_id, None, letter, new_key())
