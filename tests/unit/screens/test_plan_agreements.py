"""Consents, copies, and a plan that the district's own system keeps, through the screens."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from iepcore.calendars import OfficialPlan
from iepcore.plan.document import ConsentKind, ParentConsentState
from tests.unit.screens.conftest import House
from tests.unit.screens.plans import CHILD, drafted, in_effect, keep_plans_here, proposed, today
from tests.unit.screens.test_plan import MOTHER, path, read, send, versions, went


@pytest.fixture(autouse=True)
def kept_here(house: House) -> None:
    """The school keeps its plans in this tool."""
    keep_plans_here(house)


def kept_elsewhere(house: House) -> None:
    """The school keeps its plans in a system of the district."""
    with house.wired.store(house.wired.doors.sites()[0].id).write() as uow:
        now = uow.calendars.choices()
        official = OfficialPlan(name="Mapleworks", link="https://plans.example/")
        uow.calendars.add_choices(
            replace(now, version=now.version + 1, official_plan=official, changed_at=house.clock())
        )


# consents and copies


def test_a_signature_is_asked_for_and_recorded(house: House) -> None:
    """What is asked stands in words; paper, a no, and silence after efforts each have their record."""
    version = proposed(house)
    place = f"/v/{version.id}/consent"
    assert 422 == send(house, place, kind="initial_services", text="").status_code
    nobody = send(house, place, kind="plan", text="Yes?", of=str(house.adult("eklund")))
    assert 422 == nobody.status_code
    asked = send(house, place, kind="initial_services", text="Speech twice a week.")
    assert "doc consent_asked" == went(asked)
    [consent] = house.caseload("halloran").plans.page(house.student(CHILD)).consents
    assert ConsentKind.INITIAL_SERVICES is consent.kind
    record = f"/consent/{consent.id}"
    assert "Speech twice a week." in read(house, record)
    day = today(house).isoformat()
    assert 422 == send(house, record, answer="paper", on=day, version="1").status_code
    silent = send(house, record, answer="no_response", on=day, version="1")
    assert 409 == silent.status_code
    assert "34 CFR 300.300(d)(5)" in silent.text
    signer = str(house.adult(MOTHER))
    assert 409 == send(house, record, answer="paper", signer=signer, on=day, version="9").status_code
    assert 422 == send(house, record, answer="in_tool", signer=signer, on=day, version="1").status_code
    assert "doc consent_noted" == went(
        send(house, record, answer="paper", signer=signer, on=day, version="1")
    )
    assert "signed on paper" in read(house)
    assert 404 == house.get(f"{path(house)}{record}", as_="halloran").status_code


def test_a_no_is_on_record(house: House) -> None:
    """Refusing is a right: it is written down and nothing else happens."""
    version = proposed(house)
    went(send(house, f"/v/{version.id}/consent", kind="plan", text="Do you agree?"))
    [consent] = house.caseload("halloran").plans.page(house.student(CHILD)).consents
    form = {"answer": "refused", "signer": str(house.adult(MOTHER)), "on": today(house).isoformat()}
    assert "doc consent_noted" == went(send(house, f"/consent/{consent.id}", **form, version="1"))
    [consent] = house.caseload("halloran").plans.page(house.student(CHILD)).consents
    assert ParentConsentState.REFUSED is consent.state


def test_a_copy_is_noted_once(house: House) -> None:
    """What went to whom, how and in which form; the same form again adds none."""
    in_effect(house, MOTHER)
    form = {
        "kind": "plan",
        "to": str(house.adult(MOTHER)),
        "sent_on": today(house).isoformat(),
        "way": "by_hand",
        "format": "large_print",
        "language": "en",
        "client_key": str(house.key()),
    }
    assert 422 == send(house, "/copy", **{**form, "to": ""}).status_code
    tomorrow = (today(house) + timedelta(days=1)).isoformat()
    assert 409 == send(house, "/copy", **{**form, "sent_on": tomorrow}).status_code
    assert "doc copy_noted" == went(send(house, "/copy", **form))
    assert "doc copy_noted" == went(send(house, "/copy", **form))
    assert 1 == len(house.caseload("halloran").plans.page(house.student(CHILD)).copies)
    assert "Copy of the plan" in read(house)


# beside the district's own system


def test_a_working_copy_says_where_the_plan_is_kept(house: House) -> None:
    """As of which day, with a link; notice and consent are done there, and here recorded."""
    kept_elsewhere(house)
    day = today(house)
    form = {
        "reviewed_on": (day - timedelta(days=3)).isoformat(),
        "begins_on": day.isoformat(),
        "ends_on": (day + timedelta(days=300)).isoformat(),
        "as_of": day.isoformat(),
    }
    assert "stood like this on" in read(house, "/begin")
    assert "draft" == went(send(house, "/begin", **form))
    draft = versions(house)[0]
    assert ("Mapleworks", day) == (draft.kept_in, draft.as_of)
    there = {"do": "elsewhere", "language": "en", "sent_on": day.isoformat()}
    assert "doc plan_notice_sent" == went(send(house, "/notice", **there))
    consent = {"kind": "initial_services", "of": str(house.adult(MOTHER)), "on": day.isoformat()}
    done = send(house, f"/v/{draft.id}/consent", do="elsewhere", **consent)
    assert "doc consent_noted" == went(done)
    assert "Record the official plan" in read(house, "/propose")
    assert "doc plan_in_effect" == went(send(house, "/propose", version=str(draft.version)))
    page = read(house)
    for told in ("This is a working copy as of", "Mapleworks", "https://plans.example/", "Sent on"):
        assert told in page


def test_what_is_kept_here_is_not_done_elsewhere(house: House) -> None:
    """A school without another system cannot say that something was done there."""
    drafted(house)
    there = {"do": "elsewhere", "language": "en", "sent_on": today(house).isoformat()}
    assert 409 == send(house, "/notice", **there).status_code
    assert 422 == send(house, "/notice", **{**there, "sent_on": ""}).status_code
