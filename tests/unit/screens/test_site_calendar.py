"""The school calendar and the choices of a school as pages: looked at by staff, changed by the office."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest

from iepcore.calendars import CounselQuestion, PolicyKey
from tests.unit.screens.conftest import House

CALENDAR, CHOICES = "/app/site/calendar", "/app/site/choices"
FILE = (
    "kind,name,first,last\nyear,2027-28,2027-08-30,2028-06-09\nno_school,Winter break,2027-12-20,2027-12-31\n"
)


def text_of(html: str) -> str:
    """Return the words of a page."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)))


def test_a_month_can_be_heard_as_well_as_seen(house: House) -> None:
    """Tables with a caption, days of the week as heads, words beside each letter, today marked."""
    page = house.get(CALENDAR, as_="eklund", lang="en").text
    assert re.search(r"<caption>November 2026", page)
    assert '<th scope="col"><abbr title="Monday">Mon</abbr></th>' in page
    assert 'aria-current="date"' in page
    assert "No school: Thanksgiving" in page
    assert "School closed, not planned: Snow" in page
    assert "<form" not in page[page.index("<main") :] if "<main" in page else True
    assert "Take in a calendar" not in page


def test_a_snow_day_takes_two_taps_and_has_an_undo(house: House) -> None:
    """Open the page, tap; the next page offers to take it back."""
    page = house.get(CALENDAR, as_="ames", lang="en").text
    assert "School is closed today" in page
    said = house.post(CALENDAR, {"do": "day", "day": "2026-11-23", "kind": "closed"}, as_="ames")
    after = house.get(said.headers["Rapport-Goto"], as_="ames", lang="en").text
    assert "23 November 2026: School closed, not planned." in after
    assert "School is closed today" not in after
    undo = house.post(CALENDAR, {"do": "back", "day": "2026-11-23", "kind": "closed"}, as_="ames")
    assert "Taken back." in house.get(undo.headers["Rapport-Goto"], as_="ames", lang="en").text
    assert (
        422
        == house.post(CALENDAR, {"do": "back", "day": "2026-11-23", "kind": "closed"}, as_="ames").status_code
    )
    assert "just_set" not in house.get(f"{CALENDAR}?set=never&kind=closed", as_="ames").text


def test_a_file_is_looked_at_corrected_and_taken_in(house: House) -> None:
    """A problem keeps the text; the preview says what would change; then it is there."""
    wrong = house.post(CALENDAR, {"do": "look", "text": FILE + "no_school,X,2031-01-01,\n"}, as_="ames")
    assert 422 == wrong.status_code
    assert "Line 4: This day (2031-01-01) lies in no school year" in text_of(wrong.text)
    assert "2028-06-09" in wrong.text
    data = {"do": "look", "file": (io.BytesIO(FILE.encode()), "calendar.csv")}
    seen = house.post(CALENDAR, data, as_="ames")
    assert 200 == seen.status_code
    words = text_of(seen.text)
    assert "New: School year 2027-28" in words
    assert "+ 20 December 2027 to 31 December 2027: No school: Winter break" in words
    fingerprint = re.search(r'name="seen" value="([^"]+)"', seen.text)
    assert fingerprint is not None
    taken = house.post(CALENDAR, {"do": "take", "text": FILE, "seen": fingerprint[1]}, as_="ames")
    page = house.get(taken.headers["Rapport-Goto"], as_="ames", lang="en").text
    assert "The calendar is taken in." in page
    assert "School year 2027-28" in page
    same = house.post(CALENDAR, {"do": "look", "text": FILE}, as_="ames")
    assert "Everything stands here already as the file says." in same.text
    years = house.caseload("ames").calendars.page().years
    dropped = house.post(CALENDAR, {"do": "drop", "year": str(years[-1].id)}, as_="ames")
    assert "The term is removed." in house.get(dropped.headers["Rapport-Goto"], as_="ames", lang="en").text
    assert 404 == house.post(CALENDAR, {"do": "drop", "year": "x"}, as_="ames").status_code


def test_numbers_of_a_file_are_shown_before_they_hold(house: House) -> None:
    """State, holidays, a number with its source, a year that moves."""
    text = (
        "kind,name,first,last,key,value,unit,citation\n"
        "state,MD,,,,,,\nstate_holiday,X,2027-03-29,,,,,\n"
        "policy,,,,initial_evaluation,50,calendar,Board policy\n"
        "year,2026-27,2026-08-31,2027-06-04,,,,\n"
    )
    words = text_of(house.post(CALENDAR, {"do": "look", "text": text}, as_="ames").text)
    assert "State: MD" in words
    assert "1 more state holiday" in words
    assert "First evaluation, after consent is received: 50 calendar days: set by the district." in words
    assert "So far: 31 August 2026 to 11 June 2027" in words
    assert "No longer: 11 June 2027: Report cards go out" in words


def test_what_changed_meanwhile_is_shown_again(house: House) -> None:
    """Nothing is taken in that was not seen."""
    answer = house.post(CALENDAR, {"do": "take", "text": FILE, "seen": "0" * 16}, as_="ames")
    assert 409 == answer.status_code
    assert "Somebody changed the calendar meanwhile" in answer.text
    assert 2 == len(house.caseload("ames").calendars.page().years)


def test_an_ics_file_tells_what_it_leaves_out(house: House) -> None:
    """And a file that is none says so."""
    text = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:No school\r\n"
        "DTSTART;VALUE=DATE:20261202\r\n"
        "END:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Game\r\nDTSTART;VALUE=DATE:20261203\r\nEND:VEVENT\r\nEND:VCALENDAR"
    )
    assert (
        "1 event of the file is left out"
        in house.post(CALENDAR, {"do": "look", "text": text}, as_="ames").text
    )
    empty = house.post(CALENDAR, {"do": "look"}, as_="ames")
    assert "There is nothing in it." in empty.text


@pytest.mark.parametrize("do", ["day", "look", "take"])
def test_staff_without_the_standing_change_nothing(house: House, do: str) -> None:
    """The same answer as for something that is not there."""
    form = {"do": do, "day": "2026-11-23", "kind": "closed", "text": FILE}
    assert 404 == house.post(CALENDAR, form, as_="halloran").status_code
    assert 422 == house.post(CALENDAR, {"do": "dance"}, as_="ames").status_code
    assert 422 == house.post(CALENDAR, {"do": "day", "day": "x", "kind": "closed"}, as_="ames").status_code
    assert (
        422 == house.post(CALENDAR, {"do": "day", "day": "2026-11-23", "kind": "x"}, as_="ames").status_code
    )


def test_a_school_without_a_calendar_is_told_what_it_is_for(house: House) -> None:
    """And the file comes first."""
    desk = house.caseload("ames").calendars
    for year in desk.page().years:
        desk.drop(year.id)
    page = house.get(CALENDAR, as_="ames", lang="en").text
    assert "No school calendar yet" in page
    assert "School is closed today" not in page


# ------------------------------------------------------------------------------------------------- choices


def plain(house: House, **changes: str) -> dict[str, str]:
    """Return the plain form as the page shows it, with changes."""
    version = str(house.caseload("ames").choices.held().version)
    form = {"do": "save", "version": version, "kept": "elsewhere", "state": "TX", "minutes_days": "5"}
    return form | {"reply_days": "2", "quiet_days": "30", "official_name": "SEIS"} | changes


def test_every_question_has_its_reason_and_source(house: House) -> None:
    """Open ones say "ask counsel" and what holds until then; a decided one says when."""
    page = text_of(house.get(CHOICES, as_="ames", lang="en").text)
    assert 6 == page.count("Until then:")
    assert "Decided on" in page
    assert "34 CFR 99.3(b)(1)" in page
    assert "60 calendar days: the federal rule." in page
    assert "10 calendar days: a number of this tool, since the rule names none." in page
    staff = house.get(CHOICES, as_="eklund", lang="en").text
    assert "Keep these choices" not in staff
    assert 404 == house.post(CHOICES, plain(house), as_="eklund").status_code


def test_plain_choices_are_kept_and_a_stale_page_loses_nothing(house: House) -> None:
    """System, codes, limits, state, switches; two people at once see both."""
    form = plain(
        house,
        official_link="https://plans.example.org",
        official_limit="1000",
        code_on_track="SP",
        student_voice="1",
        quiet_days="21",
    )
    assert "choices_kept" == house.post(CHOICES, form, as_="ames").headers["Rapport-Said"]
    held = house.caseload("ames").choices.held()
    assert held.official_plan is not None
    assert ("SEIS", 1000, "TX", 21, True) == (
        held.official_plan.name,
        held.official_plan.text_limit,
        held.state,
        held.quiet_days,
        held.student_voice,
    )
    assert 'value="SP"' in house.get(CHOICES, as_="ames").text
    stale = house.post(CHOICES, form | {"quiet_days": "60"}, as_="ames")
    assert 409 == stale.status_code
    assert 'value="60"' in stale.text
    here = house.post(CHOICES, plain(house, kept="here"), as_="ames")
    assert "choices_kept" == here.headers["Rapport-Said"]
    assert house.caseload("ames").choices.held().official_plan is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"quiet_days": "3"}, "Write a number from 7 to 120."),
        ({"reply_days": "two"}, "Write a whole number."),
        ({"state": "Texas"}, "two letters"),
        ({"official_link": "http://x"}, "beginning with https://"),
        ({"official_limit": "5"}, "from 100 to 20"),
        ({"version": "x"}, "Somebody else saved meanwhile"),
    ],
    ids=["range", "words", "state", "link", "limit", "version"],
)
def test_a_wrong_choice_is_told_beside_its_field(house: House, changes: dict[str, str], words: str) -> None:
    """The rest of what was typed stays."""
    answer = house.post(CHOICES, plain(house, **changes), as_="ames")
    assert answer.status_code in {409, 422}
    assert words in text_of(answer.text)
    assert 'value="SEIS"' in answer.text


def test_a_number_that_protects_less_is_refused_with_the_rule_above(house: House) -> None:
    """One that protects more is kept, shown with the outer rule, and taken back."""
    form = {
        "do": "number",
        "key": "initial_evaluation",
        "value": "70",
        "unit": "calendar",
        "level": "district",
    }
    form |= {"citation": "Board policy", "effective_from": "2026-07-01"}
    refused = house.post(CHOICES, form, as_="ames")
    assert 422 == refused.status_code
    assert "The rule above: 60 calendar days (34 CFR 300.301(c)(1)(i))." in text_of(refused.text)
    assert 'value="70"' in refused.text
    house.post(CHOICES, form | {"value": "45"}, as_="ames")
    page = text_of(house.get(CHOICES, as_="ames", lang="en").text)
    assert "45 calendar days: set by the district." in page
    assert "Without it: 60 calendar days: the federal rule." in page
    assert "Take back: 45 calendar days from 1 July 2026" in page
    back = form | {"do": "number_back"}
    assert "number_back" == house.post(CHOICES, back, as_="ames").headers["Rapport-Said"]
    assert 422 == house.post(CHOICES, back, as_="ames").status_code
    assert 422 == house.post(CHOICES, back | {"key": "x"}, as_="ames").status_code
    assert 422 == house.post(CHOICES, form | {"key": "x"}, as_="ames").status_code
    assert 422 == house.post(CHOICES, form | {"effective_from": "soon"}, as_="ames").status_code
    plain_count = form | {"key": "meeting_attempts", "value": "4", "unit": "", "effective_from": ""}
    house.post(CHOICES, plain_count, as_="ames")
    held = house.caseload("ames").choices.held().rules
    assert [(PolicyKey.ATTEMPTS, None)] == [(one.key, one.unit) for one in held]
    assert "Take back: 4" in text_of(house.get(CHOICES, as_="ames", lang="en").text)


def test_counsel_decides_on_the_page(house: House) -> None:
    """With a note; and back to "not decided"."""
    form = {"do": "counsel", "question": "leap_birthday", "answer": "mar1", "note": "Letter of May"}
    assert "counsel_kept" == house.post(CHOICES, form, as_="ames").headers["Rapport-Said"]
    desk = house.caseload("ames").choices
    assert "mar1" == desk.held().answer(CounselQuestion.LEAP_BIRTHDAY)
    assert "Letter of May" in house.get(CHOICES, as_="ames").text
    house.post(CHOICES, form | {"answer": "ask"}, as_="ames")
    assert desk.held().decided(CounselQuestion.LEAP_BIRTHDAY) is None
    assert 422 == house.post(CHOICES, form | {"answer": "x"}, as_="ames").status_code
    assert 422 == house.post(CHOICES, form | {"question": "x"}, as_="ames").status_code
    assert 422 == house.post(CHOICES, {"do": "dance"}, as_="ames").status_code


@pytest.mark.parametrize("path", [CALENDAR, CHOICES])
def test_the_pages_read_in_both_languages(house: House, path: str) -> None:
    """No slot is left open, for a state with rules of its own as well."""
    house.post(CHOICES, plain(house, state="MA"), as_="ames")
    for lang in ("en", "es"):
        assert "%(" not in house.get(path, as_="ames", lang=lang).text
