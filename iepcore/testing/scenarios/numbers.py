"""Goals and minutes of a scenario: status and flag of a period, and the ledger of a service in a window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from iepcore.caseload import GoalCard
from iepcore.minutes import Ledger, Proration, ledger, planned_minutes, time_given
from iepcore.plan import ServicePrescription
from iepcore.plan.document import IN_FORCE
from iepcore.plan.findings import series_of
from iepcore.progress import StatusResult, four_point_flag, period_status
from iepcore.testing.scenarios.entries import Entry, missing, tried, unknown
from iepcore.testing.scenarios.form import Facts, FormError, day_of
from iepcore.testing.scenarios.site import Site

_STATUS = "goal page: median of the last three points against the aim line"


def goal_entries(site: Site, expected: Facts) -> Iterator[Entry]:
    """Yield status, flag and the numbers behind them for each goal."""
    for name in expected.raw:
        prefix = f"{site.key}/goal_status/{name}"
        one = expected.inner(name)
        if one is None or name not in site.goals:
            yield missing(prefix, expected.raw[name], f"there is no goal {name}")
            continue
        first, last = _window(one, "period")
        one.label("note")
        if "status" in one.raw:
            yield tried(
                f"{prefix}/status",
                one.value("status"),
                _STATUS,
                partial(_state, site, name, first, last, "status"),
            )
        if "four_point_flag" in one.raw:
            yield tried(
                f"{prefix}/four_point_flag",
                one.value("four_point_flag"),
                "the last four points against the aim line",
                partial(is_flagged, site, name, last),
            )
        for key, attribute in _NUMBERS.items():
            if key in one.raw:
                compute = partial(_state, site, name, first, last, attribute)
                yield tried(f"{prefix}/{key}", one.value(key), _STATUS, compute)
        yield from unknown(one, prefix)


_NUMBERS = {
    "median": "median_of_last_three",
    "aim_line": "expected_shown",
    "expected_value": "expected_shown",
    "last_value": "last_score",
    "last_date": "last_on",
    "met_on": "met_on",
    "points_in_period": "n_in_period",
}


def card_of(site: Site, name: str) -> GoalCard:
    """Return a goal's card as its case manager sees it.

    Raises:
        FormError: when it was left out.
    """
    if name not in site.goals:
        raise FormError(f"{site.key}.goals[{name}]", "is not in the site")
    return site.caseload(site.adults["manager"]).goals.goal(site.goals[name]).card


def status_of(site: Site, name: str, first: date, last: date) -> StatusResult:
    """Return the status of a goal in a period, from the goal's page as its case manager sees it."""
    card = card_of(site, name)
    return period_status(
        series_of(card.points),
        card.goal.aimline,
        card.goal.direction,
        card.goal.criterion,
        (first, last),
        minimum=site.frame.min_points,
    )


def _state(site: Site, name: str, first: date, last: date, attribute: str) -> Any:
    return getattr(status_of(site, name, first, last), attribute)


def is_flagged(site: Site, name: str, last: date) -> bool:
    """Whether the last four points up to a day all lie on the wrong side: a review is suggested."""
    card = card_of(site, name)
    series = series_of(card.points).between(None, last)
    return four_point_flag(series, card.goal.aimline, card.goal.direction).is_flagged


# ---------------------------------------------------------------------------------------------------- minutes


def minutes_entries(site: Site, expected: Facts) -> Iterator[Entry]:
    """Yield every number of the ledger for each service."""
    for name in expected.raw:
        prefix = f"{site.key}/minutes/{name}"
        one = expected.inner(name)
        if one is None or name not in site.services:
            yield missing(prefix, expected.raw[name], f"there is no service {name}")
            continue
        first, last = _window(one, "window")
        one.label("note")
        for key in one.raw:
            if key in _LEDGER:
                compute = partial(_number, site, name, first, last, key)
                yield tried(f"{prefix}/{key}", one.value(key), "ledger of the window", compute)
        yield from unknown(one, prefix)


_LEDGER = {
    "planned": "planned",
    "delivered": "delivered",
    "shortfall": "shortfall",
    "missed_by_reason": "missed",
    "makeup_delivered": "made_up",
    "makeup_credited": "credited",
    "makeup_still_owed": "still_owed",
    "team_review_minutes": "team_review",
    "not_written": "not_written",
    "unexplained": "unexplained",
    "student_minutes": "student_minutes",
    "consult_minutes": "consult_minutes",
}


def ledger_of(site: Site, name: str, first: date, last: date) -> Ledger:
    """Return the ledger of a service line in a window, on the calendar it is laid on."""
    if name not in site.services:
        raise FormError(f"{site.key}.services[{name}]", "is not in the site")
    service = site.services[name]
    line = [
        kept
        for one in site.services.values()
        if one.line_id == service.line_id and (kept := until_the_end(site, one)) is not None
    ]
    calendar = site.frame.summer if service.is_extended_year else site.frame.rules.school
    if calendar is None:
        raise FormError(f"{site.key}.calendar", "minutes need a calendar")
    planned = planned_minutes(line, first, last, calendar, proration=Proration(site.frame.proration))
    logs = [
        one
        for one in site.sessions
        if one.service_line_id == service.line_id
        and one.student_id == service.student_id
        and first <= one.on <= last
    ]
    return ledger(planned, logs, policy=site.frame.minutes)


def until_the_end(site: Site, service: ServicePrescription) -> ServicePrescription | None:
    """Return a service as far as the child's plan goes: what ended takes its services along."""
    with site.store.read() as uow:
        heads = uow.plans.heads_of({service.student_id})
    if not heads or any(one.state in IN_FORCE or one.ended_on is None for one in heads):
        return service
    last = max(one.ended_on for one in heads if one.ended_on is not None)
    if last >= service.ends_on:
        return service
    return replace(service, ends_on=last) if service.begins_on <= last else None


def _number(site: Site, name: str, first: date, last: date, key: str) -> Any:
    if key in {"student_minutes", "consult_minutes"}:
        logs = [one for one in site.sessions if first <= one.on <= last]
        given = time_given([site.services[name]], logs)
        return given.with_child if key == "student_minutes" else given.about_child
    return getattr(ledger_of(site, name, first, last), _LEDGER[key])


def _window(one: Facts, key: str) -> tuple[date, date]:
    told = one.items(key)
    if len(told) != 2:
        raise FormError(f"{one.path}.{key}", "a first and a last day are needed")
    return day_of(told[0], one.path), day_of(told[1], one.path)
