"""A letter on its way: sentences the data can say, a teacher's own words, and how a draft becomes both again.

The order is fixed, strengths first: own opening words, growth, what went well, the other sentences, what
school does next, one thing for home, a question. A sentence that was edited is free text from then on:
nothing stands in a language it was not written in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from iepcore.language import FreeText, Part, Phrase, render
from lti_app.screens.bubbles import LABEL

BOXES = ("words", "went_well", "next_step", "at_home", "question")
"""The places for own words; all but the first stand under a heading."""

GROWTH = frozenset({"update.growth_since", "update.growth"})
QUESTION = "update.question"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence the data can say. ``mark`` changes when its words would: nobody sends what they did not
    see."""

    part: Phrase
    mark: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What stands in the form: kept sentences, edited ones by their mark, and own words by their box."""

    lang: str
    kept: frozenset[str] = frozenset()
    edited: Mapping[str, str] = field(default_factory=dict)
    boxes: Mapping[str, str] = field(default_factory=dict)


def sentences_of(suggested: Sequence[Part], lang: str) -> tuple[Sentence, ...]:
    """Return the suggested sentences as they are shown to a writer of ``lang``."""
    return tuple(
        Sentence(part=part, mark=_mark(part), text=render(part, lang, isolate=False).text)
        for part in suggested
        if isinstance(part, Phrase)
    )


def parts_of(written: Written, sentences: Sequence[Sentence]) -> tuple[Part, ...]:
    """Return what goes out, in its order.

    Raises:
        InvalidValue: ``text_too_long`` or ``unknown_language``.
    """
    parts: list[Part] = []
    for slot in _slots(sentences):
        if isinstance(slot, Sentence):
            if slot.mark not in written.kept:
                continue
            changed = written.edited.get(slot.mark, "").strip()
            if not changed or changed == slot.text:
                parts.append(slot.part)
            else:
                parts.append(FreeText(text=changed, lang=written.lang))
        elif text := written.boxes.get(slot, "").strip():
            if slot != "words":
                parts.append(Phrase(key=LABEL + slot))
            parts.append(FreeText(text=text, lang=written.lang))
    return tuple(parts)


def written_of(parts: Sequence[Part], sentences: Sequence[Sentence], *, lang: str, opens: bool) -> Written:
    """Return a draft as a form again. ``opens``: a text without a heading at the start is the opening words.

    A sentence is known again by its key, with today's numbers. A text without a heading was a sentence that
    somebody edited: it goes to the first sentence left at its place, or to the opening words.
    """
    order = [slot.mark if isinstance(slot, Sentence) else slot for slot in _slots(sentences)]
    by_key = {one.part.key: one for one in sentences}
    kept: set[str] = set()
    edited: dict[str, str] = {}
    boxes: dict[str, str] = {}
    pending = {part.key for part in parts if isinstance(part, Phrase)}
    place, heading = -1, ""
    for part in parts:
        if isinstance(part, Phrase):
            heading = part.key.removeprefix(LABEL) if part.key.startswith(LABEL) else ""
            if (known := by_key.get(part.key)) is not None:
                kept.add(known.mark)
                place = order.index(known.mark)
        elif heading in BOXES:
            boxes[heading] = part.text
            place, heading = order.index(heading), ""
        else:
            free = [
                one
                for one in sentences
                if order.index(one.mark) > place and one.mark not in kept and one.part.key not in pending
            ]
            if free and not (opens and place < 0):
                kept.add(free[0].mark)
                edited[free[0].mark] = part.text
                place = order.index(free[0].mark)
            else:
                boxes["words"] = "\n".join(filter(None, (boxes.get("words", ""), part.text)))
    return Written(lang=lang, kept=frozenset(kept), edited=edited, boxes=boxes)


def _slots(sentences: Sequence[Sentence]) -> Iterator[Sentence | str]:
    yield "words"
    yield from (one for one in sentences if one.part.key in GROWTH)
    yield "went_well"
    yield from (one for one in sentences if one.part.key not in {*GROWTH, QUESTION})
    yield "next_step"
    yield "at_home"
    yield from (one for one in sentences if one.part.key == QUESTION)
    yield "question"


def _mark(part: Phrase) -> str:
    return sha256(f"{part.key}\0{render(part, 'en', isolate=False).text}".encode()).hexdigest()[:12]
