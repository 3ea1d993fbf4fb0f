"""The one place where concrete things meet: what doors and screens get from it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from iepcore.errors import NotFound, NotPermitted
from iepcore.ids import SiteId, new_uuid7
from iepcore.people import AddressKind
from lti_app.demo.seed import people
from lti_app.doors.lti.claims import LaunchContext
from lti_app.doors.lti.roles import Standing
from lti_app.doors.records import Site
from lti_app.session.viewer import Viewer, viewer_of_token
from lti_app.settings import Settings
from lti_app.storage.migrate import upgrade
from lti_app.wiring import Wired, wire
from tests.unit.screens.conftest import House, house, seeded_file

__all__ = ["house", "seeded_file"]


def viewer_in(house: House, key: str) -> Viewer:
    """Return a person as the screens know them."""
    from lti_app.doors.parts import EXTENSION

    found = viewer_of_token(house.app.extensions[EXTENSION], house.token(key), lang=None)
    assert found is not None
    return found


def launch_of(house: House, key: str, standing: Standing, **changed: object) -> LaunchContext:
    """Return a checked launch of a person of the practice LMS."""
    user = next(user for user in people()["users"] if user["key"] == key)
    wired = house.wired
    registration = wired.doors.registrations()[0]
    made = LaunchContext(
        registration_id=registration.id,
        deployment_id="1:practice",
        site_id=wired.doors.sites()[0].id,
        source=f"lti:{registration.id}",
        subject=user["sub"],
        standing=standing,
        roles=(),
        message_type="LtiResourceLinkRequest",
        target_path="/app/",
        observees=(),
        display_name=user["name"],
        email=user["email"],
        locale="es_MX",
        time_zone="America/Chicago",
        canvas_user_id=str(user["canvas_user_id"]),
    )
    return replace(made, **changed)  # type: ignore[arg-type]


def settings_for(path: Path) -> Settings:
    """Return settings for a database file."""
    return Settings.from_env(
        {
            "IEP_DATABASE_URL": f"sqlite:///{path}",
            "IEP_PUBLIC_URL": "https://rapport.example.org",
            "IEP_SECRET_KEYS": Fernet.generate_key().decode(),
        }
    )


def test_ready_only_with_the_newest_tables(tmp_path: Path) -> None:
    """An empty database is not ready; with its tables it is, and the load balancer may send people."""
    wired = wire(settings_for(tmp_path / "new.db"))

    before = wired.ready()
    upgrade(wired.engines)
    after = wired.ready()
    wired.engines.close()

    assert (False, True) == (before, after)


def test_clocks_and_stores_are_those_of_the_site(house: House) -> None:
    """A day begins in the school's zone, and one school's store holds nothing of another."""
    wired = house.wired
    east = Site(id=SiteId(new_uuid7()), name="Far Away", zone="Pacific/Auckland")
    ours = wired.doors.sites()[0]
    wired.doors.add_site(east)

    assert 1 == (wired.site_clock(east).today() - wired.site_clock(ours).today()).days
    with wired.store(east.id).read() as uow:
        assert uow.people.student(house.student("maya")) is None
    with wired.store(ours.id).read() as uow:
        assert uow.people.student(house.student("maya")) is not None


def test_use_cases_know_which_roads_a_site_has(house: House) -> None:
    """Without a mail server the case load offers Canvas only."""
    site = house.wired.doors.sites()[0]

    assert (AddressKind.CANVAS,) == house.wired.job(site, "outbox").desk.policy.channels


def test_somebody_known_arrives_as_themselves(house: House) -> None:
    """The adult behind the subject, whatever the launch says beside it."""
    found = house.wired.arrive(launch_of(house, "halloran", Standing.STAFF))

    assert house.adult("halloran") == found


def test_a_teacher_who_was_never_here_becomes_an_adult_who_came_as_staff(house: House) -> None:
    """A new subject: a person with name, language and zone of the launch, and no right at all."""
    launch = launch_of(house, "halloran", Standing.STAFF, subject="new-teacher", display_name="Ida Rowe")

    adult_id = house.wired.arrive(launch)

    assert adult_id is not None
    with house.wired.store(launch.site_id).read() as uow:
        adult = uow.people.adult(adult_id)
        assert adult is not None
        assert () == tuple(uow.people.appointments_of_adult(adult_id))
    assert ("Ida Rowe", "es-MX", True) == (adult.name, adult.reads, adult.came_as_staff)


@pytest.mark.parametrize(
    ("locale", "reads"), [(None, "en"), ("", "en"), ("es_MX", "es-MX"), ("??", "en"), ("prs", "prs")]
)
def test_a_locale_nobody_understands_reads_english(house: House, locale: str | None, reads: str) -> None:
    """A platform's word for a language is taken when it is one."""
    launch = launch_of(house, "halloran", Standing.STAFF, subject=f"new-{locale}", locale=locale)

    adult_id = house.wired.arrive(launch)

    assert adult_id is not None
    with house.wired.store(launch.site_id).read() as uow:
        adult = uow.people.adult(adult_id)
    assert adult is not None
    assert reads == adult.reads


@pytest.mark.parametrize("standing", [Standing.LEARNER, Standing.NONE, Standing.TEST_USER])
def test_nobody_else_becomes_an_adult(house: House, standing: Standing) -> None:
    """A pupil or a stranger leaves no person behind."""
    assert house.wired.arrive(launch_of(house, "piper", standing)) is None


def test_a_launch_into_a_site_that_is_gone_finds_nothing(house: House) -> None:
    """The door checked the deployment a moment ago; the site went meanwhile."""
    launch = launch_of(house, "halloran", Standing.STAFF, site_id=SiteId(new_uuid7()))

    with pytest.raises(NotFound):
        house.wired.arrive(launch)


def test_an_adult_is_read_once_per_request(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Frame and page both ask who is looking; the store answers once."""
    viewer, wired = viewer_in(house, "halloran"), house.wired
    opened = []
    real = Wired.store
    monkeypatch.setattr(Wired, "store", lambda self, site_id: opened.append(site_id) or real(self, site_id))

    with house.app.test_request_context("/app/"):
        first, again = wired.adult(viewer), wired.adult(viewer)
    outside = wired.adult(viewer)

    assert first is again
    assert first == outside
    assert 2 == len(opened)
    assert wired.adult(replace(viewer, adult_id=None)) is None


def test_a_stranger_acts_in_nothing(house: House) -> None:
    """No use case, no Canvas address: the site does not know them."""
    stranger = replace(viewer_in(house, "halloran"), adult_id=None)

    for ask in (house.wired.caseload, house.wired.canvas_address, house.wired.canvas_leave):
        with pytest.raises(NotPermitted):
            ask(stranger)
    assert "none" == house.wired.canvas_state(stranger)


def test_the_demonstration_is_a_setting(house: House) -> None:
    """The practice pages hang on it and on nothing else."""
    before = house.wired.is_demo()
    house.wired.settings = replace(house.wired.settings, demo=True)

    assert (False, True) == (before, house.wired.is_demo())
