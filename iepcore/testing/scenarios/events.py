"""The dates of a scenario as events of the child: what due dates count from, kept as a site keeps them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from iepcore.calendars import TimelineKind
from iepcore.ids import StudentId
from iepcore.testing.scenarios.form import Facts, day_of
from iepcore.testing.scenarios.site import Site, new_key

_K = TimelineKind
_IN_BASIS = (
    (re.compile(r"need determined (?:on )?(\d{4}-\d\d-\d\d)"), _K.SURROGATE_NEEDED),
    (re.compile(r"assigned (?:on )?(\d{4}-\d\d-\d\d)"), _K.SURROGATE_ASSIGNED),
)
"""The form has no field for the two days of a surrogate: they stand in the words the rights rest on."""
_EVALUATION = {
    "referral": _K.REFERRED,
    "consent_received": _K.EVALUATION_CONSENT,
    "agreed_date": _K.EVALUATION_DATE_AGREED,
    "eligibility_determined": _K.ELIGIBLE,
}


def build_events(site: Site) -> None:
    """Keep every date of the child that has a kind, on the day it happened."""
    for kind, day in _events_of(site):
        record(site, kind, day)
    for one in site.facts.each("co_students"):
        inner = one.inner("iep")
        if inner is not None:
            day = inner.needed_day("annual_review_meeting")
            inner.leave("begin", "only the review of another child is looked at")
            inner.label("end")
            record(site, _K.ANNUAL_REVIEW, day, site.students[one.text("id")])


def record(site: Site, kind: TimelineKind, day: date, student_id: StudentId | None = None) -> None:
    """Keep one event. What was written down before the story begins is written down on its first day."""

    def step() -> None:
        manager = site.caseload(site.adults["manager"])
        manager.deadlines.record(student_id or site.student_id, kind, day, client_key=new_key())

    site.on(max(day, site.clock.today()), step, hour=9)


def _events_of(site: Site) -> Iterator[tuple[TimelineKind, date]]:
    facts = site.facts
    student = Facts(facts.raw["student"], f"{facts.path}.student", site.reading)
    eligibility = student.inner("eligibility")
    if eligibility is not None:
        eligibility.label("status", "secondary")
        eligibility.leave("primary", "categories of eligibility have no place in the record yet")
        for key, kind in (("last_evaluation", _K.EVALUATED), ("eligibility_determined", _K.ELIGIBLE)):
            day = eligibility.day(key)
            if day is not None:
                yield kind, day
    evaluation = facts.inner("evaluation")
    if evaluation is not None:
        for key, kind in _EVALUATION.items():
            day = evaluation.day(key)
            if day is not None:
                yield kind, day
        evaluation.leave(
            "pwn_and_consent_form_sent", "the notice before an evaluation is kept with its words"
        )
    for key, _, rights in site.family:
        basis = str(rights.get("basis", ""))
        for pattern, kind in _IN_BASIS:
            found = pattern.search(basis)
            if found is not None:
                yield kind, day_of(found[1], f"{facts.path}.people[{key}].rights.basis")
