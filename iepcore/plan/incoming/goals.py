"""A goal out of pasted words: what the sentence seems to say, for a person to confirm or to change.

Nothing here is believed: each reading that might be another is a doubt, and what the words do not say stays
None. Numbers come from the sentence alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from iepcore.plan.incoming.blocks import PastedLine
from iepcore.plan.incoming.dates import days_in
from iepcore.progress import CbmTask, ConsecutiveCriterion, Criterion, MeasureKind, NOfMCriterion

_COUNT_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
_NUMBER = r"(?:\d{1,4}(?:\.\d{1,2})?|two|three|four|five|six|seven|eight|nine|ten)"
_OCCASION = (
    r"(?:sessions?|trials?|probes?|samples?|checks?|weeks?|days?|observations?|opportunities|blocks?|tries"
    r"|attempts?|data points?|occasions?|times|situations?|measures?|assessments?)"
)
_UNIT_WORDS = (
    r"(?P<percent>%|percent\b)"
    r"|(?P<wcpm>(?:words? (?:read )?correct(?:ly)?(?: read)?|wcpm|correct words?)(?: (?:per|a) minute)?)"
    r"|(?P<cls>correct letter sequences?)|(?P<cws>correct (?:word|writing) sequences?)"
    r"|(?P<digits>digits? correct|correct digits?)|(?P<maze>maze (?:items?|replacements?|choices?))"
    r"|(?P<seconds>seconds?\b|secs?\b)|(?P<minutes>minutes?\b|mins?\b)"
)
_OUT_OF = re.compile(
    rf"(?P<n>{_NUMBER})\s*(?:/|of|out of(?: the)?)\s*(?P<m>{_NUMBER})(?P<after>[^.;]{{0,40}})", re.IGNORECASE
)
_IN_A_ROW = re.compile(
    rf"(?P<k>{_NUMBER})\s+(?:consecutive|(?:\w+\s+)?{_OCCASION}\s+in a row)",
    re.IGNORECASE,
)
_WITH_UNIT = re.compile(rf"(?P<number>{_NUMBER})\s*(?:{_UNIT_WORDS})", re.IGNORECASE)
_FROM_TO = re.compile(
    rf"\bfrom\s+(?:a baseline of\s+)?(?P<a>{_NUMBER})\b[^.;]{{0,40}}?\bto\s+(?P<b>{_NUMBER})\b", re.IGNORECASE
)
_BASELINE = re.compile(rf"\bbaseline\w*\b[^.;\d]{{0,30}}?(?P<a>{_NUMBER})", re.IGNORECASE)
_AT_MOST = re.compile(
    rf"(?P<n>{_NUMBER})\s+or (?:fewer|less)|(?:no more than|fewer than|at most)\s+(?P<n2>{_NUMBER})",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"(?<![\w./-])(?<!grade )(?<!level )(?<!unit )(?P<number>{_NUMBER})"
    r"\s+(?!of\b|or\b|out\b|to\b|consecutive)[a-z]",
    re.IGNORECASE,
)
_BY_SHARE = frozenset({MeasureKind.PROMPT_LEVEL, MeasureKind.TASK_ANALYSIS, MeasureKind.PARTIAL_INTERVAL})
_CBM = {
    "wcpm": CbmTask.ORAL_READING,
    "cls": CbmTask.CORRECT_LETTER_SEQUENCES,
    "cws": CbmTask.CORRECT_WORD_SEQUENCES,
    "digits": CbmTask.DIGITS_CORRECT,
    "maze": CbmTask.MAZE,
}
_KIND_WORDS: tuple[tuple[MeasureKind, str], ...] = (
    (MeasureKind.TASK_ANALYSIS, r"(?<!-)\bsteps?\b"),
    (MeasureKind.RUBRIC, r"\brubric\b"),
    (MeasureKind.PROMPT_LEVEL, r"\bprompt(?:s|ing)?\b|\bindependen(?:t|tly|ce)\b"),
    (MeasureKind.LATENCY, r"\bwithin\s+\S+\s+(?:seconds?|minutes?)\s+of\b"),
    (MeasureKind.DURATION, r"\b(?:for|remain|stay|engage)\b[^.;]*\b(?:seconds?|minutes?)\b"),
    (MeasureKind.PARTIAL_INTERVAL, r"\bintervals?\b"),
    (MeasureKind.FREQUENCY, r"\btimes?\b|\bor fewer\b|\bper (?:day|block|class|period|week|session)\b"),
)  # fmt: skip


class GoalDoubt(StrEnum):
    """What a person should look at before saying yes to a goal."""

    NO_DATE = "no_date"
    DATE_MONTH_FIRST = "date_month_first"
    SEVERAL_DATES = "several_dates"
    NO_NUMBER = "no_number"
    SEVERAL_NUMBERS = "several_numbers"
    NO_BASELINE = "no_baseline"
    NO_CRITERION = "no_criterion"
    KIND_UNCLEAR = "kind_unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedGoal:
    """One goal as its words seem to mean it. ``count_of`` is the m of "18 of 20", None elsewhere."""

    lines: tuple[PastedLine, ...] = field(repr=False)
    words: str = field(repr=False)
    by: date | None = None
    kind: MeasureKind | None = None
    cbm_task: CbmTask | None = None
    baseline: float | None = None
    target: float | None = None
    count_of: int | None = None
    criterion: Criterion | None = None
    objectives: tuple[str, ...] = field(default=(), repr=False)
    doubts: tuple[GoalDoubt, ...] = ()


@dataclass(slots=True)
class _Found:
    """What was read on the way."""

    kind: MeasureKind | None = None
    cbm_task: CbmTask | None = None
    target: float | None = None
    count_of: int | None = None
    criterion: Criterion | None = None
    others: int = 0


def goal_of(
    words: str,
    *,
    lines: tuple[PastedLine, ...] = (),
    baseline_words: str = "",
    objectives: tuple[str, ...] = (),
) -> PastedGoal:
    """Return what a goal's sentence seems to say; ``baseline_words`` stood beside it as its baseline."""
    days = list(days_in(words))
    bare = _without(words, [(one.start, one.end) for one in days])
    found = _numbers(bare)
    baseline = _baseline(bare, baseline_words, found)
    doubts = set(_doubts(found, baseline))
    if not days:
        doubts.add(GoalDoubt.NO_DATE)
    elif len({one.day for one in days}) > 1:
        doubts.add(GoalDoubt.SEVERAL_DATES)
    if any(one.month_first for one in days):
        doubts.add(GoalDoubt.DATE_MONTH_FIRST)
    return PastedGoal(
        lines=lines,
        words=words,
        by=days[0].day if days else None,
        kind=found.kind,
        cbm_task=found.cbm_task,
        baseline=baseline,
        target=found.target,
        count_of=found.count_of,
        criterion=found.criterion,
        objectives=objectives,
        doubts=tuple(doubt for doubt in GoalDoubt if doubt in doubts),
    )


def _numbers(words: str) -> _Found:
    """Read criterion first and take it out of the words, so that "4 of 5 sessions" is never a target."""
    found = _Found()
    spans: list[tuple[int, int]] = []
    if (row := _IN_A_ROW.search(words)) is not None:
        found.criterion = ConsecutiveCriterion(k=max(1, int(_number(row["k"]))))
        spans.append(row.span())
    amounts: list[re.Match[str]] = []
    for match in _OUT_OF.finditer(words):
        n, m = _number(match["n"]), _number(match["m"])
        if not 1 <= n <= m or n != int(n) or m != int(m):
            spans.append(match.span())
            continue
        if found.criterion is None and re.match(
            rf"\s+(?:\w+\s+){{0,2}}?{_OCCASION}\b", match["after"], re.IGNORECASE
        ):
            found.criterion = NOfMCriterion(n=int(n), m=int(m))
            spans.append((match.start(), match.start("after")))
        else:
            amounts.append(match)
    rest = _without(words, spans)
    _amount(rest, amounts, found)
    if found.target is None and isinstance(found.criterion, NOfMCriterion):
        # "in 4 of 5 observations" with no other number: the share itself is what is wanted.
        found.target = round(100 * found.criterion.n / found.criterion.m, 2)
        found.kind = MeasureKind.PERCENT_CORRECT
    if found.kind is None:
        found.kind = _kind_by_words(words)
    return found


def _amount(words: str, amounts: list[re.Match[str]], found: _Found) -> None:
    """Read how much: with a unit, as a share ("18 of 20"), at most, from and to, or as a bare number."""
    seen = _with_unit(words, found) + _of_several(amounts, found)
    if found.target is None and (most := _AT_MOST.search(words)) is not None:
        found.target, found.kind = _number(most["n"] or most["n2"]), MeasureKind.FREQUENCY
    if found.target is None and (change := _FROM_TO.search(words)) is not None:
        found.target = _number(change["b"])
    alone = _without(
        _from_cut(words), [one.span("n") for one in amounts] + [one.span("m") for one in amounts]
    )
    bare = [one for one in _BARE.finditer(alone) if not _WITH_UNIT.match(words, one.start())]
    if found.target is None and bare:
        found.target, found.kind = _number(bare[0]["number"]), MeasureKind.FREQUENCY
        seen += len(bare)
    elif found.kind is not MeasureKind.FREQUENCY:
        seen += len([one for one in bare if one.start() > words.lower().find(" will ")])
    found.others = max(0, seen - 1)


def _with_unit(words: str, found: _Found) -> int:
    """Take the first number with a unit; return how many. A time counts only where time is meant."""
    units = list(_WITH_UNIT.finditer(_from_cut(words)))
    kind = _kind_by_words(words)
    measured = [one for one in units if not (one["minutes"] or one["seconds"])]
    if not measured and kind in {MeasureKind.DURATION, MeasureKind.LATENCY}:
        measured = units
    if not measured:
        return 0
    one = measured[0]
    found.target = _number(one["number"]) * (60 if one["minutes"] else 1)
    task = next((task for name, task in _CBM.items() if one[name]), None)
    if task is not None:
        found.kind, found.cbm_task = MeasureKind.CBM, task
    elif one["percent"]:
        found.kind = kind if kind in _BY_SHARE else MeasureKind.PERCENT_CORRECT
    else:
        found.kind = kind
    return len(measured)


def _of_several(amounts: list[re.Match[str]], found: _Found) -> int:
    """Take the first "18 of 20" where nothing else says how much; return how many there are."""
    if found.target is not None or not amounts:
        return len(amounts)
    n, m, after = _number(amounts[0]["n"]), _number(amounts[0]["m"]), amounts[0]["after"]
    found.count_of = int(m)
    if re.match(r"\s+(?:\w+\s+)?steps?\b", after):
        found.kind, found.target = MeasureKind.TASK_ANALYSIS, round(100 * n / m, 2)
    elif re.match(r"\s+(?:\w+\s+)?(?:trials?|opportunities|tries|attempts?)\b", after):
        found.kind, found.target = MeasureKind.PERCENT_CORRECT, round(100 * n / m, 2)
    else:
        found.kind, found.target = MeasureKind.FREQUENCY, n
    return len(amounts)


def _baseline(words: str, beside: str, found: _Found) -> float | None:
    """Return the number a goal starts from: of its own words ("from 52 to 92"), else of those beside it."""
    if (change := _FROM_TO.search(words)) is not None:
        return _number(change["a"])
    if (named := _BASELINE.search(words)) is not None:
        return _number(named["a"])
    days = [(one.start, one.end) for one in days_in(beside)]
    bare = _without(beside, days)
    if (share := _OUT_OF.search(bare)) is not None and _number(share["m"]):
        n, m = _number(share["n"]), _number(share["m"])
        return n if found.count_of == int(m) else round(100 * n / m, 2)
    with_unit = _WITH_UNIT.search(bare)
    number = with_unit["number"] if with_unit else next(iter(re.findall(rf"\b{_NUMBER}\b", bare)), None)
    return _number(number) if number is not None else None


def _doubts(found: _Found, baseline: float | None) -> Iterator[GoalDoubt]:
    if found.target is None:
        yield GoalDoubt.NO_NUMBER
    if found.others > 0:
        yield GoalDoubt.SEVERAL_NUMBERS
    if baseline is None:
        yield GoalDoubt.NO_BASELINE
    if found.criterion is None:
        yield GoalDoubt.NO_CRITERION
    if found.kind is None:
        yield GoalDoubt.KIND_UNCLEAR


def _kind_by_words(words: str) -> MeasureKind | None:
    return next((kind for kind, told in _KIND_WORDS if re.search(told, words, re.IGNORECASE)), None)


def _number(text: str) -> float:
    return float(_COUNT_WORDS.get(text.lower(), 0) or text)


def _from_cut(words: str) -> str:
    """Return the words without the start of "from 52 to 92", so that the first number left is the target."""
    change = _FROM_TO.search(words)
    return words if change is None else _without(words, [(change.start(), change.start("b"))])


def _without(words: str, spans: list[tuple[int, int]]) -> str:
    """Return the words with blanks in place of some of them, so that all others keep their place."""
    for start, end in spans:
        words = words[:start] + " " * (end - start) + words[end:]
    return words
