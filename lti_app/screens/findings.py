"""A goal's finding in staff words: the fixed word, the number beside what was expected, and why.

A finding states data, rule and uncertainty. It says "short of the aim line", never "below", because a goal
may ask for a number to go down, and it never says what school will do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

from iepcore.caseload import GoalCard, takes_taps
from iepcore.family.updates import skill_of, value_phrase
from iepcore.language import Phrase, format_day, format_number, render
from iepcore.plan import Finding, FindingPolicy, Goal, GoalState
from iepcore.progress import ConsecutiveCriterion, DefaultReport, Direction, FindingWord
from lti_app.screens.finding_lines import middle_words, start_lines, trend_lines
from lti_app.screens.page import Frame
from lti_app.screens.rates import growth_words

CLOSE_PERCENT = round(100 * FindingPolicy().close_share)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingWords:
    """One finding, said four ways. ``kind`` chooses shape and colour, ``word`` is the fixed word beside them.

    ``headline`` is the number beside what was expected, ``plain`` the whole finding as one line of text (the
    title of the chart), ``rule`` the line in small print (the rule with its numbers, growth with its range,
    how many scores), ``why`` the sentences behind one "why".
    """

    kind: str
    word: str
    headline: Markup
    plain: str
    rule: Markup
    why: tuple[Markup, ...]
    review: bool


def html(frame: Frame, message: str, **slots: object) -> Markup:
    """Return a screen sentence whose slots may hold HTML (what ``frame.say`` gives); the rest is escaped."""
    return escape(frame.words(message)) % slots


def skill_words(frame: Frame, goal: Goal) -> Markup:
    """Return the skill as the beginning of a line; the author's own words stay as written."""
    if goal.skill_key is None:
        return frame.say(skill_of(goal))
    text = render(skill_of(goal), frame.lang, isolate=False).text
    return escape(text[:1].upper() + text[1:])


def word_of(frame: Frame, word: FindingWord) -> str:
    """Return the fixed word that people read."""
    return render(Phrase(key=f"finding.{word.value}"), frame.lang, isolate=False).text


def number_words(frame: Frame, card: GoalCard) -> Markup:
    """Return the last number beside what was expected, or what is missing for one."""
    goal, finding = card.goal, card.finding
    if finding.word is FindingWord.NOT_INTRODUCED:
        return html(frame, "Teaching for this goal has not started.")
    if finding.word is FindingWord.NOT_ENOUGH_DATA:
        return _points_missing(frame, finding)
    assert finding.last_value is not None  # every other word rests on a score
    value = frame.say(value_phrase(goal, finding.last_value))
    if finding.word is FindingWord.MET and finding.status.met_on is not None:
        return html(frame, "%(value)s; met on %(day)s", value=value, day=_day(frame, finding.status.met_on))
    assert finding.expected is not None  # a status needs a line on the day of its last score
    expected = _number(frame, finding.expected)
    if _last_score_misleads(card) and finding.status.median_of_last_three is not None:
        return html(
            frame,
            "%(value)s, expected %(expected)s; the middle of the last three is %(median)s",
            value=value,
            expected=expected,
            median=_number(frame, finding.status.median_of_last_three),
        )
    return html(frame, "%(value)s, expected %(expected)s", value=value, expected=expected)


def _last_score_misleads(card: GoalCard) -> bool:
    """Tell whether the last score alone lies on the other side of the line than the middle of three."""
    goal, finding = card.goal, card.finding
    assert finding.last_on is not None  # asked only of findings that rest on a score
    assert finding.last_value is not None
    side = goal.aimline.side(finding.last_on, finding.last_value, goal.direction)
    return (side == -1) is (finding.word is FindingWord.ON_TRACK)


def finding_words(frame: Frame, card: GoalCard, report: DefaultReport | None = None) -> FindingWords:
    """Return everything the screens say about one finding; without ``report`` nothing of growth."""
    word = word_of(frame, card.finding.word)
    headline = number_words(frame, card)
    return FindingWords(
        kind=card.finding.word.value,
        word=word,
        headline=headline,
        plain=f"{word}: {headline.striptags()}",
        rule=_rule(frame, card, report),
        why=_why(frame, card, report),
        review=card.finding.review_suggested,
    )


def criterion_words(frame: Frame, goal: Goal) -> str:
    """Return when the goal counts as met, in one sentence."""
    target = render(value_phrase(goal, goal.target), frame.lang, isolate=False).text
    way = (
        frame.words("%(target)s or more", target=target)
        if goal.direction is Direction.INCREASE
        else frame.words("%(target)s or less", target=target)
    )
    end = format_day(goal.ends_on, frame.lang)
    if isinstance(goal.criterion, ConsecutiveCriterion):
        return frame.count_words(
            "Met when one score is %(way)s, by %(end)s.",
            "Met when %(number)s scores in a row are %(way)s, by %(end)s.",
            goal.criterion.k,
            way=way,
            end=end,
        )
    return frame.words(
        "Met when %(n)s of %(m)s scores in a row are %(way)s, by %(end)s.",
        n=_number(frame, goal.criterion.n),
        m=_number(frame, goal.criterion.m),
        way=way,
        end=end,
    )


def last_point_words(frame: Frame, finding: Finding) -> str:
    """Return when data were last taken."""
    if finding.last_on is None:
        return frame.words("No score yet")
    return frame.words("Last score on %(day)s", day=_day(frame, finding.last_on))


def record_href(goal: Goal) -> str:
    """Return where a score of this goal is taken: the tapping screen, or the form for a whole reading."""
    return f"/app/record?g={goal.id}" if takes_taps(goal) else f"/app/g/{goal.id}/point"


def state_words(frame: Frame, goal: Goal) -> str:
    """Return a word for a goal that is not in use now, empty for one that is."""
    if goal.state is GoalState.DRAFT:
        return frame.words("Draft")
    return "" if goal.state is GoalState.ACTIVE else frame.words("Closed")


def _points_missing(frame: Frame, finding: Finding) -> Markup:
    since = format_day(finding.period[0], frame.lang, style="short")
    if finding.n_in_period == 0:
        return html(
            frame,
            "No score since %(day)s; %(minimum)s are needed",
            day=since,
            minimum=_number(frame, finding.status.minimum),
        )
    return escape(
        frame.count_words(
            "%(number)s score since %(day)s; %(minimum)s are needed",
            "%(number)s scores since %(day)s; %(minimum)s are needed",
            finding.n_in_period,
            day=since,
            minimum=_number(frame, finding.status.minimum),
        )
    )


def _reason(frame: Frame, finding: Finding) -> Markup:
    """The domain's own sentence for the reason of a status."""
    status = finding.status
    slots: dict[str, object] = {"n": status.n_in_period, "minimum": status.minimum, "day": finding.period[0]}
    if status.median_of_last_three is not None:
        slots["median"] = round(status.median_of_last_three, 1)
    if status.expected_value is not None and status.last_on is not None:
        slots |= {"expected": round(status.expected_value, 1), "day": status.last_on}
    if status.reason == "criterion_met" and status.met_on is not None:
        slots["day"] = status.met_on
    if status.reason == "too_few_points":
        slots["day"] = finding.period[0]
    return frame.say(Phrase(key=f"finding.why.{status.reason}", params=slots))


def _rule(frame: Frame, card: GoalCard, report: DefaultReport | None) -> Markup:
    """The finding's numbers in one line, then growth and how many scores it rests on."""
    reason = _reason(frame, card.finding)
    if card.finding.word in {FindingWord.NOT_INTRODUCED, FindingWord.NOT_ENOUGH_DATA}:
        return reason
    first = middle_words(frame, card.finding) or reason
    return first if report is None else Markup("{} {}").format(first, growth_words(frame, card.goal, report))


def _why(frame: Frame, card: GoalCard, report: DefaultReport | None) -> tuple[Markup, ...]:
    finding, status = card.finding, card.finding.status
    lines = [frame.say(Phrase(key="finding.why.rule")), _reason(frame, finding)]
    if status.last_score is not None and status.last_on is not None:
        last = value_phrase(card.goal, status.last_score)
        lines.append(
            frame.say(Phrase(key="finding.why.last_score", params={"value": last, "day": status.last_on}))
        )
    else:
        lines.append(frame.say(Phrase(key="finding.why.no_score")))
    if finding.word is FindingWord.CLOSE:
        lines.append(frame.say(Phrase(key="finding.why.close_share", params={"percent": CLOSE_PERCENT})))
    lines.append(frame.say(Phrase(key=f"finding.why.{finding.flag.reason}")))
    if report is not None:
        lines += trend_lines(frame, report)
    lines += start_lines(frame, card.goal)
    lines.append(
        html(
            frame,
            "Looked at: %(first)s to %(last)s. Every score of every recorder on the team counts.",
            first=_day(frame, finding.period[0]),
            last=_day(frame, finding.period[1]),
        )
    )
    lines.append(escape(criterion_words(frame, card.goal)))
    lines.append(
        html(frame, "A finding says what the scores say. What happens next is the team’s to choose.")
    )
    return tuple(lines)


def _day(frame: Frame, on: date) -> str:
    return format_day(on, frame.lang)


def _number(frame: Frame, value: float) -> str:
    return format_number(value, frame.lang)
