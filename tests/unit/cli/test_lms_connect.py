"""``iep lms invite``, ``approve``, ``off`` and ``keys``."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from lti_app.doors.records import Deployment, DeploymentState
from lti_app.session.tokens import hash_of
from tests.unit.cli.conftest import Shell
from tests.unit.cli.test_lms import add


def test_an_invite_is_one_address(school: Shell) -> None:
    """The address alone stands on standard output, to be copied; the code is kept nowhere."""
    done = school.ok("lms", "invite", "--hours", "5")

    (url,) = done.lines
    assert url.startswith("https://rapport.example.org/lti/register/")
    assert "for 5 hours, for “My school”" in done.err
    code = url.rsplit("/", 1)[1]
    wired = school.wired()
    kept = wired.installs.invite(hash_of(code), at=wired.clock())
    wired.engines.close()
    assert kept is not None
    assert timedelta(hours=5) == kept.expires_at - kept.created_at
    assert kept.made_by is None
    assert code not in str(school.tables())


@pytest.mark.parametrize("hours", ["0", "721", "x"])
def test_an_invite_has_an_end(school: Shell, hours: str) -> None:
    """An endless link would lie about in mailboxes."""
    assert 2 == school.run("lms", "invite", "--hours", hours).code


def test_what_waits_is_approved_and_turned_off(school: Shell) -> None:
    """A deployment opens one site, and is closed again by one command."""
    add(school)
    chosen = school.ok("lms", "list").lines[0].split()[0]

    school.ok("lms", "off", chosen, "42:abc")
    assert "disabled" in school.ok("lms", "list").lines[1]
    school.ok("lms", "approve", chosen, "42:abc")

    wired = school.wired()
    (held,) = wired.doors.deployments()
    wired.engines.close()
    assert DeploymentState.ACTIVE is held.state


def test_only_a_named_deployment_can_be_claimed(school: Shell) -> None:
    """Some vendors give one client id to every school: being first is not enough."""
    school.ok("lms", "add", "--preset", "blackboard", "--client-id", "shared-by-all")
    chosen = school.ok("lms", "list").lines[0].split()[0]
    wired = school.wired()
    (before,) = wired.installs.installations()
    wired.doors.save_deployment(
        Deployment(
            registration_id=before.registration_id,
            deployment_id="ours",
            state=DeploymentState.PENDING,
            site_id=None,
        )
    )
    school.ok("lms", "approve", chosen, "ours")
    (after,) = wired.installs.installations()
    wired.engines.close()

    assert before.claim_until is None
    assert after.claim_until is not None


def test_a_deployment_keeps_its_site(school: Shell) -> None:
    """Another school's deployment is not taken by approving it."""
    add(school)
    school.ok("site", "create", "Alder Creek")
    chosen = school.ok("lms", "list").lines[0].split()[0]
    before = school.tables()

    done = school.run("lms", "approve", chosen, "42:abc", "--site", "Alder Creek")

    assert 1 == done.code
    assert "belongs to another site already" in done.err
    assert before == school.tables()


@pytest.mark.parametrize("command", ["approve", "off"])
def test_an_unknown_deployment_is_said(school: Shell, command: str) -> None:
    """A typing mistake changes nothing."""
    done = school.run("lms", command, uuid4(), "1:x")

    assert 1 == done.code
    assert "There is no such deployment." in done.err


def test_the_newest_key_signs_and_the_others_stay(school: Shell) -> None:
    """A new key signs at once; the old one is published for two more weeks at most."""
    (first,) = school.ok("lms", "keys", "list").lines
    school.ok("lms", "keys", "rotate")
    lines = school.ok("lms", "keys", "list").lines

    assert ["signs", "published"] == [line.split()[1] for line in lines]
    assert first.split()[0] == lines[1].split()[0]
    wired = school.wired()
    new, old = wired.doors.keys(at=wired.clock())
    wired.engines.close()
    assert old.expires_at is not None
    assert timedelta(days=13) < old.expires_at - new.created_at <= timedelta(days=14)


def test_a_lost_key_is_published_no_more(school: Shell) -> None:
    """What may be in wrong hands leaves the key set at once; no private half is readable in the file."""
    school.ok("lms", "keys", "list")
    done = school.ok("lms", "keys", "rotate", "--lost")

    assert "no longer published" in done.out
    (only,) = school.ok("lms", "keys", "list").lines
    assert only.split()[0] == done.lines[0].split()[0]
    assert "PRIVATE KEY" not in str(school.tables())


def test_a_connection_that_went_wrong_is_removed(school: Shell) -> None:
    """What never opened a site goes with all that hangs on it; what did stays."""
    school.ok("lms", "add", "--preset", "canvas", "--client-id", "typed-wrong")
    chosen = school.ok("lms", "list").lines[0].split()[0]
    key = ("--base-url", "https://school.instructure.com", "--client-id", "1", "--client-secret", "made-up")
    school.ok("lms", "canvas", *key)
    wired = school.wired()
    wired.doors.save_deployment(
        Deployment(
            registration_id=UUID(chosen), deployment_id="1:x", state=DeploymentState.PENDING, site_id=None
        )
    )
    wired.engines.close()

    school.ok("lms", "remove", chosen)

    tables = school.tables()
    assert [] == tables["registration"] == tables["installation"] == tables["deployment"]
    assert [] == tables["api_client"]
    assert 1 == school.run("lms", "remove", chosen).code


def test_a_connection_that_opened_a_site_is_kept(school: Shell) -> None:
    """Identities of people hang on it."""
    add(school)
    chosen = school.ok("lms", "list").lines[0].split()[0]
    before = school.tables()

    done = school.run("lms", "remove", chosen)

    assert 1 == done.code
    assert "turn it off" in done.err
    assert before == school.tables()
