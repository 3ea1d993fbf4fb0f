"""Checks, validation and display of a scenario."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from iepcore.calendars import TimelineKind
from iepcore.language import direction_of, foreign_runs
from iepcore.meetings import (
    EXCUSAL_RULES,
    Excusal,
    Meeting,
    attempt_record,
    excusal_gaps,
    notice_gaps,
    notice_timing,
)
from iepcore.plan.document import Lack, PlanVersion, lacks
from iepcore.testing.scenarios.entries import Entry, missing, tried, unknown
from iepcore.testing.scenarios.form import Facts, FormError
from iepcore.testing.scenarios.site import Site

_K = TimelineKind


def check_entries(site: Site, expected: Facts) -> Iterator[Entry]:
    """Yield each expected check with the answer of the library."""
    for name, told in expected.raw.items():
        key = f"{site.key}/checks/{name}"
        found = _check(site, name)
        if found is None:
            yield missing(key, told, "no check of this name is known")
        elif name == "why":
            # Words for people: the rule they name must be the one the library rests on.
            yield tried(key, cited(told), "the rules the words name", found)
        else:
            yield tried(key, told, "meeting rules", found)


def _check(site: Site, name: str) -> Callable[[], Any] | None:
    excusal = re.fullmatch(r"(?P<who>\w+)_excusal_valid", name)
    if excusal is not None:
        return lambda: not excusal_gaps(*_excusal(site, excusal["who"]))
    return {
        "attempts": lambda: _record(site).count,
        "distinct_methods": lambda: len(_record(site).methods),
        "may_proceed_without_parent": lambda: not _record(site).gaps,
        "notice_days": lambda: _timing(site).days,
        "notice_short": lambda: _timing(site).is_short,
        "notice_complete": lambda: not _notice_gaps(site),
        "surrogate_on_time": lambda: _surrogate_on_time(site),
        "copy_sent": lambda: not _meeting(site).owes_a_copy,
        "why": lambda: _why(site),
    }.get(name)


def _meeting(site: Site) -> Meeting:
    """Return the meeting a check is about: the newest of the team."""
    found = [one for one in site.meetings.values() if one.kind.is_of_the_team]
    if not found:
        raise FormError(f"{site.key}.meetings", "a meeting of the team is needed")
    return max(found, key=lambda one: one.on)


def _record(site: Site):  # type: ignore[no-untyped-def]
    meeting = _meeting(site)
    return attempt_record(
        meeting.attempts, meeting_on=meeting.on, profile=site.frame.rules.profile, zone=site.zone
    )


def _timing(site: Site):  # type: ignore[no-untyped-def]
    meeting = _meeting(site)
    if meeting.notice is None:
        raise FormError(f"{site.key}.meetings", "a notice is needed")
    return notice_timing(meeting.notice, meeting.on, site.frame.rules)


def _notice_gaps(site: Site) -> tuple[Any, ...]:
    meeting = _meeting(site)
    if meeting.notice is None:
        raise FormError(f"{site.key}.meetings", "a notice is needed")
    return notice_gaps(meeting.notice, transition=needs_transition(site))


def _excusal(site: Site, who: str) -> tuple[Excusal, Any]:
    member = site.adult(who, f"{site.key}.checks")
    for meeting in site.meetings.values():
        for one in meeting.excusals:
            if one.member_id == member:
                return one, meeting.on
    raise FormError(f"{site.key}.meetings", f"nobody excuses {who}")


def _why(site: Site) -> list[str]:
    """Return the rules an excusal of this scenario rests on: those of the gaps it would have without its
    papers.
    """
    rules: set[str] = set()
    for meeting in site.meetings.values():
        for one in meeting.excusals:
            bare = replace(one, parent_on=None, agency_on=None, input_on=None)
            rules |= {EXCUSAL_RULES[gap] for gap in excusal_gaps(bare, meeting.on)}
    return sorted({rule for rule in (_short(found) for found in rules) if rule})


def cited(words: str) -> list[str]:
    """Return the sections of 34 CFR that words name, without their deepest part."""
    return sorted({_short(found) for found in re.findall(r"\d{2,3}\.\d+(?:\([a-zA-Z0-9]+\))*", words)})


def _short(rule: str) -> str:
    """Return a citation up to its second bracket: where E1 and E2 part."""
    match = re.search(r"\d{2,3}\.\d+(?:\([a-zA-Z0-9]+\)){2}", rule)
    return match[0] if match is not None else ""


def _surrogate_on_time(site: Site) -> bool:
    events = site.events()
    needed, assigned = events.get(_K.SURROGATE_NEEDED), events.get(_K.SURROGATE_ASSIGNED)
    if needed is None:
        raise FormError(f"{site.key}.people", "the day the need was determined is not told")
    due = site.frame.rules.surrogate(needed).due_on
    return assigned is not None and due is not None and assigned <= due


# ------------------------------------------------------------------------------------ validation, display


def newest_version(site: Site) -> PlanVersion:
    """Return the child's newest version.

    Raises:
        FormError: when the scenario has no plan.
    """
    with site.store.read() as uow:
        versions = uow.plans.versions_of(site.student_id)
    if not versions:
        raise FormError(f"{site.key}.ieps", "a plan is needed")
    return versions[-1]


def needs_transition(site: Site) -> bool:
    """Whether the plan has to hold transition services (D14)."""
    version, born_on = newest_version(site), site.born_on()
    return born_on is not None and site.frame.rules.needs_transition(
        born_on, plan_begins_on=version.begins_on, plan_ends_on=version.ends_on
    )


def validation_entries(site: Site, expected: Facts) -> Iterator[Entry]:
    """Yield what a plan would be refused for, and by which rule."""
    prefix = f"{site.key}/validation"
    if "benchmarks_required" in expected.raw:
        yield tried(
            f"{prefix}/benchmarks_required",
            expected.value("benchmarks_required"),
            "lacks() of the contents without their objectives",
            lambda: bool(_without_objectives(site)),
        )
    if "error_if_missing" in expected.raw:
        yield tried(
            f"{prefix}/error_if_missing",
            expected.value("error_if_missing"),
            "the citation of that lack",
            lambda: ", ".join(one.removeprefix("34 CFR ") for one in _without_objectives(site)),
        )
    for name, lack in (("errors", None), ("missing", None)):
        if name in expected.raw:
            yield tried(
                f"{prefix}/{name}",
                expected.value(name),
                "lacks of the newest version",
                lambda: sorted({one.lack.value for one in site.lacking[-1]}),
            )
        del lack
    yield from unknown(expected, prefix)


def _without_objectives(site: Site) -> list[str]:
    version = newest_version(site)
    bare = replace(
        version.contents, goals=tuple(replace(goal, objectives=()) for goal in version.contents.goals)
    )
    found = lacks(
        bare,
        begins_on=version.begins_on,
        ends_on=version.ends_on,
        born_on=site.born_on(),
        rules=site.frame.rules,
    )
    return sorted({one.citation for one in found if one.lack is Lack.OBJECTIVES})


def display_entries(site: Site, expected: Facts) -> Iterator[Entry]:
    """Yield how words of a message stand on a page."""
    prefix = f"{site.key}/display"
    body = next(iter(site.bodies.values()), None)
    if body is None:
        yield missing(prefix, dict(expected.raw), "a message is needed")
        return
    if "dir" in expected.raw:
        how = "direction of the message's language"
        yield tried(f"{prefix}/dir", expected.value("dir"), how, lambda: direction_of(body.lang))
    if "isolate_ltr_runs" in expected.raw:
        yield tried(
            f"{prefix}/isolate_ltr_runs",
            expected.value("isolate_ltr_runs"),
            "runs of the other direction in the message",
            lambda: list(foreign_runs(body)),
        )
    yield from unknown(expected, prefix)
