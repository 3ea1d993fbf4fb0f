"""The rows and sentences of Today in the reader's words: children, families' words, notices, the day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from markupsafe import Markup, escape

from iepcore.caseload import ChildRow, FamilySaid, Quiet, Seen, Stuck, TodayPage, Waiting
from iepcore.language import FreeText, english_name, format_day, known_phrase
from iepcore.notices import OutboxState
from lti_app.screens.bubbles import language_word, same_language, when_words
from lti_app.screens.charts import DrawnSpark, answer_words, spark
from lti_app.screens.findings import html, number_words, skill_words, word_of
from lti_app.screens.outbox_words import state_phrase
from lti_app.screens.page import Frame, initials

FINAL_DAYS = 14
"""How long a notice that was refused or stopped stays on Today; the conversation keeps it for good."""

NO_GOAL, REVIEW, ALL = "no_goal", "review", "all"
_SHOWN = (REVIEW, "not_yet", "close", "not_enough_data", "not_introduced", "on_track", "met", NO_GOAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """One row of "My students". ``status`` is (kind, word) for the pill; None teaches "add a goal"."""

    name: str
    initials: str
    href: str
    note: Markup
    more: str
    status: tuple[str, str] | None
    spark: DrawnSpark | None
    review: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words of a family as they were written: in their language, with a badge when it is not the reader's."""

    author: str
    initials: str
    about: str
    body: Markup
    badge: str
    when: str
    href: str
    talk_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A notice that needs a look: who it is for, where it stands and why, and the one thing to do.

    ``act`` is ``connect``, ``again`` or ``see``; ``count`` notices wait for the same thing.
    """

    title: Markup
    state: Markup
    reason: Markup
    act: str
    href: str
    item_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One way of looking at the list."""

    label: str
    count: int
    href: str
    is_current: bool


def weekday_words(frame: Frame, day: date) -> str:
    """Return a day with its weekday, in the reader's language."""
    names = (
        frame.words("Monday"),
        frame.words("Tuesday"),
        frame.words("Wednesday"),
        frame.words("Thursday"),
        frame.words("Friday"),
        frame.words("Saturday"),
        frame.words("Sunday"),
    )
    return frame.words("%(weekday)s, %(day)s", weekday=names[day.weekday()], day=format_day(day, frame.lang))


def language_words(frame: Frame, tag: str) -> str:
    """Return the name of a language for staff."""
    return frame.words(english_name(tag))


def greeting(frame: Frame, now: datetime, found: TodayPage) -> Markup:
    """Return the greeting for the hour on the reader's clock."""
    hour = frame.local(now).hour
    name = Markup("<bdi>{}</bdi>").format(found.me.name)
    if hour < 12:
        return html(frame, "Good morning, %(name)s", name=name)
    if hour < 17:
        return html(frame, "Good afternoon, %(name)s", name=name)
    return html(frame, "Good evening, %(name)s", name=name)


def summary(frame: Frame, found: TodayPage) -> str:
    """One calm sentence: the day, who waits, whom to look at first."""
    day = weekday_words(frame, found.day)
    day = day[:1].upper() + day[1:]  # Spanish weekdays are small, but a sentence begins here
    look = sum(row.first is not None and row.first.finding.review_suggested for row in found.children)
    if found.waiting and look:
        return frame.words(
            "%(day)s. %(families)s; %(children)s.",
            day=day,
            families=_families_wait(frame, len(found.waiting)),
            children=_children_look(frame, look),
        )
    if found.waiting:
        return frame.words(
            "%(day)s. %(families)s.", day=day, families=_families_wait(frame, len(found.waiting))
        )
    if look:
        return frame.words("%(day)s. %(children)s.", day=day, children=_children_look(frame, look))
    if found.children:
        return frame.words("%(day)s. Nobody is waiting for you.", day=day)
    return frame.words("%(day)s.", day=day)


def _families_wait(frame: Frame, number: int) -> str:
    return frame.count_words(
        "%(number)s family is waiting for an answer",
        "%(number)s families are waiting for an answer",
        number,
    )


def _children_look(frame: Frame, number: int) -> str:
    return frame.count_words(
        "%(number)s child has four scores in a row short of the line",
        "%(number)s children have four scores in a row short of the line",
        number,
    )


def kinds_of(row: ChildRow) -> frozenset[str]:
    """The filters a child is found under: the word of the goal that needs a look first, and the flag."""
    if row.first is None:
        return frozenset({NO_GOAL})
    word = row.first.finding.word.value
    return frozenset({word, REVIEW}) if row.first.finding.review_suggested else frozenset({word})


def choices_of(frame: Frame, rows: Sequence[ChildRow], show: str) -> list[Choice]:
    """Return the ways of looking at the list, with counts; ways nobody is found under are left out."""
    counts = Counter(kind for row in rows for kind in kinds_of(row))
    words = {REVIEW: frame.words("Team may look"), NO_GOAL: frame.words("No goal yet")}
    for row in rows:
        if row.first is not None:
            words[row.first.finding.word.value] = word_of(frame, row.first.finding.word)
    choices = [
        Choice(
            label=frame.words("All"),
            count=len(rows),
            href=f"/app/today?show={ALL}",
            is_current=show == ALL,
        )
    ]
    choices += [
        Choice(label=words[kind], count=counts[kind], href=f"/app/today?show={kind}", is_current=show == kind)
        for kind in _SHOWN
        if counts[kind]
    ]
    return choices


def child_of(frame: Frame, row: ChildRow) -> Child:
    """Return one row of my students."""
    href, name = f"/app/c/{row.student.id}", row.student.preferred_name
    if row.first is None:
        return Child(
            name=name,
            initials=initials(row.student.legal_name),
            href=href,
            note=html(frame, "No goal yet. Add one, and its line starts here."),
            more="",
            status=None,
            spark=None,
            review=False,
        )
    others = len(row.cards) - 1
    return Child(
        name=name,
        initials=initials(row.student.legal_name),
        href=href,
        note=html(
            frame,
            "%(skill)s: %(number)s",
            skill=skill_words(frame, row.first.goal),
            number=number_words(frame, row.first),
        ),
        more=frame.count_words("%(number)s more goal", "%(number)s more goals", others) if others else "",
        status=(row.first.finding.word.value, word_of(frame, row.first.finding.word)),
        spark=spark(row.first),
        review=row.first.finding.review_suggested,
    )


def plan_said_of(frame: Frame, row: FamilySaid) -> Words:
    """Return what a family said to a plan and nobody has answered."""
    comment = row.comment
    foreign = not same_language(comment.words.lang, frame.lang)
    return Words(
        author=row.author_name,
        initials=initials(row.author_name),
        about=frame.words("about the plan of %(child)s", child=row.student.preferred_name),
        body=frame.say(comment.words),
        badge=language_word(frame, comment.words.lang) if foreign else "",
        when=when_words(frame, comment.said_at),
        href=f"/app/c/{row.student.id}/said/{comment.version_id}",
    )


def waiting_of(frame: Frame, row: Waiting, day: date) -> Words:
    """Return the words of a family member who waits for an answer."""
    message, child = row.message, row.student.preferred_name
    place = f"/app/g/{row.goal.id}" if row.goal is not None else f"/app/c/{row.student.id}"
    bodies = [frame.say(part) for part in message.parts]
    foreign = next(
        (part.lang for part in message.parts if isinstance(part, FreeText) and part.lang != frame.lang), ""
    )
    return Words(
        author=row.author.name,
        initials=initials(row.author.name),
        about=frame.words("about %(child)s", child=child),
        body=Markup(" ").join(bodies),
        badge=language_words(frame, foreign) if foreign else "",
        when=_ago(frame, frame.local(message.sent_at), day),
        href=f"{place}/write?to={message.id}",
        talk_href=f"{place}/talk",
    )


def seen_of(frame: Frame, row: Seen) -> Words:
    """Return what was seen at home."""
    one = row.observation
    answer = escape(answer_words(frame, one.answer))
    body = (
        answer
        if one.words is None
        else html(frame, "%(answer)s. %(words)s", answer=answer, words=_quoted(one.words))
    )
    foreign = one.words is not None and one.words.lang != frame.lang
    return Words(
        author=row.author.name,
        initials=initials(row.author.name),
        about=frame.words("about %(child)s", child=row.student.preferred_name),
        body=html(frame, "%(skill)s: %(seen)s", skill=skill_words(frame, row.goal), seen=body),
        badge=language_words(frame, one.words.lang) if one.words is not None and foreign else "",
        when=format_day(one.observed_on, frame.lang, style="short"),
        href=f"/app/g/{row.goal.id}",
    )


def _quoted(text: FreeText) -> Markup:
    return Markup('<q lang="{}" dir="{}">{}</q>').format(text.lang, text.dir, text.text)


def _ago(frame: Frame, at: datetime, day: date) -> str:
    days = (day - at.date()).days
    if days <= 0:
        return frame.words("today")
    if days == 1:
        return frame.words("yesterday")
    return frame.count_words("%(number)s day ago", "%(number)s days ago", days)


def looks_of(frame: Frame, found: TodayPage) -> list[Look]:
    """One line for all that wait for one thing; one line each for what a person must decide or know."""
    looks: list[Look] = []
    waiting: dict[str, list[Stuck]] = {}
    for row in found.stuck:
        if row.item.state is OutboxState.WAITING:
            waiting.setdefault(row.item.reason, []).append(row)
    for reason, rows in waiting.items():
        looks.append(_look(frame, rows, connecting(reason) or "see"))
    oldest = found.day - timedelta(days=FINAL_DAYS)
    for row in found.stuck:
        if row.item.state is OutboxState.UNKNOWN:
            looks.append(_look(frame, [row], "again"))
        elif row.item.state is not OutboxState.WAITING and frame.local(row.item.created_at).date() >= oldest:
            looks.append(_look(frame, [row], "see"))
    return looks


def connecting(reason: str) -> str:
    """Return what the sender has to connect for a notice that waits for it; empty for anything else."""
    if reason.startswith("connect_canvas"):
        return "connect"
    return "connect_google" if reason.startswith("connect_google") else ""


def _look(frame: Frame, rows: Sequence[Stuck], act: str) -> Look:
    first = rows[0]
    item = first.item
    if len(rows) > 1:
        title = escape(
            frame.count_words("%(number)s notice is waiting", "%(number)s notices are waiting", len(rows))
        )
    else:
        title = html(
            frame,
            "To %(reader)s about %(child)s",
            reader=Markup("<bdi>{}</bdi>").format(first.recipient.name),
            child=Markup("<bdi>{}</bdi>").format(first.student.preferred_name),
        )
    return Look(
        title=title,
        state=frame.say(state_phrase(item)),
        reason=frame.say(known_phrase(f"outbox.reason.{item.reason}", otherwise="outbox.reason.other"))
        if item.reason
        else Markup(""),
        act=act,
        href=f"/app/g/{first.goal_id}/talk" if first.goal_id else f"/app/c/{first.student.id}/talk",
        item_id=str(item.id),
    )


def quiet_of(frame: Frame, row: Quiet) -> Words:
    """Return a family that was not heard."""
    if row.days is None:
        heard = frame.words("No word since the record was opened")
    else:
        heard = frame.count_words(
            "%(number)s day without a word back", "%(number)s days without a word back", row.days
        )
    foreign = row.adult.reads.split("-")[0] != frame.lang.split("-")[0]
    return Words(
        author=row.student.preferred_name,
        initials=initials(row.adult.name),
        about=row.adult.name,
        body=escape(heard),
        badge=language_words(frame, row.adult.reads) if foreign else "",
        when="",
        href=f"/app/c/{row.student.id}/write",
    )
