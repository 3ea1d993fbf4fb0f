"""Confirming a parent with both rights, and changing them later."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from iepcore.caseload import Candidate, ParentRow
from iepcore.people import AddressKind, LinkHint, Relation, RosterStanding
from lti_app.demo.seed import people
from tests.unit.screens.conftest import House
from tests.unit.screens.test_people import enrol, posted, source

CHILD = "maya"
CITATIONS = ("34 CFR 99.4", "34 CFR 300.30(b)")


def family_path(house: House) -> str:
    """The page of Maya's family."""
    return f"/app/c/{house.student(CHILD)}/family"


def parents(house: House) -> dict[str, ParentRow]:
    """Maya's confirmed adults by name."""
    return {
        row.adult.name: row for row in house.caseload("halloran").families.view(house.student(CHILD)).rows
    }


def candidate(house: House, name: str) -> Candidate:
    """Somebody who could be confirmed."""
    rows = house.caseload("halloran").families.view(house.student(CHILD)).candidates
    return next(row for row in rows if row.member.name == name)


def said(**changes: str) -> dict[str, str]:
    """The confirmation form, filled in."""
    form = {
        "relation": "grandparent",
        "home": "new",
        "may_access_records": "yes",
        "may_decide": "no",
        "basis": "letter of 3 September, on file",
        "reads": "es",
        "speaks": "mam",
        "needs_interpreter": "1",
    }
    return {**form, **changes}


def hint(house: House, observer: str) -> None:
    """The LMS said in the last day that somebody observes Maya."""
    subject = {user["key"]: user["sub"] for user in people()["users"]}
    now = house.clock()
    with house.wired.store(house.wired.doors.sites()[0].id).write() as uow:
        link = LinkHint(
            source=source(house),
            observer_subject=observer,
            pupil_subject=subject[CHILD],
            seen_at=now,
            expires_at=now + timedelta(hours=24),
        )
        uow.people.replace_hints(source(house), observer, [link])


# the page


def test_two_rights_stand_side_by_side(house: House) -> None:
    """Each confirmed adult shows both rights, what they rest on, and who confirmed them when."""
    text = house.get(family_path(house), as_="halloran").text
    assert "Dana Ortega-Lind" in text
    for words in ("May read the record", "May decide", "Rests on: presumed parent"):
        assert words in text
    assert re.search(r"Confirmed by Priya Halloran on \d+ \w+ 2026", text)


def test_both_facts_of_a_candidate_are_told(house: House) -> None:
    """Linked people come first with both facts; of the others the list says once that they are not linked."""
    enrol(house, "Oma Ortega", RosterStanding.OBSERVER, subject="oma")
    hint(house, "oma")
    text = house.get(family_path(house), as_="halloran").text
    assert "Canvas links this person to Maya." in text
    assert "In Resource room as an observer." in text
    assert "Canvas has not linked these people to Maya." in text
    assert text.index("Oma Ortega") < text.index("Ned Farrow")


def test_observers_are_found_by_a_form(house: House) -> None:
    """Letters of a name are posted; the list shrinks to whom they fit."""
    answer = house.post(family_path(house), {"q": "farrow"}, as_="halloran")
    assert ["Ned Farrow"] == re.findall(
        r'family/[0-9a-f-]+"[^>]*><span>Confirm<span[^>]*> ([^<]+)<', answer.text
    )


def test_who_may_not_confirm(house: House) -> None:
    """A provider reads the family without forms; a general teacher and a parent find nothing."""
    theo = f"/app/c/{house.student('theo')}/family"
    text = house.get(theo, as_="abara").text
    assert "Ilona Varga" in text
    assert "Not confirmed" not in text
    assert "Ned Farrow" not in text
    row = house.caseload("halloran").families.view(house.student("theo")).rows[0]
    rights = f"{theo}/rights/{row.relationship.id}"
    assert 404 == house.get(rights, as_="abara").status_code
    assert 404 == house.get(theo, as_="hart").status_code
    assert 404 == house.get(theo, as_="ilona").status_code


# confirming


def test_no_right_is_preselected(house: House) -> None:
    """The form asks both questions with their rule, and answers neither, whatever the LMS says."""
    enrol(house, "Oma Ortega", RosterStanding.OBSERVER, subject="oma")
    hint(house, "oma")
    text = house.get(f"{family_path(house)}/{candidate(house, 'Oma Ortega').member.id}", as_="halloran").text
    for rule in CITATIONS:
        assert rule in text
    radios = re.findall(r'<input type="radio"[^>]*>', text)
    assert 4 == len(radios)
    assert not any("checked" in radio for radio in radios)


def test_confirming_keeps_what_was_said(house: House) -> None:
    """Rights, relation, home, languages and interpreter are as answered; the same form again is harmless."""
    enrol(house, "Oma Ortega", RosterStanding.OBSERVER, subject="oma")
    path = f"{family_path(house)}/{candidate(house, 'Oma Ortega').member.id}"
    assert (200, family_path(house)) == posted(house, path, said())
    row = parents(house)["Oma Ortega"]
    assert (True, False) == (row.relationship.may_access_records, row.relationship.may_decide)
    assert (Relation.GRANDPARENT, "B") == (row.relationship.relation, row.relationship.household)
    assert ("es", "mam", True) == (row.adult.reads, row.adult.speaks, row.adult.needs_interpreter)
    assert (200, family_path(house)) == posted(house, path, said())
    assert family_path(house) == house.get(path, as_="halloran").headers["Rapport-Goto"]
    assert 3 == len(parents(house))


def test_parent_who_never_launched_can_be_reached(house: House) -> None:
    """The number Canvas knows the parent by comes with the roster."""
    line = enrol(house, "Oma Ortega", RosterStanding.OBSERVER, subject="oma")
    with house.wired.store(house.wired.doors.sites()[0].id).write() as uow:
        known = replace(line, channel_user_id="1234")
        uow.people.save_roster(line.source, line.context_id, [known], complete=False)
    posted(house, f"{family_path(house)}/{candidate(house, 'Oma Ortega').member.id}", said())
    reached = parents(house)["Oma Ortega"].adult.address(AddressKind.CANVAS)
    assert reached is not None
    assert "1234" == reached.value


def test_living_with_somebody_is_one_home(house: House) -> None:
    """Choosing the home of a confirmed adult puts both in it."""
    enrol(house, "Oma Ortega", RosterStanding.OBSERVER, subject="oma")
    path = f"{family_path(house)}/{candidate(house, 'Oma Ortega').member.id}"
    assert "With Dana Ortega-Lind, Rui Ortega-Lind" in house.get(path, as_="halloran").text
    posted(house, path, said(home="A", needs_interpreter=""))
    assert "A" == parents(house)["Oma Ortega"].relationship.household


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"may_access_records": ""}, "may_access_records", id="first-right"),
        pytest.param({"may_decide": "perhaps"}, "may_decide", id="second-right"),
        pytest.param({"basis": "  "}, "basis", id="basis"),
        pytest.param({"relation": "friend"}, "relation", id="relation"),
        pytest.param({"home": "Z"}, "home", id="home"),
        pytest.param({"reads": "??"}, "reads", id="language"),
    ],
)
def test_bad_answers_lose_nothing(house: House, changes: dict[str, str], field: str) -> None:
    """The error stands at its question and in the summary; the other answers stay."""
    path = f"{family_path(house)}/{candidate(house, 'Ned Farrow').member.id}"
    answer = house.post(path, said(**changes), as_="halloran")
    assert 422 == answer.status_code
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert "Ned Farrow" not in parents(house)
    if field != "basis":
        assert "letter of 3 September" in answer.text


def test_nobody_confirms_themselves(house: House) -> None:
    """A case manager who is an observer too reads that a colleague must do it; the form is refused."""
    me = next(user for user in people()["users"] if user["key"] == "halloran")
    enrol(house, me["name"], RosterStanding.OBSERVER, subject=me["sub"])
    row = candidate(house, me["name"])
    assert row.is_actor
    assert "A colleague confirms you" in house.get(family_path(house), as_="halloran").text
    path = f"{family_path(house)}/{row.member.id}"
    assert "<form" not in house.get(path, as_="halloran").text.split("<main")[1]
    answer = house.post(path, said(), as_="halloran")
    assert 409 == answer.status_code
    assert "You cannot confirm your own rights." in answer.text


# changing rights


def rights(house: House, name: str = "Rui Ortega-Lind", **changes: Any) -> tuple[str, dict[str, str]]:
    """The address and the filled form of one adult's rights."""
    held = parents(house)[name].relationship
    form = {
        "may_access_records": "no",
        "may_decide": "no",
        "basis": "court order of 12 May, on file",
        "document": "Order of 12 May",
        "version": str(held.version),
        **changes,
    }
    return f"{family_path(house)}/rights/{held.id}", form


def test_revoking_says_what_it_does(house: House) -> None:
    """The page names the effect before, and the parent's page is closed at once after."""
    path, form = rights(house)
    assert "Nothing more is sent to them; what is waiting is stopped." in house.get(path, as_="halloran").text
    assert 200 == house.get(f"/app/my/{house.student(CHILD)}", as_="rui").status_code
    assert (200, family_path(house)) == posted(house, path, form)
    assert 404 == house.get(f"/app/my/{house.student(CHILD)}", as_="rui").status_code
    assert "May not read the record" in house.get(family_path(house), as_="halloran").text


def test_conflict_shows_both(house: House) -> None:
    """A colleague was faster: theirs stands above, yours is still in the form, and saving it again works."""
    path, form = rights(house)
    posted(house, path, {**form, "may_access_records": "yes", "basis": "theirs, seen 1 October"})
    answer = house.post(path, {**form, "basis": "mine, seen 2 October"}, as_="halloran")
    assert 409 == answer.status_code
    for words in ("A colleague changed this first", "theirs, seen 1 October", "mine, seen 2 October"):
        assert words in answer.text
    version = re.findall(r'name="version" value="(\d+)"', answer.text)[0]
    again = {**form, "basis": "mine, seen 2 October", "version": version}
    assert 200 == posted(house, path, again)[0]
    assert "mine, seen 2 October" == parents(house)["Rui Ortega-Lind"].relationship.basis


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"may_decide": ""}, "may_decide"), ({"basis": ""}, "basis"), ({"version": "x"}, "version")],
    ids=["right", "basis", "version"],
)
def test_rights_need_answers(house: House, changes: dict[str, str], field: str) -> None:
    """Nothing is changed by a form with a gap."""
    path, form = rights(house, **changes)
    answer = house.post(path, form, as_="halloran")
    assert 422 == answer.status_code
    assert f'href="#{field}"' in answer.text
    assert parents(house)["Rui Ortega-Lind"].relationship.may_access_records


def test_nobody_changes_their_own_rights(house: House) -> None:
    """A case manager confirmed as a parent by a colleague cannot change it herself."""
    me = next(user for user in people()["users"] if user["key"] == "halloran")
    enrol(house, me["name"], RosterStanding.OBSERVER, subject=me["sub"])
    row = candidate(house, me["name"])
    caseload = house.caseload("halloran")
    june = next(
        one for one in caseload.people.team(house.student(CHILD)).suggestions if one.name == "June Abara"
    )
    posted(
        house,
        f"/app/c/{house.student(CHILD)}/team",
        {"do": "add", "member": str(june.id), "role": "case_manager"},
    )
    posted(house, f"{family_path(house)}/{row.member.id}", said(), as_="abara")
    path, form = rights(house, me["name"])
    answer = house.post(path, form, as_="halloran")
    assert 409 == answer.status_code
    assert "You cannot confirm your own rights." in answer.text


@pytest.mark.parametrize("lang", ["en", "es"])
def test_pages_come_in_staff_languages(house: House, lang: str) -> None:
    """Both languages render every page."""
    path, _ = rights(house)
    confirm = f"{family_path(house)}/{candidate(house, 'Ned Farrow').member.id}"
    for one in (family_path(house), path, confirm):
        answer = house.get(one, as_="halloran", lang=lang)
        assert 200 == answer.status_code
        assert f'<html lang="{lang}"' in answer.text


def test_record_access_ends_only_by_a_named_paper(house: House) -> None:
    """Custody alone takes away nothing (34 CFR 99.4): without the paper's name the form comes back, kept."""
    path, form = rights(house, document="")
    answer = house.post(path, form, as_="halloran")

    assert 422 == answer.status_code
    assert "Custody alone does not" in answer.text
    assert "court order of 12 May, on file" in answer.text


def test_protection_and_last_day_are_set_and_shown(house: House) -> None:
    """A protected address and an end stand on the family's page; clearing the end clears it."""
    path, form = rights(house, may_access_records="yes", address_protected="1", valid_to="2027-05-01")
    posted(house, path, form)
    shown = house.get(family_path(house), as_="halloran").text
    held = parents(house)["Rui Ortega-Lind"].relationship
    assert held.address_protected
    assert "Address protected" in shown
    assert "In force until" in shown
    posted(house, path, {**form, "valid_to": "", "version": str(held.version)})
    assert parents(house)["Rui Ortega-Lind"].relationship.valid_to is None


def test_confirmation_is_taken_back_by_one_tap_and_put_back_by_one(house: House) -> None:
    """No question is asked: the next page offers to put back, and both doors follow at once."""
    held = parents(house)["Rui Ortega-Lind"].relationship
    path, my = f"/app/c/{house.student(CHILD)}/rights", f"/app/my/{house.student(CHILD)}"
    assert (200, family_path(house)) == posted(house, path, {"do": "end", "relationship": str(held.id)})
    assert 404 == house.get(my, as_="rui").status_code
    assert "Put back" in house.get(family_path(house), as_="halloran").text
    posted(house, path, {"do": "back", "relationship": str(held.id)})
    assert 200 == house.get(my, as_="rui").status_code
