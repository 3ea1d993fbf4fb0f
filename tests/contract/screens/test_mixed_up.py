"""Ids of one child beside another's, forms sent twice in two places, and screens of somebody else's work."""

from __future__ import annotations

import pytest

from iepcore.access import AuditKind, Person
from iepcore.caseload import Letter
from iepcore.errors import InvalidValue, NotFound, NotPermitted
from iepcore.family import HomeAnswer
from iepcore.ids import AssignmentId, StudentId, new_uuid7
from iepcore.language import FreeText
from iepcore.people import Assignment, StaffRole
from lti_app.demo.caseload import demo_id
from lti_app.demo.seed import people
from tests.contract.screens.furnished import World, key
from tests.contract.screens.viewers import bearer
from tests.unit.screens.conftest import House

WORDS = FreeText(text="Good morning.", lang="en")


def refusals(house: House, child: StudentId, what: str) -> int:
    """Return how often the trail of a child tells of a refusal."""
    with house.wired.store(house.wired.doors.sites()[0].id).read() as uow:
        events = uow.audit.of_student(child, limit=10_000)
    return sum(one.kind is AuditKind.REFUSED and one.what == what for one in events)


def test_answer_of_a_twin_is_about_the_same_child(house: House) -> None:
    """A mother of twins cannot hang an answer about one on words about the other."""
    ilona, theo = house.caseload("ilona"), house.student("theo")
    letter = Letter(parts=(WORDS,), recipient_ids=frozenset({house.adult("ilona")}))
    sent = house.caseload("halloran").writing.send(theo, None, letter, key())

    with pytest.raises(NotFound):
        ilona.conversation.reply(house.student("tess"), None, WORDS, key(), in_reply_to=sent.message.id)
    assert ilona.conversation.reply(theo, None, WORDS, key(), in_reply_to=sent.message.id)


def test_key_of_one_twin_keeps_nothing_for_the_other(house: House) -> None:
    """A client key that was used for one child is refused for another, so that no words vanish silently."""
    ilona, used = house.caseload("ilona"), key()
    ilona.conversation.reply(house.student("theo"), None, WORDS, used)
    with pytest.raises(InvalidValue, match="key_used_elsewhere"):
        ilona.conversation.reply(house.student("tess"), None, WORDS, used)

    seen, answer = key(), next(iter(HomeAnswer))
    ilona.conversation.observe(house.goal("theo"), answer, seen)
    with pytest.raises(InvalidValue, match="key_used_elsewhere"):
        ilona.conversation.observe(house.goal("tess", "words"), answer, seen)


def test_seen_at_home_names_one_child(house: House) -> None:
    """The form of one twin with the goal of the other is as if it were not there, and keeps nothing."""
    form = {"goal_id": str(house.goal("tess", "words")), "answer": next(iter(HomeAnswer)).value}
    path = f"/app/my/{house.student('theo')}/seen"

    assert 404 == house.post(path, {**form, "client_key": str(key())}, as_="ilona").status_code
    page = house.caseload("ilona").home.child(house.student("tess"))
    assert all(not row.mine for row in page.goals)


def test_aide_learns_nothing_of_the_family_from_the_writing_screen(house: House, world: World) -> None:
    """An aide writes no letters, so the screen that names the readers stays shut, and the trail says so."""
    maya = house.student("maya")

    with pytest.raises(NotPermitted):
        house.caseload("moss").writing.compose(maya, None)
    assert 1 == refusals(house, maya, "compose")


def test_familys_page_is_for_the_family(house: House, world: World) -> None:
    """Staff open their own screens; the family's page refuses them and the trail says so."""
    amara = house.student("amara")
    headers = {"Authorization": f"Bearer {bearer(house, world, 'provider_here')}"}

    assert 404 == house.client.get(f"/app/my/{amara}", headers=headers).status_code
    assert 1 == refusals(house, amara, "my_child")


def test_only_words_one_may_read_go_to_an_interpreter(house: House, world: World) -> None:
    """A provider, who reads her own threads only, cannot hand a colleague's letter to an interpreter."""
    form = {"message_id": str(world.messages["letter to Osei"]), "part": "0", "to": "fr", "back_kind": "c"}
    form |= {"interpreter_id": str(house.adult("ruiz")), "back": str(house.student("amara"))}
    headers = {"Authorization": f"Bearer {bearer(house, world, 'provider_here')}"}

    assert 404 == house.client.post("/app/talk/ask", data=form, headers=headers).status_code
    before = house.get("/app/tasks", as_="ruiz").get_data(as_text=True)
    assert "calabash" not in before


def test_refused_forms_stand_in_the_trail(house: House, world: World) -> None:
    """Opening the goal form, or another's score to correct, without the right leaves a refusal."""
    maya = house.student("maya")
    _, point = world.points["manager's note on Maya's score"]

    assert 404 == house.get(f"/app/c/{maya}/new", as_="eklund").status_code
    assert 404 == house.get(f"/app/point/{point}/correct", as_="moss").status_code
    assert 1 == refusals(house, maya, "goal_form")
    assert 1 == refusals(house, maya, "point")


def test_only_who_is_listed_with_the_child_is_confirmed(house: House) -> None:
    """A roster line of another child's course, put into the address by hand, confirms nobody."""
    gwen = demo_id("member", people()["courses"][2]["context_id"], "gwen")
    said = {"relation": "mother", "home": "new", "reads": "en", "speaks": "en", "basis": "x"}
    said |= {"may_access_records": "yes", "may_decide": "yes"}
    jonah, maya = (house.student(one) for one in ("jonah", "maya"))

    assert 200 == house.post(f"/app/c/{jonah}/family/{gwen}", said, as_="halloran").status_code
    assert 200 == house.post(f"/app/c/{maya}/family/{gwen}", said, as_="halloran").status_code
    families = house.caseload("halloran").families
    assert "Gwen Ashby" not in {row.adult.name for row in families.view(jonah).rows}
    assert "Gwen Ashby" in {row.adult.name for row in families.view(maya).rows}


def test_a_refusal_and_a_read_have_their_own_lines(house: House, world: World) -> None:
    """Within ten minutes of a refusal a right may begin: the read after it is in the trail as well."""
    amara, now = house.student("amara"), house.clock()
    asker = house.wired.caseload_of(
        house.wired.doors.sites()[0], Person(adult_id=world.adults["unknown_staff"])
    )
    with pytest.raises(NotPermitted):
        asker.goals.student(amara)
    with house.wired.store(house.wired.doors.sites()[0].id).write() as uow:
        uow.people.add_assignment(
            Assignment(
                id=AssignmentId(new_uuid7()),
                adult_id=world.adults["unknown_staff"],
                student_id=amara,
                role=StaffRole.SPECIAL_ED_TEACHER,
                starts_on=now.date(),
                assigned_by=house.adult("halloran"),
                assigned_at=now,
            )
        )
    asker.goals.student(amara)
    with house.wired.store(house.wired.doors.sites()[0].id).read() as uow:
        events = uow.audit.of_student(amara, limit=10_000)
    kinds = {one.kind for one in events if one.actor_id == world.adults["unknown_staff"]}
    assert {AuditKind.READ, AuditKind.REFUSED} == kinds
