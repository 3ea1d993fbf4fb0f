"""The screens of rosters: a file, its preview, a yes, a question about an adult; who may come here."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import pytest

from iepcore.people import DoubtState, PersonKind, RunState
from iepcore.testing.roster_values import a_doubt
from lti_app.rosters.pulling import RosterWorker
from tests.unit.screens.conftest import House

PATH = "/app/rosters"
HEADS = {
    "manifest.csv": "propertyName,value",
    "orgs.csv": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
    "academicSessions.csv": "sourcedId,status,dateLastModified,title,type,startDate,endDate,"
    "parentSourcedId,schoolYear",
    "courses.csv": "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,"
    "orgSourcedId,subjects,subjectCodes",
    "classes.csv": "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,"
    "location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods",
    "users.csv": "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,"
    "givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password",
    "enrollments.csv": "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,"
    "role,primary,beginDate,endDate",
}


FILES = (
    *("academicSessions", "categories", "classes", "classResources", "courses", "courseResources"),
    *("demographics", "enrollments", "lineItems", "orgs", "resources", "results", "users"),
)


def one_roster(
    pupils: list[tuple[str, str, str, str]],
    *,
    teachers: list[tuple[str, str]] = [],  # noqa: B006 -- read only
    parents: list[tuple[str, str, str]] = [],  # noqa: B006 -- read only
) -> bytes:
    """Return a zip: pupils as (number, given name, family name, grade), parents as (id, name, pupil)."""
    agents = {pupil: parent for parent, _, pupil in parents}
    rows: dict[str, list[str]] = {
        "manifest.csv": [
            "manifest.version,1.0",
            "oneroster.version,1.1",
            *(f"file.{name},{'bulk' if f'{name}.csv' in HEADS else 'absent'}" for name in FILES),
            "source.systemName,Practice",
            "source.systemCode,p",
        ],
        "orgs.csv": ["o1,,,Mesa Verde,school,1,"],
        "academicSessions.csv": ["y1,,,2026-27,schoolYear,2026-08-01,2027-06-30,,2027"],
        "courses.csv": ["k1,,,Room 12,R12,,o1,,"],
        "classes.csv": ["c1,,,Room 12,,k1,R12,scheduled,,o1,y1,,,"],
        "users.csv": [],
        "enrollments.csv": [],
    }
    for number, given, family, grade in pupils:
        agent = agents.get(number, "")
        rows["users.csv"].append(
            f"u{number},,,true,o1,student,{number},,{given},{family},,{number},,,,{agent},{grade},"
        )
        rows["enrollments.csv"].append(f"e{number},,,c1,o1,u{number},student,,,")
    for number, name in teachers:
        rows["users.csv"].append(f"t{number},,,true,o1,teacher,{number},,{name},Staff,,{number},,,,,,")
        rows["enrollments.csv"].append(f"et{number},,,c1,o1,t{number},teacher,,,")
    for parent, name, pupil in parents:
        rows["users.csv"].append(f"{parent},,,true,o1,parent,{parent},,{name},Parent,,,,,,u{pupil},,")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        for name, head in HEADS.items():
            book.writestr(name, "\n".join([head, *rows[name]]) + "\n")
    return out.getvalue()


FILE = one_roster(
    [("4001", "Ada", "Zee", "03"), ("4002", "Bo", "Young", "KG")],
    teachers=[("9001", "Tea")],
    parents=[("g1", "Gia", "4001")],
)


def bring(house: House, path: str = PATH, content: bytes = FILE, **more: str):  # type: ignore[no-untyped-def]
    """Send a file as the records officer does, as a new source or a newer one."""
    data = {"do": "file", "name": "Student system", "file": (io.BytesIO(content), "school.zip"), **more}
    headers = {"Authorization": f"Bearer {house.token('ames')}"}
    return house.client.post(path, data=data, headers=headers, content_type="multipart/form-data")


def test_a_file_is_previewed_accepted_and_taken_in(house: House) -> None:
    """The officer sees every name that would come, says yes, and the worker does it."""
    answer = bring(house)
    assert 200 == answer.status_code, answer.get_data(as_text=True)
    path = answer.headers["Rapport-Goto"]
    seen = house.get(path, as_="ames").get_data(as_text=True)
    for word in ("Ada Zee", "Bo Young", "Tea Staff", "Gia Parent", "Yes, take them in"):
        assert word in seen
    assert path == house.post(path, {"do": "accept"}, as_="ames").headers["Rapport-Goto"]
    assert "It begins in a moment." in house.get(path, as_="ames").get_data(as_text=True)
    assert 1 == RosterWorker(house.wired).round()
    seen = house.get(path, as_="ames").get_data(as_text=True)
    assert "1 of 1 course is whole." in re.sub(r"\s+", " ", seen)
    assert "Done." in seen
    listed = house.get(PATH, as_="ames").get_data(as_text=True)
    assert "Student system" in listed
    assert 0 == RosterWorker(house.wired).round()


def test_a_preview_can_be_declined(house: House) -> None:
    """Nothing is kept of it."""
    path = bring(house).headers["Rapport-Goto"]
    house.post(path, {"do": "decline"}, as_="ames")
    seen = house.get(path, as_="ames").get_data(as_text=True)
    assert "You said no. Nothing was changed." in seen
    assert "Ada" not in seen
    answer = house.post(path, {"do": "accept"}, as_="ames")
    assert 422 == answer.status_code
    assert "Nothing waits for an answer" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("content", "words"), [(b"no zip at all", "zip"), (b"", "zip")], ids=["text", "empty"]
)
def test_a_file_that_is_none_is_told_in_plain_words(house: House, content: bytes, words: str) -> None:
    """The page says what is wrong; no code stands there, and nothing is kept."""
    answer = bring(house, content=content)
    assert 422 == answer.status_code
    text = answer.get_data(as_text=True)
    assert words in text
    assert "not_a_zip" not in text


def test_without_a_file_the_form_says_so(house: House) -> None:
    """An empty choice is told, and an unknown wish is refused."""
    answer = house.post(PATH, {"do": "file"}, as_="ames")
    assert 422 == answer.status_code
    assert "Choose the zip file first." in answer.get_data(as_text=True)
    assert 422 == house.post(PATH, {"do": "x"}, as_="ames").status_code


def test_canvas_is_connected_in_ones_own_name(house: House) -> None:
    """The source stands first, then Canvas is asked; without its yes the pull says what to do."""
    path = house.post(PATH, {"do": "canvas"}, as_="ames").headers["Rapport-Goto"]
    assert "Ask Canvas" in house.get(path, as_="ames").get_data(as_text=True)
    house.post(path, {"do": "update"}, as_="ames")
    RosterWorker(house.wired).round()
    assert "opens this source any more" in house.get(path, as_="ames").get_data(as_text=True)
    assert "Read from Canvas" not in house.get(PATH, as_="ames").get_data(as_text=True)


def test_the_source_is_looked_after(house: House) -> None:
    """Stopped, asked for again, every night or not; a strange wish is refused."""
    path = bring(house).headers["Rapport-Goto"]
    house.post(path, {"do": "accept"}, as_="ames")
    house.post(path, {"do": "stop"}, as_="ames")
    assert "Somebody stopped it." in house.get(path, as_="ames").get_data(as_text=True)
    house.post(path, {"do": "nightly_on"}, as_="ames")
    house.post(path, {"do": "nightly_off"}, as_="ames")
    house.post(path, {"do": "update"}, as_="ames")
    RosterWorker(house.wired).round()
    seen = house.get(path, as_="ames").get_data(as_text=True)
    assert "bring a new file" in seen  # a file is no source that can be read again
    assert 422 == house.post(path, {"do": "x"}, as_="ames").status_code
    assert 404 == house.post(path, {"do": "left", "course": "none"}, as_="ames").status_code


def test_many_who_left_are_asked_about(house: House) -> None:
    """A newer file with hardly anybody in it is a question on the page, and its answer settles it."""
    many = one_roster([(str(4000 + n), f"Pupil{n}", "Long", "03") for n in range(6)])
    path = bring(house, content=many).headers["Rapport-Goto"]
    house.post(path, {"do": "accept"}, as_="ames")
    RosterWorker(house.wired).round()
    bring(house, path, one_roster([("4000", "Pupil0", "Long", "03")]))
    RosterWorker(house.wired).round()
    seen = house.get(path, as_="ames").get_data(as_text=True)
    assert "5 people are missing at once" in seen
    assert "Pupil3 Long" in seen
    assert "waits for you" in house.get(PATH, as_="ames").get_data(as_text=True)
    house.post(path, {"do": "left", "course": "c1"}, as_="ames")
    assert "missing at once" not in house.get(path, as_="ames").get_data(as_text=True)


def test_a_question_about_an_adult_is_answered_and_taken_back(house: House) -> None:
    """Both names stand there; after the answer one tap takes it back."""
    path = bring(house).headers["Rapport-Goto"]
    house.post(path, {"do": "accept"}, as_="ames")
    RosterWorker(house.wired).round()
    doubt = a_doubt(house.adult("eklund"), kind=PersonKind.ADULT, source="oneroster", subject="t9001")
    with house.wired.store(house.wired.doors.sites()[0].id).write() as uow:
        uow.rosters.add_doubt(replace(doubt, reason="sure_adult"))
    seen = house.get(PATH, as_="ames").get_data(as_text=True)
    assert "Tea Staff" in seen
    answer = house.post(f"{PATH}/doubt", {"do": "same", "doubt": str(doubt.id)}, as_="ames")
    assert "Take it back" in answer.get_data(as_text=True)
    house.post(f"{PATH}/doubt", {"do": "open", "doubt": str(doubt.id)}, as_="ames")
    with house.wired.store(house.wired.doors.sites()[0].id).read() as uow:
        kept = uow.rosters.doubt(doubt.id)
        assert kept is not None
        assert DoubtState.OPEN == kept.state
    assert 422 == house.post(f"{PATH}/doubt", {"do": "x", "doubt": str(doubt.id)}, as_="ames").status_code


def test_nobody_else_comes_here(house: House) -> None:
    """A case manager, a teacher and a mother find nothing, before and after a source is there."""
    path = bring(house).headers["Rapport-Goto"]
    for who in ("halloran", "eklund", "dana"):
        for one in (PATH, path):
            assert 404 == house.get(one, as_=who).status_code
        assert 404 == house.post(path, {"do": "accept"}, as_=who).status_code
    with house.wired.store(house.wired.doors.sites()[0].id).read() as uow:
        assert [RunState.WAITING] == [one.state for one in uow.rosters.open_runs()]
