"""Whose rights they are, lived: undoing, coming of age, the student's own page, windows, the office."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from iepcore.access import Action, Party, Person, Resource, ResourceKind
from iepcore.calendars import SiteChoices
from iepcore.caseload import Arrival, TransferNote, WindowNote, arrive
from iepcore.caseload.standing_rights import majority_rule
from iepcore.errors import Conflict, IllegalMove, InvalidValue, NotFound, NotPermitted
from iepcore.ids import AccessWindowId, AdultId, RelationshipId, new_uuid7
from iepcore.people import (
    Identity,
    PersonKind,
    RightsStage,
    RosterStanding,
    SiteRole,
    StaffRole,
    TransferOutcome,
    WindowKind,
    WindowPart,
)
from iepcore.testing.people_values import a_relationship, a_suspension, an_adult, an_appointment
from tests.unit.caseload.town import Town

K = ResourceKind


def word(town: Town, adult_id: AdultId, kind: ResourceKind, action: Action = Action.READ) -> tuple[bool, str]:
    """Return whether an adult may, of Maya's record now, and the reason."""
    desk = replace(town.caseload("manager").desk, actor=Person(adult_id=adult_id))
    with town.store.read() as uow:
        found = desk.decision(uow, action, Resource(kind=kind, student_id=town.maya.id))
    return found.is_allowed, found.reason


def be_born(town: Town, years: int, *, days: int = 0) -> None:
    """Let Maya be so old today, less some days."""
    today = town.clock.today()
    born = today.replace(year=today.year - years) + timedelta(days=days)
    with town.store.write() as uow:
        student = uow.people.student(town.maya.id)
        assert student is not None
        uow.people.save_student(replace(student, born_on=born, version=student.version + 1))


def choose(town: Town, **choices: Any) -> None:
    """Let the site choose."""
    with town.store.write() as uow:
        held = uow.calendars.choices()
        made = replace(held, **choices, version=held.version + 1, changed_at=town.clock.now())
        uow.calendars.add_choices(made)


# ------------------------------------------------------------------------------ taking back


def test_confirmation_is_taken_back_and_put_back(each_town: Town) -> None:
    """Two taps: nothing opens any more, then everything as it was; twice the same changes nothing."""
    rights, maya = each_town.caseload("manager").rights, each_town.maya.id
    bond = each_town.relationships["mother"].id
    rights.end(bond, maya)
    rights.end(bond, maya)
    assert (False, "standing_not_current") == word(each_town, each_town.id("mother"), K.IEP)
    rights.put_back(bond, maya)
    rights.put_back(bond, maya)
    assert word(each_town, each_town.id("mother"), K.IEP)[0]
    with pytest.raises(NotFound):
        rights.end(RelationshipId(new_uuid7()), maya)


def test_nobody_takes_back_their_own_and_nobody_is_put_back_twice(town: Town) -> None:
    """A case manager who is a parent asks a colleague; a new confirmation stands in the way of the old."""
    rights, maya = town.caseload("manager").rights, town.maya.id
    mine = a_relationship(maya, town.id("manager"), valid_from=town.clock.today())
    with town.store.write() as uow:
        uow.people.add_relationship(mine)
    with pytest.raises(IllegalMove, match="own_confirmation"):
        rights.end(mine.id, maya)
    old = town.relationships["mother"]
    rights.end(old.id, maya)
    with town.store.write() as uow:
        uow.people.add_relationship(a_relationship(maya, town.id("mother"), valid_from=town.clock.today()))
    with pytest.raises(IllegalMove, match="already_confirmed"):
        rights.put_back(old.id, maya)


def test_only_who_may_change_rights_does(town: Town) -> None:
    """A teacher of the team and a parent note no transfer and open no window."""
    for who in ("teacher", "mother", "aide"):
        with pytest.raises(NotPermitted):
            town.caseload(who).rights.note_transfer(
                town.maya.id, TransferNote(outcome=TransferOutcome.TRANSFERS)
            )


# ------------------------------------------------------------------------------ coming of age


def test_parents_rights_end_on_the_eighteenth_birthday(each_town: Town) -> None:
    """The day before a mother reads and decides; on the day she gets notices, and nothing else."""
    mother = each_town.id("mother")
    be_born(each_town, 18, days=1)
    assert word(each_town, mother, K.IEP)[0]
    assert word(each_town, mother, K.CONSENT, Action.DECIDE)[0]
    be_born(each_town, 18)
    assert not word(each_town, mother, K.IEP)[0]
    assert (True, "parent_after_transfer") == word(each_town, mother, K.NOTICE)
    assert (False, "not_in_scope") == word(each_town, mother, K.MESSAGE)
    assert (False, "rights_are_the_students") == word(each_town, mother, K.CONSENT, Action.DECIDE)
    assert () == each_town.caseload("mother").home.children()
    with pytest.raises(NotPermitted):
        each_town.caseload("mother").home.child(each_town.maya.id)


@pytest.mark.parametrize(
    ("said", "reads", "writes"),
    [
        (TransferNote(outcome=TransferOutcome.TRANSFERS), False, False),
        (TransferNote(outcome=TransferOutcome.TRANSFERS, parents_may_write=True), False, True),
        (TransferNote(outcome=TransferOutcome.PARENTS_STILL_READ, basis="Signed by Maya"), True, True),
        (TransferNote(outcome=TransferOutcome.STAYS_WITH_PARENTS, basis="Order of a court"), True, True),
    ],
)
def test_what_is_noted_of_a_transfer_decides_what_parents_keep(
    town: Town, said: TransferNote, reads: bool, writes: bool
) -> None:
    """With the student's consent parents go on reading or writing; a court may leave the rights with them."""
    be_born(town, 18)
    town.caseload("manager").rights.note_transfer(town.maya.id, said)
    mother = town.id("mother")
    mine = Resource(kind=K.MESSAGE, student_id=town.maya.id, owner_id=mother)
    desk = town.caseload("mother").desk
    with town.store.read() as uow:
        assert (reads, writes) == (word(town, mother, K.IEP)[0], desk.may(uow, Action.WRITE, mine))
    decides = said.outcome is TransferOutcome.STAYS_WITH_PARENTS
    assert decides == word(town, mother, K.CONSENT, Action.DECIDE)[0]


def test_in_the_gap_both_read_the_parent_decides_and_both_sign(town: Town) -> None:
    """18 in a state whose majority is 19: FERPA's rights are the student's, Part B's the parents' (C8)."""
    choose(town, state="AL")
    be_born(town, 18)
    rights = town.caseload("manager").rights
    rights.let_student_in(town.maya.id, basis="Adult student")
    page = rights.page(town.maya.id)
    assert page.own is not None
    assert RightsStage.BOTH is page.stage
    mother, maya = town.id("mother"), page.own.adult_id
    for who, decides in ((mother, "may_decide"), (maya, "parents_decide_until_majority")):
        assert word(town, who, K.IEP)[0]
        assert decides == word(town, who, K.CONSENT, Action.DECIDE)[1]
        assert (True, "both_sign") == word(town, who, K.DISCLOSURE, Action.DECIDE)


def test_stale_note_of_a_transfer_is_refused_with_both(each_town: Town) -> None:
    """Two case managers note at once: the second sees what the first said."""
    rights, said = each_town.caseload("manager").rights, TransferNote(outcome=TransferOutcome.TRANSFERS)
    rights.note_transfer(each_town.maya.id, said)
    with pytest.raises(Conflict):
        rights.note_transfer(each_town.maya.id, said)
    told = replace(said, student_told_on=each_town.clock.today(), version=1)
    assert 2 == rights.note_transfer(each_town.maya.id, told).version
    with pytest.raises(Conflict):
        rights.note_transfer(each_town.maya.id, told)


# ------------------------------------------------------------------------------ the student's own page


def test_minor_comes_in_only_where_school_and_parent_agree(town: Town) -> None:
    """Without the school's choice, or without a parent who decides, the page stays closed; then it reads."""
    rights, maya = town.caseload("manager").rights, town.maya.id
    with pytest.raises(IllegalMove, match="student_voice_off"):
        rights.let_student_in(maya, basis="x", agreed_by=town.id("mother"))
    choose(town, student_voice=True)
    for nobody in (None, town.id("manager")):
        with pytest.raises(InvalidValue, match="signer_missing"):
            rights.let_student_in(maya, basis="x", agreed_by=nobody)
    rights.let_student_in(maya, basis="Talked at the meeting", agreed_by=town.id("mother"))
    with pytest.raises(IllegalMove, match="already_confirmed"):
        rights.let_student_in(maya, basis="x", agreed_by=town.id("mother"))
    own = rights.page(maya).own
    assert own is not None
    student = town.caseload("manager").desk
    page = replace(student, actor=Person(adult_id=own.adult_id))
    with town.store.read() as uow:
        judge = page.judge(uow)
    assert {Party.STUDENT} == {one.party for one in judge.standing.towards(maya, judge.day)}
    assert word(town, own.adult_id, K.GOAL)[0]
    assert not word(town, own.adult_id, K.INTERNAL_NOTE)[0]
    assert not word(town, own.adult_id, K.CONSENT, Action.DECIDE)[0]
    choose(town, student_voice=False)
    assert not word(town, own.adult_id, K.GOAL)[0]


def test_students_launch_finds_their_page_and_nobody_elses(town: Town) -> None:
    """A pupil has no part here until staff opened it; under a mask, or taken back, it is closed again."""
    source, subject = "lti:walk", "maya-at-school"
    with town.store.write() as uow:
        uow.people.add_identity(
            Identity(source=source, subject=subject, kind=PersonKind.STUDENT, person_id=town.maya.id)
        )
    launch = Arrival(source=source, subject=subject, name="Maya", reads="en")
    assert arrive(town.store, town.clock, launch) is None
    be_born(town, 18)
    rights = town.caseload("manager").rights
    bond = rights.let_student_in(town.maya.id, basis="Adult student")
    own = rights.page(town.maya.id).own
    assert own is not None
    assert own.adult_id == arrive(town.store, town.clock, launch)
    assert arrive(town.store, town.clock, replace(launch, worn_by="9")) is None
    rights.end(bond, town.maya.id)
    assert arrive(town.store, town.clock, launch) is None
    rights.let_student_in(town.maya.id, basis="Adult student, again")
    assert own.adult_id == arrive(town.store, town.clock, launch)
    with town.store.write() as uow:
        uow.keeping.add_suspension(a_suspension(own.adult_id))
    with pytest.raises(NotPermitted, match="person_disabled"):
        arrive(town.store, town.clock, launch)


# ------------------------------------------------------------------------------ windows


def interpreter(town: Town) -> AdultId:
    """Appoint a new interpreter of the site."""
    adult = an_adult(name="Ana Interpreter")
    with town.store.write() as uow:
        uow.people.add_adult(adult)
        uow.people.add_appointment(
            an_appointment(adult.id, role=SiteRole.INTERPRETER, starts_on=town.clock.today())
        )
    return adult.id


def a_note(town: Town, adult_id: AdultId, **changes: Any) -> WindowNote:
    """A window around a meeting that begins now."""
    now = town.clock.now()
    whole: dict[str, Any] = {
        "adult_id": adult_id,
        "kind": WindowKind.MEETING,
        "opens_at": now,
        "closes_at": now + timedelta(hours=2),
        "parts": frozenset({WindowPart.PLAN}),
        "basis": "Annual review",
        "purpose": "To interpret",
    }
    return WindowNote(**whole | changes)


def test_interpreter_reads_the_papers_in_the_meetings_window_only(each_town: Town) -> None:
    """Nothing before, the plan inside, nothing after; no goal, no message, no word to write."""
    rights, maya, ana = each_town.caseload("manager").rights, each_town.maya.id, interpreter(each_town)
    assert not word(each_town, ana, K.IEP)[0]
    note = a_note(each_town, ana)
    window = rights.open_window(maya, note)
    assert window == rights.open_window(maya, note)
    later = rights.open_window(maya, replace(note, closes_at=note.closes_at + timedelta(minutes=1)))
    assert window != later
    rights.close_window(later, maya)
    assert (True, "interpreter") == word(each_town, ana, K.IEP)
    assert not word(each_town, ana, K.GOAL)[0]
    assert not word(each_town, ana, K.IEP, Action.WRITE)[0]
    rights.close_window(window, maya)
    rights.close_window(window, maya)
    assert (False, "standing_not_current") == word(each_town, ana, K.IEP)
    assert 2 == len(rights.page(maya).windows)
    with pytest.raises(NotFound):
        rights.close_window(AccessWindowId(new_uuid7()), maya)


def test_window_of_a_meeting_is_for_interpreters_and_a_consent_needs_its_signer(town: Town) -> None:
    """Nobody else comes in by a meeting; an advocate only by what somebody who decides signed."""
    rights, maya, mother = town.caseload("manager").rights, town.maya.id, town.id("mother")
    with pytest.raises(InvalidValue, match="not_an_interpreter"):
        rights.open_window(maya, a_note(town, mother))
    with pytest.raises(NotFound):
        rights.open_window(maya, a_note(town, AdultId(new_uuid7())))
    advocate = interpreter(town)
    consent = a_note(town, advocate, kind=WindowKind.CONSENT, parts=frozenset({WindowPart.GOALS}))
    with pytest.raises(InvalidValue, match="signer_missing"):
        rights.open_window(maya, replace(consent, agreed_by=town.id("manager")))
    rights.open_window(maya, replace(consent, agreed_by=mother))
    assert (True, "outside_party") == word(town, advocate, K.GOAL)
    assert not word(town, advocate, K.IEP)[0]
    assert not word(town, advocate, K.DATA_POINT)[0]
    be_born(town, 18)
    later = replace(consent, agreed_by=mother, basis="Another letter")
    with pytest.raises(InvalidValue, match="signer_missing"):
        rights.open_window(maya, later)


def test_substitute_reads_the_private_notes_of_whom_they_replace(town: Town) -> None:
    """For the days of the place, and of that one colleague only (34 CFR 99.3(b)(1))."""
    people, today = town.caseload("manager").people, town.clock.today()
    line = town.enrol("helper", standing=RosterStanding.TEACHER)[0]
    with pytest.raises(InvalidValue, match="window_needed"):
        people.add_to_team(town.maya.id, line.id, StaffRole.SUBSTITUTE, until=today - timedelta(days=1))
    with pytest.raises(InvalidValue, match="not_on_team"):
        people.add_to_team(
            town.maya.id, line.id, StaffRole.SUBSTITUTE, until=today, stands_in_for=AdultId(new_uuid7())
        )
    place = people.add_to_team(
        town.maya.id, line.id, StaffRole.SUBSTITUTE, until=today, stands_in_for=town.id("teacher")
    )
    with town.store.read() as uow:
        held = next(one for one in uow.people.assignments_of_student(town.maya.id) if one.id == place)
        desk = replace(town.caseload("manager").desk, actor=Person(adult_id=held.adult_id))
        notes = [
            desk.may(uow, action, Resource(kind=K.PRIVATE_NOTE, student_id=town.maya.id, owner_id=owner))
            for owner in (town.id("teacher"), town.id("manager"))
            for action in (Action.READ, Action.WRITE)
        ]
    assert [True, False, False, False] == notes
    people.end_place(town.maya.id, place)
    with pytest.raises(IllegalMove, match="substitute_anew"):
        people.put_back(town.maya.id, place)


def test_site_without_choices_is_federal() -> None:
    """18, and rights transfer, until somebody says which state it is."""
    assert (18, True) == (majority_rule(SiteChoices()).age, majority_rule(SiteChoices()).transfers)
    assert 21 == majority_rule(SiteChoices(state="MS")).age
