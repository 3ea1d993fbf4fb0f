"""What the writing screen shows: each sentence in every reader's language, the boxes, and the readers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from iepcore.caseload import ComposePage, Reader
from iepcore.family import Draft
from iepcore.language import LANGUAGES, FreeText, Phrase, listed, render
from iepcore.notices import Urgency
from iepcore.people import AddressKind, Adult
from lti_app.screens.bubbles import language_word, same_language
from lti_app.screens.findings import skill_words
from lti_app.screens.letters import GROWTH, QUESTION, Sentence, Written
from lti_app.screens.page import Frame
from lti_app.screens.parts import screen_parts
from lti_app.screens.readers import (
    AskView,
    Choices,
    NoticeView,
    ReaderView,
    ask_views,
    foreign_languages,
    notice_views,
    reader_view,
    unreviewed,
)
from lti_app.session.viewer import Viewer

_UPDATE = ("went_well", "next_step", "at_home")
_NOTE = ("words", "went_well", "at_home", "question")
_ANSWER = ("words", "at_home", "question")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadsAs:
    """One sentence as the readers of one language will see it."""

    words: Markup
    lang: str
    dir: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceView:
    """One sentence: its words for the writer, kept or not, changed or not, and as each family reads it."""

    mark: str
    words: Markup
    text: str
    changed: str
    is_kept: bool
    is_changed: bool
    reads_as: tuple[ReadsAs, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxView:
    """One place for own words. One that is full is shown even where this kind of letter has no such place."""

    name: str
    label: str
    hint: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The whole screen. ``offered`` are sentences that stand there only when the writer ticks them; ``goals``
    are (address, skill) of the goals whose screens have sentences, for a letter about none."""

    mode: str
    growth: tuple[SentenceView, ...]
    others: tuple[SentenceView, ...]
    question: tuple[SentenceView, ...]
    offered: tuple[SentenceView, ...]
    goals: tuple[tuple[str, Markup], ...]
    boxes: tuple[BoxView, ...]
    readers: tuple[ReaderView, ...]
    first_reader: str
    asks: tuple[AskView, ...]
    notices: tuple[NoticeView, ...]
    drafted: tuple[tuple[str, Markup], ...]
    untranslated: str
    languages: tuple[tuple[str, str], ...]
    lang: str
    urgency: str
    answer_by: str
    canvas: str
    google: str
    answered: tuple[tuple[str, str, str], ...]
    answered_by: str
    audience: Markup

    @property
    def sentences(self) -> tuple[SentenceView, ...]:
        """Every sentence the data can say."""
        return self.growth + self.others + self.question

    @property
    def to_words(self) -> str:
        """The names of the chosen readers, for the line beside the button."""
        return ", ".join(one.name for one in self.readers if one.is_chosen) or "…"

    def box(self, name: str) -> BoxView | None:
        """Return a box by its name, if this screen has it."""
        return next((one for one in self.boxes if one.name == name), None)


def view_of(
    frame: Frame,
    viewer: Viewer,
    found: ComposePage,
    *,
    sentences: Sequence[Sentence],
    written: Written,
    choices: Choices,
    interpreters: Sequence[Adult],
) -> View:
    """Return the writing screen's values."""
    able = [reader for reader in found.readers if not reader.refusal]
    mode = "answer" if found.answering is not None else "update" if sentences else "note"
    offered = {part.key for part in found.offered if isinstance(part, Phrase)}
    rows = {one.part.key: _sentence(frame, one, written, able) for one in sentences}
    foreign = foreign_languages(able, without=written.lang)
    readers = tuple(reader_view(frame, one, written, choices, bool(sentences)) for one in found.readers)
    answered = found.answering
    canvas = screen_parts().canvas_state(viewer)
    by_canvas = any(one.channel is AddressKind.CANVAS for one in able)
    by_mail = any(one.channel is AddressKind.MAIL for one in able)
    return View(
        mode=mode,
        growth=tuple(row for key, row in rows.items() if key in GROWTH),
        others=tuple(row for key, row in rows.items() if key not in {*GROWTH, QUESTION, *offered}),
        question=tuple(row for key, row in rows.items() if key == QUESTION),
        offered=tuple(row for key, row in rows.items() if key in offered),
        goals=tuple((f"/app/g/{goal.id}/write", skill_words(frame, goal)) for goal in found.goals),
        boxes=_boxes(frame, mode, written),
        readers=readers,
        first_reader=next((f"reader-{one.id}" for one in readers if not one.refusal), "readers"),
        asks=tuple(ask_views(frame, foreign, interpreters, written, choices)),
        notices=notice_views(frame, viewer, able, choices),
        drafted=tuple(unreviewed(frame, able)),
        untranslated=_untranslated(frame, foreign, able, written.lang),
        languages=_offered(frame, able),
        lang=written.lang,
        urgency=choices.urgency or Urgency.NOT_URGENT.value,
        answer_by=choices.answer_by,
        canvas=canvas if by_canvas else "",
        google=screen_parts().google_state(viewer) if by_mail else "",
        answered=tuple(
            (part.text, part.lang, part.dir) for part in answered.parts if isinstance(part, FreeText)
        )
        if answered is not None
        else (),
        answered_by=next((one.adult.name for one in found.readers if one.adult.id == answered.author_id), "")
        if answered is not None
        else "",
        audience=frame.say(Phrase(key="audience.letter")),
    )


def draft_lines(frame: Frame, draft: Draft) -> list[dict[str, str]]:
    """Return a draft as plain lines, to be set beside another one."""
    lines = []
    for part in draft.parts:
        shown = render(part, frame.lang, isolate=False)
        lines.append({"text": shown.text, "lang": shown.lang, "dir": shown.dir})
    return lines


def _sentence(frame: Frame, one: Sentence, written: Written, able: Sequence[Reader]) -> SentenceView:
    changed = written.edited.get(one.mark, "").strip()
    is_changed = bool(changed) and changed != one.text
    return SentenceView(
        mark=one.mark,
        words=frame.say(one.part),
        text=one.text,
        changed=changed if is_changed else one.text,
        is_kept=one.mark in written.kept,
        is_changed=is_changed,
        reads_as=tuple(_reads_as(frame, one.part, able)),
    )


def _reads_as(frame: Frame, part: Phrase, able: Sequence[Reader]) -> Iterable[ReadsAs]:
    for lang in foreign_languages(able, without=frame.lang):
        shown = render(part, lang)
        names = ", ".join(one.adult.name for one in able if one.adult.reads == lang)
        who = frame.words(
            "%(names)s reads this in %(language)s", names=names, language=language_word(frame, lang)
        )
        if shown.fallback:
            who = frame.words(
                "%(names)s reads %(language)s. This sentence is there in English only.",
                names=names,
                language=language_word(frame, lang),
            )
        yield ReadsAs(words=frame.say(part, shown.lang), lang=shown.lang, dir=shown.dir, who=who)


def _boxes(frame: Frame, mode: str, written: Written) -> tuple[BoxView, ...]:
    shown = {"update": _UPDATE, "note": _NOTE, "answer": _ANSWER}[mode]
    labels = {
        "words": frame.words("Your answer") if mode == "answer" else frame.words("In your own words"),
        "went_well": frame.words("What went well, with an example"),
        "next_step": frame.words("What school does next"),
        "at_home": frame.words("One thing to try at home"),
        "question": frame.words("A question for the family"),
    }
    hints = {"went_well": frame.words("A moment you saw: what, where, with whom.")}
    full = [name for name in labels if written.boxes.get(name, "").strip() and name not in shown]
    return tuple(
        BoxView(name=name, label=labels[name], hint=hints.get(name, ""), text=written.boxes.get(name, ""))
        for name in (*shown, *full)
    )


def _untranslated(frame: Frame, foreign: Sequence[str], able: Sequence[Reader], lang: str) -> str:
    """Return the line under each box: who will see these words in a language that is not theirs."""
    names = [one.adult.name for one in able if any(same_language(one.adult.reads, tag) for tag in foreign)]
    if not names:
        return ""
    return frame.words(
        "%(names)s will see these words in %(language)s, marked “not translated yet”.",
        names=render(listed(names), frame.lang, isolate=False).text,
        language=language_word(frame, lang),
    )


def _offered(frame: Frame, able: Sequence[Reader]) -> tuple[tuple[str, str], ...]:
    """Return the languages a writer may say she writes in: the readers' first, then all we know."""
    near = [frame.lang, "en", *(one.adult.reads.split("-")[0] for one in able), "es"]
    tags = dict.fromkeys([*near, *(one.tag for one in LANGUAGES if one.tag != "ase")])
    return tuple((tag, language_word(frame, tag)) for tag in tags)
