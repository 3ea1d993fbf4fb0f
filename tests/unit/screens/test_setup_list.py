"""The screens of setting up a caseload: a pasted list, the rows, opening, undo, staff and parents."""

from __future__ import annotations

import re

import pytest

from iepcore.caseload import Caseload
from iepcore.errors import InvalidValue
from iepcore.ids import StudentId
from iepcore.people import DoubtState, WantedPupil
from iepcore.testing.roster_values import a_doubt
from lti_app.rosters.pulling import RosterWorker
from lti_app.screens.setup_list_typed import MOST_ROWS, wanted_of
from tests.unit.screens.conftest import House
from tests.unit.screens.test_rosters import bring, one_roster

PATH, AROUND = "/app/setup", "/app/setup/around"
FILE = one_roster(
    [
        ("4001", "Ada", "Zee", "03"),
        ("4002", "Bo", "Young", "KG"),
        ("4003", "Cleo", "Xu", "05"),
        ("4004", "Cleo", "Xu", "06"),
    ],
    teachers=[("9001", "Tea"), ("9002", "Tim")],
    parents=[("g1", "Gia", "4001"), ("g2", "Geo", "4002")],
)


@pytest.fixture
def stocked(house: House) -> House:
    """The seeded house with a school's file taken in."""
    path = bring(house, content=FILE).headers["Rapport-Goto"]
    house.post(path, {"do": "accept"}, as_="ames")
    RosterWorker(house.wired).round()
    return house


def _fields(text: str) -> dict[str, str]:
    """Return the form of a page of rows as a browser would send it: hidden, typed, ticked and chosen."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", text):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            found[name.group(1)] = value.group(1) if value else ""
    for name, body in re.findall(r'<select id="[^"]*" name="([^"]*)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        first = re.search(r'<option value="([^"]*)"', body)
        found[name] = (chosen or first).group(1)  # type: ignore[union-attr]
    return found


def _review(house: House, text: str) -> tuple[dict[str, str], str]:
    answer = house.post(PATH, {"do": "paste", "text": text}, as_="halloran")
    assert 200 == answer.status_code
    page = answer.get_data(as_text=True)
    keys = re.findall(r'name="row" value="([^"]*)"', page)
    return {**_fields(page), "row": keys}, page  # type: ignore[dict-item]


def _opened(house: House, text: str) -> None:
    fields, _ = _review(house, text)
    for name in list(fields):
        if name.startswith("row"):
            continue
    answer = house.post(f"{PATH}/open", fields, as_="halloran")
    assert AROUND == answer.headers["Rapport-Goto"], answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("Ada Zee\t4001\t3\tSpanish", WantedPupil(name="Ada Zee", sis_id="4001", grade="3", language="es")),
        ("Zee, Ada", WantedPupil(name="Zee, Ada")),
        ("Ada Zee; a@example.org; Grade 11", WantedPupil(name="Ada Zee", mail="a@example.org", grade="11")),
        ('"Zee, Ada",4001', WantedPupil(name="Zee, Ada", sis_id="4001")),
        ("S0042 , Ada", WantedPupil(name="Ada", sis_id="S0042")),
        ("Ada 4001", WantedPupil(name="Ada 4001")),
    ],
)
def test_a_pasted_line_is_read_as_people_write_it(line: str, wanted: WantedPupil) -> None:
    """Columns in any order; what is no number, address, grade or language is the name."""
    assert (wanted,) == wanted_of(f"Name\tStudent number\n\n{line}\n")


def test_an_export_is_read_by_its_header() -> None:
    """Columns that nobody asked for are left out; a line that cannot be read is named; once is enough."""
    text = "Last name,First name,DOB,State ID,Student ID,Grade\nQuill,Maya,2015-03-04,99887766,1001,4\n"
    assert (WantedPupil(name="Maya Quill", sis_id="1001", grade="4"),) == wanted_of(text)
    assert (WantedPupil(name="Maya Quill", sis_id="1001", grade="4"),) == wanted_of(
        text + text.split("\n")[1]
    )
    with pytest.raises(InvalidValue, match="list_line") as caught:
        wanted_of(f"{text}\n,Omar,2015-03-04,1,no number here,4")
    assert 4 == caught.value.params["line"]
    with pytest.raises(InvalidValue, match="list_too_long"):
        wanted_of("Name;ID\n" + "".join(f"Ada {number};{number}\n" for number in range(MOST_ROWS + 1)))


def test_a_list_that_is_none_is_refused() -> None:
    """Empty, headings only, or longer than any caseload."""
    for text in ("", " \n\t\n", "Name; Grade"):
        with pytest.raises(InvalidValue, match="list_empty"):
            wanted_of(text)
    with pytest.raises(InvalidValue, match="list_too_long"):
        wanted_of("Ada\n" * (MOST_ROWS + 1))


def test_rows_say_who_is_found_and_who_is_a_question(stocked: House) -> None:
    """Sure ones are ticked with the grade filled in; an equal name waits; a stranger can be opened too."""
    fields, page = _review(stocked, "Ada Zee,4001\nYoung, Bo\nCleo Xu\nNobody Here\nMaya Ortega-Lind")
    badges = ("please choose", "not in any list", "please look")
    for words in ("1 is found, 4 need your look", "Yes, this one:", *badges):
        assert words in re.sub(r"\s+", " ", page)
    assert "Who is it?" in page  # two pupils are called Cleo
    assert "Language at home, where your list says none" in page
    ada = next(key for key in fields["row"] if fields[f"legal-{key}"] == "Ada Zee")
    assert ("1", "3", "Ada") == tuple(fields[f"{one}-{ada}"] for one in ("open", "grade", "called"))


def test_records_are_opened_looked_at_and_taken_back(stocked: House) -> None:
    """One tap opens what is ticked, one takes it back; the list can be sent again."""
    _opened(stocked, "Ada Zee,4001,Spanish\nBo Young,4002")
    page = stocked.get(f"{AROUND}?said=records_opened", as_="halloran").get_data(as_text=True)
    assert "2 records are open, with nothing written in them." in page
    for words in ("Tea Staff", "Tim Staff", "Gia Parent"):
        assert words in page
    answer = stocked.post(AROUND, {"do": "back"}, as_="halloran")
    assert PATH == answer.headers["Rapport-Goto"]
    assert "closed again" in stocked.get(f"{PATH}?said=records_taken_back", as_="halloran").get_data(
        as_text=True
    )
    _opened(stocked, "Ada Zee,4001")
    _, page = _review(stocked, "Ada Zee,4001\nBo Young,4002")
    assert "open already" in page


def test_another_child_of_the_same_name_can_be_opened(stocked: House) -> None:
    """An equal name alone is no proof: the open record is told of, and the row can still be ticked."""
    _opened(stocked, "Ada Zee,4001")
    fields, page = _review(stocked, "Ada Zee,9999,Grade 2")
    assert "A record of this name is open." in page
    assert "open already" not in page
    row = next(key for key in fields["row"] if fields[f"legal-{key}"] == "Ada Zee")
    assert ("new", None) == (fields[f"member-{row}"], fields.get(f"open-{row}"))


def test_what_does_not_fit_stands_beside_its_box(stocked: House) -> None:
    """A row without a grade or a name, a strange language, nothing chosen: told, and nothing is opened."""
    fields, _ = _review(stocked, "Nobody Here\nAda Zee,4001")
    stranger = next(key for key in fields["row"] if fields[f"legal-{key}"] == "Nobody Here")
    answer = stocked.post(f"{PATH}/open", {**fields, f"open-{stranger}": "1"}, as_="halloran")
    assert 422 == answer.status_code
    assert "Nobody Here: choose the grade" in answer.get_data(as_text=True)
    bad = {
        **fields,
        f"open-{stranger}": "1",
        f"grade-{stranger}": "4",
        f"called-{stranger}": " ",
        f"language-{stranger}": "xx",
        f"member-{stranger}": "?",
        "language": "??",
    }
    text = stocked.post(f"{PATH}/open", bad, as_="halloran").get_data(as_text=True)
    for words in ("write the name", "choose the language", "choose who it is"):
        assert f"Nobody Here: {words}" in text
    none = {name: value for name, value in fields.items() if not name.startswith("open-")}
    assert "Choose at least one pupil." in stocked.post(f"{PATH}/open", none, as_="halloran").get_data(
        as_text=True
    )
    fine = {**fields, f"open-{stranger}": "1", f"grade-{stranger}": "4"}
    gone = {**fine, f"member-{stranger}": str(stocked.key())}
    assert 422 == stocked.post(f"{PATH}/open", gone, as_="halloran").status_code
    assert AROUND == stocked.post(f"{PATH}/open", fine, as_="halloran").headers["Rapport-Goto"]


def test_pupils_are_chosen_from_the_rosters(stocked: House) -> None:
    """Letters or a course make the list; those ticked become rows; nobody ticked is told."""
    page = stocked.post(PATH, {"do": "find", "q": "zee"}, as_="halloran").get_data(as_text=True)
    assert "Ada Zee" in page
    assert "Bo Young" not in page
    member = re.search(r'name="member" value="([^"]*)"', page)
    assert member is not None
    answer = stocked.post(PATH, {"do": "chosen", "member": member.group(1)}, as_="halloran")
    assert "Look once, then open" in answer.get_data(as_text=True)
    assert 422 == stocked.post(PATH, {"do": "chosen"}, as_="halloran").status_code
    page = stocked.post(PATH, {"do": "find", "course": "Resource room"}, as_="halloran").get_data(
        as_text=True
    )
    assert "open already" in page or "No pupil has these letters" in page
    assert 422 == stocked.post(PATH, {"do": "paste", "text": ""}, as_="halloran").status_code


def _fresh(house: House) -> tuple[Caseload, list[StudentId]]:
    caseload = house.caseload("halloran")
    return caseload, [one.id for one in caseload.setup.fresh()]


def test_staff_come_by_one_tap_and_leave_by_one(stocked: House) -> None:
    """One person, all of them, and off again."""
    _opened(stocked, "Ada Zee,4001\nBo Young,4002")
    page = stocked.get(AROUND, as_="halloran").get_data(as_text=True)
    tea = re.search(r'Tea Staff.*?name="member" value="([^"]*)"', page, re.DOTALL)
    assert tea is not None
    stocked.post(AROUND, {"do": "add", "member": tea.group(1), "role": "paraprofessional"}, as_="halloran")
    page = stocked.get(AROUND, as_="halloran").get_data(as_text=True)
    assert "Paraprofessional on 2 teams" in page
    form = re.search(r'id="all">(.*?)</form>', page, re.DOTALL)
    assert form is not None
    members = re.findall(r'name="member" value="([^"]*)"', form.group(1))
    sent: dict[str, object] = {"do": "add_all", "member": members}
    stocked.post(AROUND, {**sent, **{f"role-{one}": "gen_ed_teacher" for one in members}}, as_="halloran")
    off = re.search(
        r'name="do" value="off"><input type="hidden" name="adult" value="([^"]*)"',
        stocked.get(AROUND, as_="halloran").get_data(as_text=True),
    )
    assert off is not None
    stocked.post(AROUND, {"do": "off", "adult": off.group(1), "role": "paraprofessional"}, as_="halloran")
    assert 409 == stocked.post(AROUND, {"do": "back"}, as_="halloran").status_code or not _fresh(stocked)[1]
    for wrong in (
        {"do": "add", "member": "x", "role": "gen_ed_teacher"},
        {"do": "add_all", "member": "x"},
        {"do": "add", "member": members[0] if members else "x", "role": "king"},
        {"do": "x"},
    ):
        assert 422 == stocked.post(AROUND, wrong, as_="halloran").status_code


def test_a_parent_is_asked_about_one_by_one(stocked: House) -> None:
    """Neither right is preselected; what is missing is told and what was typed stays; then the next one."""
    _opened(stocked, "Ada Zee,4001,Spanish\nBo Young,4002")
    page = stocked.get(AROUND, as_="halloran").get_data(as_text=True)
    assert "2 parents to confirm" in page
    assert [] == re.findall(r'type="radio"[^>]* checked', page)
    fields = {name: value for name, value in _fields(page).items() if name in {"home", "relation", "reads"}}
    who = re.search(
        r'name="do" value="confirm"><input type="hidden" name="student" value="([^"]*)">'
        r'<input type="hidden" name="member" value="([^"]*)"',
        page,
    )
    assert who is not None
    sent = {"do": "confirm", "student": who.group(1), "member": who.group(2), **fields}
    answer = stocked.post(AROUND, {**sent, "basis": "card 17"}, as_="halloran")
    assert 422 == answer.status_code
    text = answer.get_data(as_text=True)
    assert "Answer yes or no." in text
    assert "card 17" in text
    wrong = {**sent, "relation": "king", "home": "moon", "reads": "xx"}
    assert 422 == stocked.post(AROUND, wrong, as_="halloran").status_code
    right = {**sent, "basis": "card 17", "may_access_records": "yes", "may_decide": "no"}
    assert AROUND == stocked.post(AROUND, right, as_="halloran").headers["Rapport-Goto"]
    assert 409 == stocked.post(AROUND, right, as_="halloran").status_code
    page = stocked.get(AROUND, as_="halloran").get_data(as_text=True)
    assert "1 parent to confirm" in page
    held = stocked.caseload("halloran").families.view(StudentId(stocked.key().__class__(who.group(1))))
    assert [(True, False)] == [
        (one.relationship.may_access_records, one.relationship.may_decide) for one in held.rows
    ]


def test_a_question_about_a_pupil_is_answered_here(stocked: House) -> None:
    """It stands on the page of whoever manages the child, and nowhere else."""
    doubt = a_doubt(stocked.student("maya"), source="oneroster", subject="u4003")
    with stocked.wired.store(stocked.wired.doors.sites()[0].id).write() as uow:
        uow.rosters.add_doubt(doubt)
    page = stocked.get(AROUND, as_="halloran").get_data(as_text=True)
    assert "Is this the same pupil?" in page
    assert "Is this the same pupil?" not in stocked.get(AROUND, as_="eklund").get_data(as_text=True)
    assert "Maya" not in stocked.get("/app/rosters", as_="ames").get_data(as_text=True)
    stocked.post(AROUND, {"do": "other", "doubt": str(doubt.id)}, as_="halloran")
    with stocked.wired.store(stocked.wired.doors.sites()[0].id).read() as uow:
        kept = uow.rosters.doubt(doubt.id)
        assert kept is not None
        assert DoubtState.OTHER == kept.state


def test_others_are_told_who_may_open_records(stocked: House) -> None:
    """Staff read who may; a family finds nothing at all."""
    for method in (stocked.get, stocked.post):
        assert 403 == method(PATH, as_="eklund").status_code
        assert 404 == method(PATH, as_="dana").status_code
        assert 404 == method(AROUND, as_="dana").status_code
    assert 403 == stocked.post(f"{PATH}/open", as_="eklund").status_code
    assert "For the 0 children you manage." in stocked.get(AROUND, as_="eklund").get_data(as_text=True)
