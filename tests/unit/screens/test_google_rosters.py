"""Classroom as a source of rosters, from the page to the address book."""

from __future__ import annotations

import re

from connectors.google_classroom import COURSE_SCOPES, ROSTER_SCOPES
from lti_app.doors.google_access import GoogleUse
from lti_app.rosters.pulling import RosterWorker
from tests.unit.delivery.google_house import DOMAIN, GoogleHouse, google_server, lent

__all__ = ["google_server", "lent"]

PATH = "/app/rosters"


def seen(lent: GoogleHouse, path: str = PATH) -> str:
    """Return a page as the records officer sees it, on one line."""
    return re.sub(r"\s+", " ", lent.house.get(path, as_="ames").get_data(as_text=True))


def test_the_domain_is_read_in_the_name_of_the_chosen_administrator(lent: GoogleHouse) -> None:
    """Chosen on the page, read by the job, looked at, and taken in with its guardian."""
    world, admin = lent.google.world, lent.people["admin"]
    world.admins.add(admin.id)
    course = world.course("Science", section="Period 2")
    course.teachers.append(lent.people["eklund"].id)
    pupil, parent = world.person("Ada Zee"), world.person("Gia Zee", "gia@mail.example")
    course.students.append(pupil.id)
    world.link(pupil, parent)
    lent.choose(GoogleUse.GUARDIANS, key=lent.service_key(frozenset(ROSTER_SCOPES)), subjects=(admin.email,))
    assert "all courses of the school" in seen(lent)

    path = lent.house.post(PATH, {"do": "google"}, as_="ames").headers["Rapport-Goto"]
    assert 1 == RosterWorker(lent.house.wired).round()
    preview = seen(lent, path)
    lent.house.post(path, {"do": "accept"}, as_="ames")
    RosterWorker(lent.house.wired).round()

    for words in ("Science, Period 2", "Ada Zee", "Gia Zee"):
        assert words in preview
    with lent.house.wired.store(lent.site.id).read() as uow:
        lines = {one.name: one for one in uow.people.roster("google", course.id)}
        hints = uow.rosters.guardians_of("google", pupil.id)
    assert {"Ada Zee", "Gia Zee", "Eklund"} == set(lines)
    assert ("gia@mail.example", True) == (lines["Gia Zee"].email, lines["Gia Zee"].email_verified)
    assert [parent.id] == [one.guardian_subject for one in hints]
    assert {admin.email} == {who for who, _ in lent.google.desk.minted_for}


def test_ones_own_courses_need_ones_own_consent(lent: GoogleHouse) -> None:
    """The page leads to connecting first; a wish without it is refused."""
    lent.choose(GoogleUse.ROSTERS)
    lent.people["ames"] = lent.google.world.person("Ames", f"ames@{DOMAIN}")
    lent.know_mail("ames", f"ames@{DOMAIN}")
    before, early = seen(lent), lent.house.post(PATH, {"do": "google"}, as_="ames")
    lent.connect("ames")
    lent.google.world.course("Art").teachers.append(lent.people["ames"].id)
    after = seen(lent)
    path = lent.house.post(PATH, {"do": "google"}, as_="ames").headers["Rapport-Goto"]
    RosterWorker(lent.house.wired).round()

    assert 'data-popup="/app/google"' in before
    assert 422 == early.status_code
    assert "courses that you teach there" in after
    assert "Art" in seen(lent, path)
    assert "do you teach" not in seen(lent)


def test_a_school_without_the_choice_is_offered_nothing(lent: GoogleHouse) -> None:
    """Mail alone opens no roster."""
    assert "Google Classroom" not in seen(lent)


def test_without_the_choice_no_guardian_is_read(lent: GoogleHouse) -> None:
    """A domain where guardians are switched off has whole rosters all the same."""
    world, admin = lent.google.world, lent.people["admin"]
    world.admins.add(admin.id)
    world.guardians_enabled = False
    world.course("Science").students.append(world.person("Ada Zee").id)
    lent.choose(key=lent.service_key(frozenset(COURSE_SCOPES)), subjects=(admin.email,))

    path = lent.house.post(PATH, {"do": "google"}, as_="ames").headers["Rapport-Goto"]
    RosterWorker(lent.house.wired).round()
    lent.house.post(path, {"do": "accept"}, as_="ames")
    RosterWorker(lent.house.wired).round()

    assert "1 of 1 course is whole." in seen(lent, path)
    assert [] == lent.google.calls("GET", "/v1/userProfiles/{studentId}/guardians")
