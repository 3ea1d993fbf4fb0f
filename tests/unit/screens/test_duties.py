"""The duties page: what a plan asks of each colleague, "got it" in one tap with undo, who has not said it."""

from __future__ import annotations

import re
from uuid import uuid4

from iepcore.people import StaffRole
from iepcore.testing import an_assignment
from tests.unit.screens.conftest import House


def waiting(page: str) -> list[str]:
    """Return the versions of the page that wait for "got it"."""
    return re.findall(r'/app/duties/got"><input type="hidden" name="version" value="([^"]+)"', page)


def test_teacher_reads_duties_and_says_got_it(house: House) -> None:
    """One tap, back at the same child, undone by another; the case manager sees it."""
    page = house.get("/app/duties", as_="daly", lang="en").text
    first = waiting(page)[0]
    assert "wait for your “got it”" in page or "waits for your “got it”" in page
    assert "The child’s case manager sees that you said so, and when." in page
    answer = house.post("/app/duties/got", {"version": first}, as_="daly")
    assert ("duties_got", f"/app/duties#d-{first}") == (
        answer.headers["Rapport-Said"],
        answer.headers["Rapport-Goto"],
    )
    after = house.get("/app/duties?said=duties_got", as_="daly", lang="en").text
    assert first not in waiting(after)
    assert "Kept. The case manager sees it." in after
    assert "Got it, " in after
    undone = house.post("/app/duties/undo", {"version": first}, as_="daly")
    assert "duties_undone" == undone.headers["Rapport-Said"]
    assert first in waiting(house.get("/app/duties", as_="daly").text)


def test_change_shows_what_it_changed(house: House) -> None:
    """Theo's speech grew to 45 minutes: who said it for the version before is asked again."""
    page = house.get("/app/duties", as_="abara", lang="en").text
    assert "Changed since the version before" in page
    assert "45 minutes" in page


def test_accommodations_and_modifications_stand_apart(house: House) -> None:
    """Each under its own heading, with the place and who sees to it."""
    page = house.get("/app/duties", as_="eklund", lang="en").text
    assert "Accommodations: how the student learns and shows it" in page
    assert "Resource room" in page  # the class of the launch


def test_manager_sees_who_knows(house: House) -> None:
    """With names of those who have not said it, and when the others did."""
    page = house.get("/app/duties", as_="halloran", lang="en").text
    assert "Who knows their duties" in page
    assert "not yet" in page
    assert "Tomas Eklund" in page
    assert [] == waiting(page)  # she wrote the plans
    assert "Who has said so" in page
    assert "Who knows their duties" not in house.get("/app/duties", as_="eklund", lang="en").text


def test_substitute_reads_one_line_each(house: House) -> None:
    """No button, no link to the child's page, no place or person."""
    site = house.wired.doors.sites()[0].id
    with house.wired.store(site).write() as uow:
        student, sub = uow.people.student(house.student("maya")), uow.people.adult(house.adult("pell"))
        assert student is not None
        assert sub is not None
        uow.people.add_assignment(
            an_assignment(
                student, sub, role=StaffRole.SUBSTITUTE, starts_on=house.caseload("pell").desk.clock.today()
            )
        )
    page = house.get("/app/duties", as_="pell", lang="en").text
    assert "One line each, for the days you are here." in page
    assert [] == waiting(page)
    assert f"/app/c/{house.student('maya')}" not in page
    assert "Nothing here asks you to say “got it”." in page


def test_all_said_is_said(house: House) -> None:
    """When nothing waits, the page says so; lists fold away."""
    for version in waiting(house.get("/app/duties", as_="hart").text):
        house.post("/app/duties/got", {"version": version}, as_="hart")
    assert "You have said “got it” to all of them." in house.get("/app/duties", as_="hart", lang="en").text


def test_nobody_else_says_it(house: House) -> None:
    """A bent form, a version of nobody, a colleague of other children, a family: the neutral answer."""
    first = waiting(house.get("/app/duties", as_="daly").text)[0]
    for who, version in (("daly", "bent"), ("daly", uuid4()), ("eklund", first), ("dana", first)):
        for act in ("got", "undo"):
            assert 404 == house.post(f"/app/duties/{act}", {"version": version}, as_=who).status_code
    assert 404 == house.get("/app/duties", as_="dana").status_code
    assert "No duties here today" in house.get("/app/duties", as_="ruiz", lang="en").text


def test_spanish_has_every_word(house: House) -> None:
    """Staff read it in Spanish."""
    page = house.get("/app/duties", as_="daly", lang="es").text
    assert "Enterado" in page
    assert "Got it" not in page
