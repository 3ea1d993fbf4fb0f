"""The readers of a letter: their road, what reaches them in which language, whom to ask, what leaves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from iepcore.caseload import Reader
from iepcore.caseload.noticing import notice_text
from iepcore.language import Phrase, catalogue_status, render
from iepcore.notices import Notice, Urgency
from iepcore.people import AddressKind, Adult
from lti_app.doors.parts import parts as door_parts
from lti_app.screens.bubbles import fitting, language_word, same_language
from lti_app.screens.letters import Written
from lti_app.screens.page import Frame, initials
from lti_app.screens.parts import screen_parts
from lti_app.session.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What was chosen beside the words, as the form says it."""

    readers: frozenset[str]
    urgency: str
    answer_by: str
    asks: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderView:
    """One adult of the child as a possible reader."""

    id: str
    name: str
    initials: str
    relation: Markup
    language: str
    road: str
    sees: str
    refusal: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AskView:
    """One interpreter who can be asked for one language when the letter goes out."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """The words that leave the building for the readers of one language."""

    who: str
    road: str
    text: str
    lang: str
    dir: str


def reader_view(frame: Frame, one: Reader, written: Written, choices: Choices, has_data: bool) -> ReaderView:
    """Return an adult of the child as a possible reader, with the reason when they cannot be one."""
    refusals = {
        "records_right_revoked": frame.words(
            "The right to see the record has ended, so this person cannot be chosen."
        ),
        "relationship_ended": frame.words(
            "No longer listed with the child, so this person cannot be chosen."
        ),
    }
    language = language_word(frame, one.adult.reads)
    return ReaderView(
        id=str(one.adult.id),
        name=one.adult.name,
        initials=initials(one.adult.name),
        relation=frame.say(Phrase(key=f"relation.{one.relationship.relation.value}")),
        language=language,
        road=_road(frame, one),
        sees=_sees(frame, one.adult.reads, written.lang, language, has_data=has_data),
        refusal=refusals.get(one.refusal, frame.words("This person cannot be chosen."))
        if one.refusal
        else "",
        is_chosen=str(one.adult.id) in choices.readers and not one.refusal,
    )


def _road(frame: Frame, one: Reader) -> str:
    if one.channel is AddressKind.CANVAS:
        return frame.words("Notice in Canvas")
    if one.channel is AddressKind.MAIL:
        return frame.words("Notice by mail")
    return frame.words("Only in the tool: nobody tells them")


def _sees(frame: Frame, reads: str, lang: str, language: str, *, has_data: bool) -> str:
    """Return which parts arrive in a reader's language, and which stay as they were written."""
    if same_language(reads, lang) and (not has_data or same_language(reads, frame.lang)):
        return frame.words("Everything in %(language)s", language=language)
    lines = []
    if has_data:
        known = catalogue_status(reads) is not None
        arrives = language if known else language_word(frame, "en")
        lines.append(frame.words("Sentences from the data: in %(language)s", language=arrives))
    if same_language(reads, lang):
        lines.append(frame.words("Your own words: in %(language)s", language=language))
    else:
        own = language_word(frame, lang)
        lines.append(
            frame.words("Your own words: in %(language)s, marked “not translated yet”", language=own)
        )
    return " · ".join(lines)


def ask_views(
    frame: Frame,
    foreign: Sequence[str],
    interpreters: Sequence[Adult],
    written: Written,
    choices: Choices,
) -> Iterable[AskView]:
    """Return whom one can ask to translate when the letter goes out, one line per language and person."""
    for lang in foreign:
        for interpreter_id, name in fitting(interpreters, lang, written.lang):
            value = f"{lang}|{interpreter_id}"
            yield AskView(
                value=value,
                label=frame.words(
                    "Ask %(name)s to put my own words into %(language)s",
                    name=name,
                    language=language_word(frame, lang),
                ),
                is_chosen=value in choices.asks,
            )


def notice_views(
    frame: Frame, viewer: Viewer, able: Sequence[Reader], choices: Choices
) -> tuple[NoticeView, ...]:
    """Return the words that leave, one per language and road; link and reference are made at the send."""
    adult = screen_parts().adult(viewer)
    sender = adult.name if adult is not None else ""
    day = _day(choices) if choices.urgency == Urgency.PLEASE_ANSWER.value else None
    found = []
    roads = dict.fromkeys((one.adult.reads, one.channel) for one in able if one.channel is not None)
    for reads, channel in roads:
        same = [one for one in able if (one.adult.reads, one.channel) == (reads, channel)]
        notice = Notice(
            school_name=viewer.site.name,
            school_phone=viewer.site.phone,
            sender_name=sender,
            language=reads,
            urgency=Urgency.PLEASE_ANSWER if day is not None else Urgency.NOT_URGENT,
            answer_by=day,
            link=f"{door_parts().settings.public_url}/n/…",
            reference="…",
            lms_name=viewer.site.lms_name if channel is AddressKind.CANVAS else None,
        )
        shown = render(Phrase(key="notice.not_urgent"), reads)
        found.append(
            NoticeView(
                who=", ".join(one.adult.name for one in same),
                road=_road(frame, same[0]),
                text=notice_text(notice).strip(),
                lang=shown.lang,
                dir=shown.dir,
            )
        )
    return tuple(found)


def _day(choices: Choices) -> date | None:
    try:
        return date.fromisoformat(choices.answer_by)
    except ValueError:
        return None


def unreviewed(frame: Frame, able: Sequence[Reader]) -> Iterable[tuple[str, Markup]]:
    """Return who has reviewed the sentences of each reader's language, for those nobody has."""
    for lang in foreign_languages(able, without="en"):
        status = catalogue_status(lang)
        if status is not None and not status.is_reviewed:
            yield language_word(frame, lang), frame.say(status.phrase)


def foreign_languages(able: Sequence[Reader], *, without: str) -> tuple[str, ...]:
    """Return the languages of the readers other than one, in their order."""
    tags = dict.fromkeys(one.adult.reads for one in able)
    return tuple(tag for tag in tags if not same_language(tag, without))
