"""``iep person`` and ``iep hold``: somebody is out everywhere at once; a held record cannot be erased."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from pytest_httpserver import HTTPServer

from iepcore.access import AuditEvent
from iepcore.caseload import Letter
from iepcore.errors import NotPermitted
from iepcore.ids import HoldId
from iepcore.language import FreeText
from iepcore.notices import OutboxState
from lti_app.delivery.grants import SiteGrants
from lti_app.demo.caseload import demo_id
from lti_app.doors.records import ApiGrant, GrantState
from lti_app.session.tokens import hash_of
from tests.unit.cli.conftest import House, Shell

MAYA = demo_id("student", "maya")


@pytest.fixture
def canvas(httpserver: HTTPServer) -> HTTPServer:
    """A Canvas that takes a grant back."""
    httpserver.expect_request("/login/oauth2/token", method="DELETE").respond_with_json({})
    return httpserver


@pytest.fixture
def lent(house: House, canvas: HTTPServer) -> House:
    """A house whose teacher has lent her inbox."""
    doors, site = house.wired.doors, house.wired.doors.sites()[0]
    registration = doors.registrations()[0]
    client = doors.api_client(registration.id)
    assert client is not None
    doors.save_api_client(replace(client, base_url=canvas.url_for("").rstrip("/")))
    doors.save_grant(
        ApiGrant(
            site_id=site.id,
            registration_id=registration.id,
            adult_id=house.adult("halloran"),
            access_token="a" * 40,
            refresh_token="r" * 40,
            expires_at=house.clock() + timedelta(hours=1),
            platform_user_id="11",
        )
    )
    return house


def _write(house: House, by: str, to: str) -> None:
    letter = Letter(
        parts=(FreeText(text="She smiled a lot.", lang="en"),), recipient_ids=frozenset({house.adult(to)})
    )
    house.caseload(by).writing.send(house.student("maya"), house.goal("maya"), letter, house.key())


def _trail(house: House) -> Iterator[AuditEvent]:
    with house.wired.store(house.wired.doors.sites()[0].id).read() as uow:
        yield from (one for one in uow.archive.values() if isinstance(one, AuditEvent))


# ---------------------------------------------------------------------------------------------------- people


def test_everything_of_a_disabled_teacher_ends_at_once(
    lent: House, house_shell: Shell, canvas: HTTPServer
) -> None:
    """Sessions, the lent inbox here and in Canvas, a connection in flight, waiting notices, rights."""
    house, teacher = lent, lent.adult("halloran")
    assert 200 == house.get("/app/", as_="halloran").status_code
    session = hash_of(house.token("halloran"))
    house.wired.doors.add_grant_state(
        GrantState(
            state_hash=hash_of("s"),
            registration_id=house.wired.doors.registrations()[0].id,
            site_id=house.wired.doors.sites()[0].id,
            adult_id=teacher,
            token_hash=session,
            expires_at=house.clock() + timedelta(minutes=10),
        )
    )
    _write(house, "halloran", "dana")

    done = house_shell.ok("person", "disable", teacher, "--reason", "Left the school")

    assert re.search(r"is disabled since .* UTC\.\nSessions ended: [1-9]", done.out)
    assert "Notices stopped: 1." in done.out
    assert "The Canvas inbox that the person lent was given back." in done.out
    assert "Halloran" not in done.out
    assert 401 == house.get("/app/", as_="halloran").status_code
    site = house.wired.doors.sites()[0]
    grant = house.wired.doors.grant(site.id, teacher)
    assert grant is not None
    assert (True, "", "") == (grant.lost, grant.access_token, grant.refresh_token)
    assert ["DELETE"] == [one.method for one, _ in canvas.log]
    with pytest.raises(NotPermitted, match="person_disabled"):
        _write(house, "halloran", "dana")
    assert "disable_person" in {one.what for one in _trail(house) if one.job == "standing"}


def test_nothing_is_deleted_and_the_person_can_come_back(house: House, house_shell: Shell) -> None:
    """Every row is as before but for the suspension and the trail; after ``enable`` rights stand again."""
    teacher = house.adult("halloran")
    moved = ("audit_event", "chain_head", "suspension")
    before = {n: r for n, r in house_shell.tables().items() if n not in moved}

    house_shell.ok("person", "disable", teacher)
    again = house_shell.ok("person", "disable", teacher)
    after = {n: r for n, r in house_shell.tables().items() if n not in moved}
    listed = house_shell.ok("person", "list").out
    house_shell.ok("person", "enable", teacher)
    twice = house_shell.run("person", "enable", teacher)

    assert before == after
    assert "Sessions ended: 0. Notices stopped: 0." in again.out
    assert 1 == listed.count("disabled since")
    assert (1, True) == (twice.code, "This person is not disabled." in twice.err)
    _write(house, "halloran", "dana")
    assert "disabled since" not in house_shell.ok("person", "list").out


def test_whoever_is_out_sits_behind_no_other_face(house: House, house_shell: Shell) -> None:
    """C10: a masqueraded session does not say who wears it, so disabling anybody ends all of them."""
    doors = house.wired.doors
    other = house.token("abara")
    plain = doors.session(hash_of(house.token("halloran")))
    assert plain is not None
    doors.open_session(replace(plain, key="", token_hash=hash_of("worn"), masquerade=True))

    done = house_shell.ok("person", "disable", house.adult("pell"))

    assert "Sessions ended: 1." in done.out
    worn, own, others = (doors.session(hash_of(one)) for one in ("worn", house.token("halloran"), other))
    assert worn is not None
    assert own is not None
    assert others is not None
    assert worn.revoked_at is not None
    assert (None, None) == (own.revoked_at, others.revoked_at)


def test_two_known_by_one_address_are_named_by_id(house: House, house_shell: Shell) -> None:
    """Nobody is disabled by a guess; both ids are told, so that each can be, and no name."""
    site = house.wired.doors.sites()[0]
    with house.wired.store(site.id).write() as uow:
        dana, other = (uow.people.adult(house.adult(key)) for key in ("dana", "elena"))
        assert dana is not None
        assert other is not None
        uow.people.save_adult(replace(other, addresses=dana.addresses, version=other.version + 1))
    address = next(one.value for one in dana.addresses if "@" in one.value)

    done = house_shell.run("person", "disable", address)

    assert 1 == done.code
    assert "2 are known here by that. Nothing was changed" in done.err
    assert {str(dana.id), str(other.id)} <= set(done.err.split())
    assert dana.name not in done.err
    assert [] == list(house.caseload("ames").keeping.disabled())


def test_a_canvas_that_does_not_answer_keeps_nobody_in(
    lent: House, house_shell: Shell, canvas: HTTPServer
) -> None:
    """The grant is forgotten here all the same."""
    canvas.stop()  # type: ignore[no-untyped-call]
    try:
        done = house_shell.ok("person", "disable", lent.adult("halloran"))
    finally:
        canvas.start()  # type: ignore[no-untyped-call]

    assert "was given back" in done.out
    site = lent.wired.doors.sites()[0]
    client = lent.wired.doors.api_client_of_site(site.id)
    assert client is not None
    held = SiteGrants(lent.wired.doors, site, client).load(lent.adult("halloran"))
    assert held is not None
    assert held.is_lost


def test_a_grant_that_no_key_opens_keeps_nobody_in(lent: House, house_shell: Shell) -> None:
    """With the keys gone the person is disabled, and the grant is useless anyway."""
    other = Fernet.generate_key().decode()

    done = house_shell.ok("person", "disable", lent.adult("halloran"), IEP_SECRET_KEYS=other)

    assert "is disabled since" in done.out
    assert "given back" not in done.out


@pytest.mark.parametrize("how", ["id", "mail", "subject"])
def test_a_person_is_found_by_what_is_known(house: House, house_shell: Shell, how: str) -> None:
    """Our id, a mail address in any case, the platform's id; a parent as well as a teacher."""
    site = house.wired.doors.sites()[0]
    with house.wired.store(site.id).read() as uow:
        adult = uow.people.adult(house.adult("dana"))
        subject = uow.people.identities_of(house.adult("dana"))[0].subject
    assert adult is not None
    address = next(one.value for one in adult.addresses if "@" in one.value)
    ref = {"id": str(adult.id), "mail": address.upper(), "subject": subject}[how]
    _write(house, "halloran", "dana")

    done = house_shell.ok("person", "disable", ref)

    assert done.out.startswith(str(adult.id))
    assert "Notices stopped: 1." in done.out
    with house.wired.store(site.id).read() as uow:
        assert 1 == uow.outbox.counts()[OutboxState.HELD.value]


def test_nobody_and_bad_reasons_change_nothing(house: House, house_shell: Shell) -> None:
    """An unknown reference and a reason of two lines are told in a line."""
    before = house_shell.tables()

    nobody = house_shell.run("person", "disable", uuid4())
    wordy = house_shell.run("person", "disable", house.adult("dana"), "--reason", "two\nlines")

    assert (1, 1) == (nobody.code, wordy.code)
    assert "Nobody here is known by that." in nobody.err
    assert "--reason must be one line" in wordy.err
    assert before == house_shell.tables()


def test_the_list_names_staff_and_no_family(house: House, house_shell: Shell) -> None:
    """Families stand there by id only."""
    lines = house_shell.ok("person", "list").lines

    parent = next(line for line in lines if str(house.adult("dana")) in line)
    assert f"{house.adult('dana')}  not staff" == parent
    teacher = next(line for line in lines if str(house.adult("halloran")) in line)
    assert "Halloran" in teacher


# ----------------------------------------------------------------------------------------------------- holds


def test_a_held_record_is_not_erased_by_any_command(seeded: Shell) -> None:
    """The refusal names the reason and the hold; lifted, the record can go. All of it is in an export."""
    placed = seeded.ok("hold", "place", "--student", MAYA, "--reason", "Complaint of 3 November").out
    hold_id = placed.split()[0]
    before = seeded.tables()

    dry = seeded.run("data", "erase", "--student", MAYA)
    wet = seeded.run("data", "erase", "--student", MAYA, "--yes")

    assert (1, 1) == (dry.code, wet.code)
    for refused in (dry, wet):
        assert "A legal hold keeps this record. Nothing was erased." in refused.err
        assert "Complaint of 3 November" in refused.err
        assert hold_id in refused.err
    assert before == seeded.tables()
    export = seeded.folder / "out.jsonl"
    seeded.ok("data", "export", "--student", MAYA, "--to", export)
    assert '"type": "legal_hold"' in export.read_text(encoding="utf-8")

    seeded.ok("hold", "lift", hold_id)

    listed = seeded.ok("hold", "list").lines
    assert 1 == len(listed)
    assert f"student {MAYA}" in listed[0]
    assert "by the command line  lifted" in listed[0]
    seeded.ok("data", "erase", "--student", MAYA, "--yes")
    assert [] == seeded.ok("hold", "list").lines


def test_a_hold_on_the_school_covers_every_child(seeded: Shell) -> None:
    """No child of it can be erased while it is in force."""
    seeded.ok("hold", "place", "--reason", "Litigation")

    done = seeded.run("data", "erase", "--student", MAYA, "--yes")

    assert (1, True) == (done.code, "the whole school" in done.err)
    assert "in force  Litigation" in seeded.ok("hold", "list").out


def test_mistaken_holds_are_told_in_a_line(seeded: Shell) -> None:
    """A child or a hold that is not here, and a reason that is none."""
    stranger = seeded.run("hold", "place", "--student", uuid4(), "--reason", "Complaint")
    silent = seeded.run("hold", "place", "--reason", " ")
    unknown = seeded.run("hold", "lift", HoldId(uuid4()))

    assert (1, 1, 1) == (stranger.code, silent.code, unknown.code)
    assert "There is no such record here." in stranger.err
    assert "--reason must be one line" in silent.err
    assert "There is no such hold." in unknown.err
