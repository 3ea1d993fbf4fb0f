"""Pasted words cut into blocks: each begins with a label that such documents use, or with a mark of a list.

The text of a PDF has page feet, page heads and lines broken in the middle of a sentence. Nothing is thrown
away: each line of the paste is in exactly one block, and what nobody understands is a block of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from iepcore.errors import InvalidValue

LONGEST_PASTE = 200_000
"""Characters; a whole plan as text has about 60,000."""


class BlockKind(StrEnum):
    """What a block is by its label. ``UNKNOWN``: no label says it; ``FURNITURE``: head or foot of a page."""

    GOAL = "goal"
    OBJECTIVE = "objective"
    BASELINE = "baseline"
    SERVICE = "service"
    ACCOMMODATION = "accommodation"
    MODIFICATION = "modification"
    OTHER = "other"
    FURNITURE = "furniture"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedLine:
    """One line as it was pasted, with its number from 1."""

    number: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines that belong together. ``words`` are theirs in one line, without the label in front."""

    kind: BlockKind
    lines: tuple[PastedLine, ...]
    words: str = field(repr=False)


_K = BlockKind
# What stands in front of a goal, a service ... in the print-outs of the field. The longer one comes first.
_LABELS: tuple[tuple[BlockKind, str], ...] = (
    (_K.OBJECTIVE, r"(?:short[- ]?term )?(?:objectives?|benchmarks?)(?:\s*/\s*(?:objectives?|benchmarks?))?"),
    (_K.GOAL, r"(?:measurable )?(?:annual |post-?secondary |transition )?goals?(?: statement| area)?"),
    (_K.BASELINE, r"(?:goal )?baseline(?: data)?|present level for this goal"),
    (
        _K.SERVICE,
        r"(?:special education(?: and related)?|related|direct|consult(?:ation)?|support) services?",
    ),
    (_K.SERVICE, r"specially designed instruction|service(?: type)?s?"),
    (_K.ACCOMMODATION, r"(?:classroom |testing |program )?accommodations?"),
    (_K.MODIFICATION, r"(?:program )?modifications?"),
    (
        _K.OTHER,
        r"present levels?[^:]*|plaafp|plop|strengths?|(?:parent(?:al)?|student) (?:concerns?|input)"
        r"|special factors?|placement|least restrictive environment|lre|extended school year|esy"
        r"|(?:state(?:wide)? )?assessments?|progress (?:report|toward)[^:]*|criteria|area of need"
        r"|evaluation (?:method|procedure)s?|method of measurement|position responsible"
        r"|person(?:s|\(s\))? responsible|transition services?|signatures?|notes?|participants?"
        r"|team members?",
    ),
)
_LABEL = re.compile(
    "|".join(
        rf"(?P<l{place}>^(?:{words})\s*(?:#|no\.?|number)?\s*\d*[a-z]?\s*(?::|\u2013|\u2014|-\s|\.\s|$))"
        for place, (_, words) in enumerate(_LABELS)
    ),
    re.IGNORECASE,
)
_MARK = re.compile(r"^(?:[\u2022\u25cf\u25aa\u2013*-]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+")
_PAGE = re.compile(r"^(?:page\s+)?\d{1,3}\s*(?:of|/)\s*\d{1,3}$|^page\s+\d{1,3}$", re.IGNORECASE)
_BEGINS = re.compile(r"^(?:by|given|when|within|during|after|in|on)\b.*", re.IGNORECASE)
_OF_A_LIST = frozenset({_K.SERVICE, _K.ACCOMMODATION, _K.MODIFICATION, _K.OBJECTIVE, _K.GOAL})
# Where a hyphen at the end of a line is part of the word.
_STAY_APART = frozenset(
    {
        "age",
        "co",
        "grade",
        "high",
        "low",
        "multi",
        "non",
        "peer",
        "post",
        "pre",
        "problem",
        "re",
        "self",
        "step",
        "well",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
    }
)
_LINE_BY_LINE = frozenset({_K.SERVICE, _K.ACCOMMODATION, _K.MODIFICATION})


def blocks_of(text: str) -> tuple[Block, ...]:
    """Return the blocks of a paste in its order. Every line that is not blank is in exactly one of them.

    Raises:
        InvalidValue: ``paste_too_long`` beyond :data:`LONGEST_PASTE` characters.
    """
    if len(text) > LONGEST_PASTE:
        raise InvalidValue("paste_too_long", field="text", params={"most": LONGEST_PASTE})
    lines = _lines(text)
    furniture = _furniture(lines)
    return tuple(_blocks(lines, furniture))


def _lines(text: str) -> tuple[PastedLine | None, ...]:
    """Return the lines; None stands for one or more blank lines, which part two paragraphs."""
    found: list[PastedLine | None] = []
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\u00a0", " ")
    for number, line in enumerate(plain.split("\n"), 1):
        words = " ".join("".join(sign for sign in line if sign == "\t" or sign.isprintable()).split())
        if words:
            found.append(PastedLine(number=number, text=words))
        elif found and found[-1] is not None:
            found.append(None)
    return tuple(found)


def _furniture(lines: Sequence[PastedLine | None]) -> frozenset[str]:
    """Return what stands on every page: page numbers, and short lines without an end that come thrice."""
    counted = Counter(line.text for line in lines if line is not None)
    often = {
        words
        for words, count in counted.items()
        if count >= 3 and len(words) <= 80 and not words.endswith(".") and not _label(words)[1]
    }
    marked = {words for words in often if _MARK.match(words)}
    return frozenset({words for words in counted if _PAGE.match(words)} | (often - marked))


def _label(words: str) -> tuple[BlockKind, str]:
    """Return the kind a line's label says, and the label as it stands; "" where there is none."""
    match = _LABEL.match(words)
    if match is None:
        return _K.UNKNOWN, ""
    # A sentence that only begins with such a word ("Services were discussed.") is no label.
    place = next(place for place in range(len(_LABELS)) if match.group(f"l{place}") is not None)
    return _LABELS[place][0], match.group(0)


def _blocks(lines: Sequence[PastedLine | None], furniture: frozenset[str]) -> Iterator[Block]:
    """Walk the lines: a label opens a block, a mark another of the same list, a blank line may end one."""
    open_block: Block | None = None
    section = _K.UNKNOWN
    after_gap = False
    for line in lines:
        if line is None:
            after_gap = True
            continue
        if line.text in furniture:
            yield Block(kind=_K.FURNITURE, lines=(line,), words=line.text)
            continue
        kind, label = _label(line.text)
        if label:
            if open_block is not None:
                yield open_block
            section, rest = kind, line.text[len(label) :].strip()
            open_block = Block(kind=kind, lines=(line,), words=_without_mark(rest))
        elif open_block is not None and not _opens(line.text, open_block, section, after_gap=after_gap):
            open_block = replace(
                open_block, lines=(*open_block.lines, line), words=_joined(open_block.words, line.text)
            )
        else:
            if open_block is not None:
                yield open_block
            section = section if section in _OF_A_LIST and _goes_on(line.text, section) else _K.UNKNOWN
            open_block = Block(kind=section, lines=(line,), words=_without_mark(line.text))
        after_gap = False
    if open_block is not None:
        yield open_block


def _opens(words: str, block: Block, section: BlockKind, *, after_gap: bool) -> bool:
    """Tell whether a line without a label begins something new."""
    if _MARK.match(words):
        return True
    if not block.words:
        return False
    if section in _LINE_BY_LINE:
        # Each line of such a list is one thing, unless it goes on in small letters.
        return not words[0].islower()
    return after_gap


def _goes_on(words: str, section: BlockKind) -> bool:
    """Tell whether a line without a label may belong to the list that the last label opened."""
    if section in _LINE_BY_LINE or _MARK.match(words):
        return True
    return bool(_BEGINS.match(words)) and " will " in f" {words} "


def _without_mark(words: str) -> str:
    return _MARK.sub("", words)


def _joined(before: str, line: str) -> str:
    """Return two lines as one; a word that was parted at the end of a line is put together."""
    if before.endswith("-") and len(before) > 1 and before[-2].isalpha() and line[0].islower():
        first = before[:-1].rsplit(maxsplit=1)[-1].lower()
        return before + line if first in _STAY_APART else before[:-1] + line
    return f"{before} {line}".strip()
