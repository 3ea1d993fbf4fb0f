"""``iep calendar``: a file is looked at, every problem told by its line, taken in with --confirm only."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.calendars import LineKind
from iepcore.errors import InvalidRows
from lti_app.calendar_files import read_calendar
from tests.unit.cli.conftest import Shell

DENVER = ZoneInfo("America/Denver")
CSV = """kind,name,first,last,weekdays,key,value,unit,level,effective_from,citation
year,2026-27,2026-08-31,2027-06-11,,,,,,,
no_school,Thanksgiving,2026-11-25,2026-11-27,,,,,,,
report_card,,2027-01-22,,,,,,,,
esy,Summer 2027,2027-06-28,2027-07-23,Mon-Thu,,,,,,
state_holiday,Day after,2026-11-27,,,,,,,,
state,MD,,,,,,,,,
policy,,,,,initial_evaluation,50,calendar,district,2026-07-01,Board policy 6159
"""


def ics(*events: str) -> str:
    """Return a calendar of events, each as lines of its own."""
    body = "".join(f"BEGIN:VEVENT\r\nUID:{n}\r\n{one}\r\nEND:VEVENT\r\n" for n, one in enumerate(events))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n{body}END:VCALENDAR\r\n"


def event(title: str, start: str, end: str = "", more: str = "") -> str:
    """Return one event; days are written 20260831, instants with their own text."""
    kind = ";VALUE=DATE" if start.isdigit() else ""
    lines = [f"SUMMARY:{title}", f"DTSTART{kind}:{start}" if ";" not in start else f"DTSTART{start}"]
    if end:
        lines.append(f"DTEND{kind}:{end}")
    return "\r\n".join([*lines, *([more] if more else [])])


SCHOOL = (
    event("First day of school", "20260831"),
    event("Last Day of School!", "20270611", "20270612"),
    event("No School - Thanksgiving", "20261125", "20261128"),
    event("Basketball game", "20261203T190000Z"),
    event("Report Cards Issued", "20270122"),
    event("Meeting", "20261201", more="CATEGORIES:Staff,Holiday"),
)


def test_a_file_is_only_looked_at_until_confirmed(school: Shell, tmp_path: Path) -> None:
    """The preview says what would change; --confirm takes it in; the same file again is no change."""
    path = tmp_path / "calendar.csv"
    path.write_text(CSV, encoding="utf-8")
    assert "No calendar yet" in school.ok("calendar", "show").out
    before = school.tables()["school_year"]
    seen = school.ok("calendar", "import", path)
    assert "new  year  2026-27  2026-08-31 to 2027-06-11" in seen.out
    assert "  + 2026-11-25  no_school  Thanksgiving" in seen.out
    assert "number  initial_evaluation = 50 calendar  (Board policy 6159)" in seen.out
    assert "state holiday  2026-11-27" in seen.out
    assert "state  MD" in seen.out
    assert "Nothing was changed. Take it in with --confirm." in seen.out
    assert before == school.tables()["school_year"]
    assert "Taken in." in school.ok("calendar", "import", path, "--confirm").out
    again = school.ok("calendar", "import", path, "--confirm")
    assert "Everything stands there already as the file says." in again.out
    shown = school.ok("calendar", "show")
    assert 2 == len(shown.lines)
    assert "1 report-card days" in shown.out
    path.write_text("kind,name,first,last\nyear,2026-27,2026-08-31,2027-06-04", encoding="utf-8")
    moved = school.ok("calendar", "import", path)
    assert "changed  year  2026-27" in moved.out
    assert "  - 2027-01-22  report_card" in moved.out


def test_every_problem_is_told_and_nothing_is_written(school: Shell, tmp_path: Path) -> None:
    """Names of file and line, words in English, exit code 1."""
    path = tmp_path / "calendar.csv"
    path.write_text(
        CSV + "holiday,X,2026-99-01,,,,,,,,\npolicy,,,,,annual_review,2,year,,,x\n", encoding="utf-8"
    )
    before = {name: rows for name, rows in school.tables().items() if name != "audit_event"}
    done = school.run("calendar", "import", path, "--confirm")
    assert 1 == done.code
    assert "calendar.csv, line 9: kind: Write what the line is about" in done.err
    assert "calendar.csv, line 9: first: Write the day as" in done.err
    assert "2 problems. Nothing was changed." in done.err
    path.write_text(CSV + "policy,,,,,annual_review,2,year,,,x\n", encoding="utf-8")
    assert "1 problem. Nothing was changed." in school.run("calendar", "import", path, "--confirm").err
    after = {name: rows for name, rows in school.tables().items() if name in before}
    assert before["school_year"] == after["school_year"]
    assert before["site_choices"] == after["site_choices"]


def test_an_ics_file_says_what_it_leaves_out(school: Shell, tmp_path: Path) -> None:
    """A game says nothing about school days."""
    path = tmp_path / "calendar.ics"
    path.write_bytes(ics(*SCHOOL).encode())
    done = school.ok("calendar", "import", path, "--confirm")
    assert "new  year  2026-27  2026-08-31 to 2027-06-11" in done.out
    assert "Left out: 1 events" in done.out


def test_an_ics_event_counts_by_its_words_and_its_days_at_the_school() -> None:
    """The end of an all-day event is the day after; an evening instant lies on the school's own day."""
    read = read_calendar(
        ics(
            *SCHOOL,
            event("School closed for snow", "20270113T060000Z"),
            event("ESY begins", "20270628"),
            event("ESY ends", "20270723"),
            event("Snow make-up day", ";TZID=America/Denver:20270501T080000", more="DURATION:PT6H"),
            event("Winter break", "20261221T000000", "20270102T000000"),
        ),
        zone=DENVER,
    )
    found = {(one.kind, one.first.isoformat() if one.first else "", one.last) for one in read.lines}
    kinds = {(kind, first) for kind, first, _ in found}
    assert {
        (LineKind.YEAR, "2026-08-31"),
        (LineKind.ESY, "2027-06-28"),
        (LineKind.NO_SCHOOL, "2026-11-25"),
        (LineKind.NO_SCHOOL, "2026-12-01"),
        (LineKind.NO_SCHOOL, "2026-12-21"),
        (LineKind.CLOSED, "2027-01-12"),
        (LineKind.EXTRA, "2027-05-01"),
        (LineKind.REPORT_CARD, "2027-01-22"),
    } == kinds
    lasts = {first: last.isoformat() if last else "" for _, first, last in found}
    assert ("2026-11-27", "2027-01-01") == (lasts["2026-11-25"], lasts["2026-12-21"])
    assert 1 == read.left_out


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (ics(event("No school", "20261125", more="RRULE:FREQ=WEEKLY")), {("event 1", "ics_repeats")}),
        (ics("SUMMARY:No school"), {("event 1", "ics_event_day")}),
        (ics("SUMMARY:No school\r\nDTSTART:hello"), {("event 1", "ics_event_day")}),
        (ics("SUMMARY:No school\r\nDTSTART;VALUE=DATE:20261125\r\nDTEND:20261126T000000Z"), None),
        (ics(event("First day of school", "20260831")), {("event 1", "ics_term_half")}),
        (
            ics(event("First day of school", "20270831"), event("Last day of school", "20260611")),
            {("event 1", "dates_reversed")},
        ),
        (ics(event("Report cards week", "20270118", "20270123")), {("event 1", "calendar_one_day")}),
        (ics(event("Game", "20261203")), {("file", "ics_nothing")}),
        (ics("SUMMARY:Game\r\nDTSTART:hello"), {("file", "ics_nothing")}),
        ("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n", {("file", "not_ics")}),
        ("  \n", {("file", "calendar_empty")}),
        (b"\xff\xfe\x00", {("file", "not_utf8")}),
        ("x" * 1_000_001, {("file", "calendar_file_big")}),
    ],
    ids=[
        "repeats",
        "no_day",
        "bad_day",
        "mixed",
        "half",
        "reversed",
        "cards",
        "nothing",
        "nothing_bad",
        "broken",
        "empty",
        "bytes",
        "big",
    ],
)
def test_what_cannot_be_read_is_told_by_its_event(
    text: str | bytes, places: set[tuple[str, str]] | None
) -> None:
    """With a code for each; a file that is none at all is refused whole."""
    with pytest.raises(InvalidRows) as refused:
        read_calendar(text, zone=DENVER)
    found = {(place, problem.code) for place, problem in refused.value.problems}
    assert (places or {("event 1", "ics_event_day")}) == found


WHOLE = ics(*SCHOOL)


@given(
    changes=st.lists(
        st.tuples(
            st.integers(0, len(WHOLE) - 1),
            st.sampled_from(["", "\r\n", ":", ";", "9", "BEGIN:VEVENT", "\0", "DTSTART", "é", "T99"]),
            st.integers(0, 12),
        ),
        max_size=5,
    )
)
def test_a_spoiled_ics_file_gives_row_errors_or_lines_and_nothing_else(
    changes: list[tuple[int, str, int]],
) -> None:
    """Whatever is cut or put in between, only refusals by place come out."""
    text = WHOLE
    for place, put, cut in changes:
        text = text[:place] + put + text[place + cut :]
    places = ["one"]
    try:
        read_calendar(text, zone=DENVER)
    except InvalidRows as refused:
        places = [place for place, _ in refused.problems]
    assert places
