"""The page of a child's dates, and the dates on Today: words, rules on demand, a form that loses nothing."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
import sqlalchemy as sa

from tests.unit.screens.conftest import House


def path_of(house: House, child: str) -> str:
    """Return the path of a child's dates."""
    return f"/app/c/{house.student(child)}/dates"


def test_today_has_dates_by_nearness_with_the_rule_on_demand(house: House) -> None:
    """Overdue, now, this week; the same thing for many children is one line; nothing calls a verdict."""
    page = house.get("/app/today", as_="halloran", lang="en").text
    dates = page[page.index('id="dates"') : page.index('id="students"')]
    for words in (
        "Overdue",
        "This week",
        "Reevaluation",
        "Progress report",
        "Why this date?",
        "3 years: the federal rule.",
    ):
        assert words in dates
    assert "34 CFR 300.303(b)(2)" in dates
    assert re.search(r"\d+ students", dates)
    assert not re.search(r"compliant|violation|noncomplian", page, re.I)
    assert "Families not heard" in page
    assert "Last school day before it:" in dates


def test_today_without_a_calendar_says_so(house: House) -> None:
    """Nothing that needs school days is computed, and the card says why."""
    officer = house.caseload("ames")
    for year in officer.calendars.page().years:
        officer.calendars.drop(year.id)
    page = house.get("/app/today", as_="halloran", lang="en").text
    assert "No school calendar is entered." in page
    assert (
        "No school calendar is entered." in house.get(path_of(house, "maya"), as_="halloran", lang="en").text
    )


def test_today_asks_as_much_for_two_children_as_for_all(house: House) -> None:
    """The number of statements does not grow with the caseload."""
    counts = []
    for who in ("moss", "halloran"):
        house.get("/app/today", as_=who)
        counts.append(_statements(house, who))
    assert abs(counts[0] - counts[1]) <= 6, counts


def _statements(house: House, who: str) -> int:
    asked: list[str] = []

    def note(*args: object) -> None:
        asked.append(str(args[2]))

    sa.event.listen(sa.engine.Engine, "before_cursor_execute", note)
    try:
        house.get("/app/today", as_=who)
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", note)
    return sum("audit" not in one for one in asked)


def test_a_date_is_written_down_corrected_and_taken_back(house: House) -> None:
    """Each in one form; the old words stay to be read."""
    path = path_of(house, "maya")
    shown = house.get(f"{path}?write=safeguards_given", as_="halloran", lang="en").text
    assert '<option value="safeguards_given" selected>' in shown
    form = {"kind": "evaluated", "dated_on": "2026-11-20", "note": "At last.", "client_key": str(uuid4())}
    said = house.post(path, form, as_="halloran")
    assert ("date_written", path) == (said.headers["Rapport-Said"], said.headers["Rapport-Goto"])
    page = house.get(f"{path}?said=date_written", as_="halloran", lang="en").text
    assert "Written down." in page
    assert "Evaluation completed: 20 November 2026" in page
    assert "At last." in page
    event = house.caseload("halloran").deadlines.child(house.student("maya")).events[0].event
    correct = house.get(f"{path}?correct={event.id}", as_="halloran", lang="en").text
    assert 'value="2026-11-20"' in correct
    assert f'name="corrects" value="{event.id}"' in correct
    fix = {**form, "dated_on": "2026-11-19", "corrects": str(event.id), "client_key": str(uuid4())}
    house.post(path, fix, as_="halloran")
    page = house.get(path, as_="halloran", lang="en").text
    assert "Before: Evaluation completed, 20 November 2026" in page
    event = house.caseload("halloran").deadlines.child(house.student("maya")).events[0].event
    back = {"event": str(event.id), "client_key": str(uuid4())}
    assert "date_taken_back" == house.post(f"{path}/back", back, as_="halloran").headers["Rapport-Said"]
    assert "Taken back" in house.get(f"{path}?said=date_taken_back", as_="halloran", lang="en").text
    again = house.post(f"{path}/back", {**back, "client_key": str(uuid4())}, as_="halloran")
    assert 422 == again.status_code
    assert "Somebody corrected or took back this date already." in again.text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"dated_on": "2026-12-24"}, "choose today or a day before"),
        ({"dated_on": "soon"}, "Write the day as"),
        ({"kind": "party"}, "Choose what happened"),
        ({"note": "x" * 1001}, "at most 1000 characters"),
    ],
    ids=["ahead", "no_day", "no_kind", "long"],
)
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
    house: House, changes: dict[str, str], words: str
) -> None:
    """422, the error beside its field, the note still there."""
    form = {"kind": "evaluated", "dated_on": "2026-11-20", "note": "Keep me.", "client_key": str(uuid4())}
    answer = house.post(path_of(house, "maya"), form | changes, as_="halloran")
    assert 422 == answer.status_code
    assert words in re.sub(r"<[^>]+>", "", answer.text).replace(",", "")
    assert changes.get("note", "Keep me.") in answer.text


def test_a_birthday_is_asked_for_and_kept(house: House) -> None:
    """The missing fact has a button; a stale entry is a clash that loses nothing."""
    path = path_of(house, "hollis")
    found = house.caseload("halloran").deadlines.child(house.student("hollis"))
    version = found.student.version
    assert 'name="born_on"' in house.get(f"{path}?write=born_on", as_="halloran").text
    kept = house.post(f"{path}/born", {"born_on": "2016-05-04", "version": version}, as_="halloran")
    assert "date_written" == kept.headers["Rapport-Said"]
    assert "Date of birth: 4 May 2016" in house.get(path, as_="halloran", lang="en").text
    stale = house.post(f"{path}/born", {"born_on": "2016-05-05", "version": version}, as_="halloran")
    assert 409 == stale.status_code
    assert 'value="2016-05-05"' in stale.text
    old = house.post(f"{path}/born", {"born_on": "1950-05-05", "version": version + 1}, as_="halloran")
    assert 422 == old.status_code
    assert (
        404
        == house.post(f"{path}/born", {"born_on": "2016-05-04", "version": "x"}, as_="halloran").status_code
    )


def test_the_students_page_leads_to_the_dates(house: House) -> None:
    """For whoever reads the plan; a teacher sees them and finds no form."""
    student = f"/app/c/{house.student('maya')}"
    assert f'href="{student}/dates"' in house.get(student, as_="halloran").text
    page = house.get(f"{student}/dates", as_="eklund", lang="en").text
    assert 'id="write"' not in page
    assert "Write down" not in page


@pytest.mark.parametrize("child", ["maya", "tess", "luca", "lucia", "devin", "cody"])
def test_every_page_of_dates_reads_in_both_languages(house: House, child: str) -> None:
    """No key of a catalogue, no slot left open."""
    for lang in ("en", "es"):
        text = house.get(path_of(house, child), as_="halloran", lang=lang).text
        assert "%(" not in text
        assert "advice." not in text
