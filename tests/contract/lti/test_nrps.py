"""Rosters in parts and by differences: what is asked, what counts as whole, what stays in memory only."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from iepcore.errors import IllegalMove
from iepcore.people import RosterStanding
from lti_app.doors.launch_offers import Offers
from lti_app.doors.lti.roster import Roster
from lti_app.doors.lti.services import PlatformServices, ServiceSilent
from lti_app.doors.parts import parts
from lti_app.roster import Rosters
from lti_app.screens.parts import RosterPull
from tests.contract.lti.conftest import Stage
from tests.contract.lti.platform import CLAIM, ROLE
from tests.contract.lti.test_roster_pull import START, WITH_CUSTOM, Book, person, publish, viewer

ADA = {"user_id": "ada", "roles": [ROLE + "Instructor"]}


@pytest.fixture
def services(stage: Stage) -> PlatformServices:
    """Services that do not really wait between tries."""
    return PlatformServices(
        keys=parts(stage.app).own_keys, clock=stage.clock, pause=lambda seconds: None, timeout_seconds=(5, 5)
    )


def roster(stage: Stage, services: PlatformServices, path: str = START) -> Roster:
    """The roster of the course."""
    return Roster(
        services=services,
        registration=stage.platform.registration,
        deployment_id="dep-1",
        url=stage.platform.server.url_for(path),
    )


def told(stage: Stage, path: str, members: list[Any], link: str) -> None:
    """Publish a page with a link."""
    stage.platform.roster_pages[path] = (200, {"members": members}, link)


def asked(stage: Stage) -> list[str]:
    """Return what the platform was asked, in order."""
    return [request.full_path.rstrip("?") for request in stage.platform.roster_requests]


@pytest.mark.parametrize(
    ("path", "link", "full"),
    [
        (START, "link-7", START + "?rlid=link-7"),
        (START + "?rlid=old", "link-7", START + "?rlid=old"),
        (START + "?c=3", "a b&c", START + "?c=3&rlid=a+b%26c"),
        (START, None, START),
    ],
    ids=["N9-plain", "N9-not-doubled", "N9-with-query", "N9-none"],
)
def test_link_is_named_once(
    stage: Stage, services: PlatformServices, path: str, link: str | None, full: str
) -> None:
    """The link whose custom fields are wanted goes into the query once; an address that has one keeps it."""
    publish(stage, full, person(1))
    assert 1 == len(roster(stage, services, path).read(link=link).members)
    assert [full] == asked(stage)


def test_custom_fields_of_several_listings(stage: Stage, services: PlatformServices) -> None:
    """N8, N9: two listings of a person are one member with all roles, and the number of the later one."""
    fields = {CLAIM + "custom": {"canvas_user_id": "5"}}
    twice = [person(1), person(1, ROLE + "Mentor", message=[{"x": 1}, fields])]
    publish(stage, START + "?rlid=link-7", *twice)
    (member,) = roster(stage, services).read(link="link-7").members
    assert ((ROLE + "Learner", ROLE + "Mentor"), "5") == (member.roles, member.canvas_user_id)


def test_part_of_a_roster_is_marked_as_one(stage: Stage, services: PlatformServices) -> None:
    """N7: readings by role are not complete, so that nobody seems to have left; what a platform does not
    filter we do.
    """
    path = START + "?role=http%3A%2F%2Fpurl.imsglobal.org%2Fvocab%2Flis%2Fv2%2Fmembership%23Learner&limit=50"
    told(stage, path, [ADA, person(1)], '<?page=2>; rel="next"')
    told(stage, START + "?page=2", [person(2)], "")
    read = roster(stage, services).read(role=ROLE + "Learner", limit=50)
    assert (("user-1", "user-2"), False) == (tuple(one.user_id for one in read.members), read.complete)
    publish(stage, START + "?limit=50", person(1))
    assert roster(stage, services).read(limit=50).complete


def test_changes_come_from_where_the_platform_says(stage: Stage, services: PlatformServices) -> None:
    """N5: the address for differences is used as sent; who is deleted there comes as such, and a new address
    comes along.
    """
    told(stage, START, [person(1)], '<?page=2>; rel="next"')
    told(stage, START + "?page=2", [person(2)], '<?since=AbC%3D>; rel="differences"')
    read = roster(stage, services).read()
    assert read.differences_url == stage.platform.server.url_for(START) + "?since=AbC%3D"
    told(stage, START + "?since=AbC%3D", [person(2, status="Deleted")], '<?since=D>; rel="differences"')
    changes = roster(stage, services).differences(read.differences_url)
    assert ([("user-2", "Deleted")], False) == (
        [(one.user_id, one.status) for one in changes.members],
        changes.complete,
    )
    assert str(changes.differences_url).endswith("?since=D")
    with pytest.raises(ServiceSilent, match="roster_other_host"):
        roster(stage, services).differences("http://127.0.0.1:1/roster")


def test_later_pulls_ask_for_changes_only(stage: Stage, services: PlatformServices) -> None:
    """N5, N7: the second pull of a course asks what changed and keeps it as a part; a wish for a fresh list,
    and a platform that forgot, read everybody.
    """
    who = viewer(stage, canvas_user_id=None)
    rosters, book = Rosters(stage.wiring.doors, stage.clock), Book()
    told(stage, START, [person(1), person(2)], '<?since=1>; rel="differences"')
    told(stage, START + "?since=1", [person(2, status="Deleted")], '<?since=2>; rel="differences"')
    rosters.pull(who, services, book)
    stage.clock.forward(seconds=61)
    assert RosterPull(count=1, complete=True) == rosters.pull(who, services, book)
    rosters.pull(who, services, book, fresh=True)
    stage.clock.forward(seconds=61)
    stage.platform.roster_pages.pop(START + "?since=1")
    rosters.pull(who, services, book)
    assert [True, False, True, True] == book.complete
    assert [START, START + "?since=1", START, START + "?since=1", START] == asked(stage)
    assert [False] == [line.active for line in book.kept[1]]


def test_list_that_lost_too_many_is_told(stage: Stage, services: PlatformServices) -> None:
    """N7: what the address book refuses to believe is said by its code, and the changes are asked anew."""
    told(stage, START, [person(1)], '<?since=1>; rel="differences"')
    who = viewer(stage, canvas_user_id=None)
    rosters = Rosters(stage.wiring.doors, stage.clock)
    pulled = rosters.pull(who, services, Book(IllegalMove("roster_shrunk")))
    assert RosterPull(count=1, complete=False, problem="roster_shrunk") == pulled
    rosters.pull(who, services, Book(), fresh=True)
    assert [START, START] == asked(stage)


def test_observers_are_contacts_without_a_child(stage: Stage, services: PlatformServices) -> None:
    """N13: a list names observers, not whom they observe: they become lines of the address book, no more."""
    publish(stage, START, person(1, ROLE + "Mentor", name="Dana Adult"), person(2, name="Nia New"))
    book = Book()
    Rosters(stage.wiring.doors, stage.clock).pull(viewer(stage, canvas_user_id=None), services, book)
    assert [("user-1", RosterStanding.OBSERVER), ("user-2", RosterStanding.PUPIL)] == [
        (line.subject, line.standing) for line in book.kept[0]
    ]
    assert [] == stage.wiring.arrivals.met


@pytest.mark.parametrize(
    ("family", "number", "full"),
    [("canvas", None, WITH_CUSTOM), (None, "9", WITH_CUSTOM), ("moodle", "9", START), (None, None, START)],
    ids=["N9-canvas", "N9-canvas-by-number", "N9-moodle", "N9-other"],
)
def test_products_differ_by_their_rules(
    stage: Stage, services: PlatformServices, family: str | None, number: str | None, full: str
) -> None:
    """Only Canvas is asked for custom fields by the course's own id."""
    publish(stage, full, person(1))
    who = viewer(stage, canvas_user_id=number, offers=Offers(family=family))
    assert 1 == Rosters(stage.wiring.doors, stage.clock).pull(who, services, Book()).count
    assert [full] == asked(stage)


class TestNames:
    """The names of a course, for checking what leaves."""

    def test_kept_list_is_enough(self, stage: Stage, services: PlatformServices) -> None:
        """Where an address book is kept nobody is asked; only pupils count."""
        publish(stage, START, person(1, name="Nia New"), person(2, ROLE + "Instructor", name="Ada Adult"))
        book = Book()
        rosters, who = Rosters(stage.wiring.doors, stage.clock), viewer(stage, canvas_user_id=None)
        rosters.pull(who, services, book)
        stage.platform.roster_requests.clear()
        (lines,) = book.kept
        assert {RosterStanding.PUPIL, RosterStanding.TEACHER} == {line.standing for line in lines}
        assert (("Nia New",), True) == rosters.pupil_names(who, services, lines)
        assert [] == asked(stage)

    def test_platform_is_asked_once_a_minute(self, stage: Stage, services: PlatformServices) -> None:
        """Without a kept list the platform is asked; its answer is remembered for a minute."""
        publish(stage, START, person(1, name="Nia New"), person(2))
        rosters, who = Rosters(stage.wiring.doors, stage.clock), viewer(stage)
        for seconds in (0, 59, 2):
            stage.clock.forward(seconds=seconds)
            assert (("Nia New",), True) == rosters.pupil_names(who, services, ())
        assert [START, START] == asked(stage)

    @pytest.mark.parametrize(
        "changes", [{"roster_url": None}, {"registration_id": None}, {"context_id": None}]
    )
    def test_no_list_is_no_knowledge(
        self, stage: Stage, services: PlatformServices, changes: dict[str, Any]
    ) -> None:
        """Without a roster the caller is told that nothing is known; so when the platform refuses."""
        rosters = Rosters(stage.wiring.doors, stage.clock)
        assert ((), False) == rosters.pupil_names(viewer(stage, **changes), services, ())
        assert ((), False) == rosters.pupil_names(replace(viewer(stage)), services, ())
