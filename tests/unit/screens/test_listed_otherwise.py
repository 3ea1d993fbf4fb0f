"""Who the class list calls a pupil: team, family and class pages show the list's word and how they came."""

from __future__ import annotations

import re
from dataclasses import replace

from iepcore.caseload import Arrival, arrive
from iepcore.people import RosterStanding
from lti_app.demo.seed import people
from tests.unit.screens.conftest import House


def subject_of(key: str) -> str:
    """Return the platform's id of a person."""
    return str(next(one["sub"] for one in people()["users"] if one["key"] == key))


def came(house: House, key: str, *, as_staff: bool) -> None:
    """Let a person of the school launch, as staff or as family."""
    site = house.wired.doors.sites()[0]
    source = f"lti:{house.wired.doors.registrations()[0].id}"
    name = next(one["name"] for one in people()["users"] if one["key"] == key)
    arrival = Arrival(
        source=source,
        subject=subject_of(key),
        name=name,
        reads="en",
        is_staff=as_staff,
        is_family=not as_staff,
    )
    assert arrive(house.wired.store(site.id), house.wired.site_clock(site), arrival) is not None


def listed_as_pupil(house: House, key: str) -> None:
    """Let the LMS list a person as a pupil in each of their courses."""
    site = house.wired.doors.sites()[0]
    source = f"lti:{house.wired.doors.registrations()[0].id}"
    with house.wired.store(site.id).write() as uow:
        for course in people()["courses"]:
            rows = uow.people.roster(source, course["context_id"])
            changed = [
                replace(one, standing=RosterStanding.PUPIL) for one in rows if one.subject == subject_of(key)
            ]
            uow.people.save_roster(source, course["context_id"], changed, complete=False)


def family_path(house: House) -> str:
    """Return the family page of Maya."""
    return f"/app/c/{house.student('maya')}/family"


def test_adult_called_a_pupil_is_found_by_name_only(house: House) -> None:
    """No list of pupils is offered, nor a part of it; the whole name brings the person with both facts."""
    page = house.get(family_path(house), as_="halloran").text
    assert "An adult whom the class list calls a pupil" in page
    assert "Piper Castle" not in page
    assert "Piper Castle" not in house.post(family_path(house), {"q": "castle"}, as_="halloran").text
    found = house.post(family_path(house), {"q": " piper  CASTLE"}, as_="halloran").text
    assert "Piper Castle" in found
    assert "listed as a pupil." in found
    assert "has not linked this person to Maya." in found
    assert "Has opened Rapport as staff." not in found


def test_confirming_somebody_called_a_pupil_takes_knowing_the_adult(house: House) -> None:
    """The form says what is at stake; without the tick nothing is confirmed, with it the adult is."""
    found = house.post(family_path(house), {"q": "Piper Castle"}, as_="halloran").text
    href = re.search(r'href="(/app/c/[0-9a-f-]+/family/[0-9a-f-]+)"', found)
    assert href is not None
    form = house.get(href.group(1), as_="halloran").text
    assert "I know that Piper Castle is an adult" in form
    typed = {
        "relation": "mother",
        "home": "new",
        "may_access_records": "yes",
        "may_decide": "no",
        "basis": "seen the birth certificate",
        "reads": "en",
        "speaks": "en",
    }
    refused = house.post(href.group(1), typed, as_="halloran")
    assert 422 == refused.status_code
    assert "Say that you know this person to be an adult." in refused.text
    done = house.post(href.group(1), {**typed, "knows_adult": "1"}, as_="halloran")
    assert "Rapport-Goto" in done.headers
    assert "Piper Castle" in house.get(family_path(house), as_="halloran").text


def test_team_page_shows_the_list_and_the_launch(house: House) -> None:
    """Who could be added stands with what the list says and whether they have opened the tool as staff."""
    path = f"/app/c/{house.student('maya')}/team"
    listed_as_pupil(house, "ned")
    site = house.wired.doors.sites()[0]
    with house.wired.store(site.id).write() as uow:
        june = uow.people.adult(house.adult("abara"))
        assert june is not None
        uow.people.save_adult(replace(june, came_as_staff=False, version=june.version + 1))
    assert "Ned Farrow" not in house.get(path, as_="halloran").text
    came(house, "ned", as_staff=True)
    page = house.get(path, as_="halloran").text
    assert re.search(r"Listed as a pupil in [^<·]+ · has opened Rapport as staff", page)
    assert re.search(r"Helper in [^<·]+ · has not opened Rapport as staff yet", page)


def test_class_page_marks_an_adult(house: House) -> None:
    """Somebody known as an adult cannot be made a child; the line says why."""
    listed_as_pupil(house, "ned")
    before = house.get("/app/add", as_="halloran").text
    assert "Ned Farrow" in before
    assert "known here as an adult" not in before
    came(house, "ned", as_staff=False)
    page = house.get("/app/add", as_="halloran").text
    assert "Listed as a pupil, but known here as an adult. No record can be opened." in page
