"""An administrator who acts as somebody: nobody is made, nothing refreshed, both ids are in the trail."""

from __future__ import annotations

from iepcore.access import AuditEvent, AuditKind
from iepcore.caseload import Arrival, arrive
from tests.unit.caseload.town import SOURCE, Town


def worn(subject: str) -> Arrival:
    """A launch under a person's face that says more of them than we know."""
    return Arrival(
        source=SOURCE,
        subject=subject,
        name="Another Name",
        reads="es",
        zone="Europe/Madrid",
        email="other@example.org",
        observes=("maya",),
        is_staff=True,
        worn_by="4711",
    )


def launches(town: Town) -> list[AuditEvent]:
    """Return the launches in the trail."""
    with town.store.read() as uow:
        found = [one for one in uow.archive.values() if isinstance(one, AuditEvent)]
    return [one for one in found if one.what == "launch"]


def test_known_person_is_opened_and_noted_but_not_refreshed(each_town: Town) -> None:
    """The adult is found as they are; the trail says whose face it was and who wore it, each time."""
    with each_town.store.read() as uow:
        before = uow.people.adult(each_town.id("teacher"))
    assert each_town.id("teacher") == arrive(each_town.store, each_town.clock, worn("teacher"))
    assert each_town.id("teacher") == arrive(each_town.store, each_town.clock, worn("teacher"))

    with each_town.store.read() as uow:
        assert before == uow.people.adult(each_town.id("teacher"))
        assert [] == list(uow.people.hints_of_pupil(SOURCE, "maya", at=each_town.clock.now()))
    assert 2 * [(AuditKind.READ, each_town.id("teacher"), "4711", "masquerade")] == [
        (one.kind, one.actor_id, one.object_id, one.job) for one in launches(each_town)
    ]


def test_unknown_person_is_not_made(each_town: Town) -> None:
    """Under a face that is new here nobody arrives."""
    assert arrive(each_town.store, each_town.clock, worn("never-here")) is None
    assert [] == launches(each_town)
    with each_town.store.read() as uow:
        assert uow.people.identity(SOURCE, "never-here") is None
