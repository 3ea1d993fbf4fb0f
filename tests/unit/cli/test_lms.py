"""``iep lms``: connecting a platform by hand, its Canvas key, and the list."""

from __future__ import annotations

from uuid import uuid4

import pytest

from lti_app.doors.records import DeploymentState
from tests.unit.cli.conftest import Done, Shell

PLATFORM = {
    "--issuer": "https://canvas.instructure.com",
    "--client-id": "170000000000042",
    "--deployment-id": "42:abc",
    "--auth-url": "https://sso.canvaslms.com/api/lti/authorize_redirect",
    "--token-url": "https://sso.canvaslms.com/login/oauth2/token",
    "--jwks-url": "https://sso.canvaslms.com/api/lti/security/jwks",
}


def add(school: Shell, *more: str, **changed: str) -> Done:
    """Connect the platform, some options changed (``auth_url`` for ``--auth-url``)."""
    options = {**PLATFORM, **{f"--{name.replace('_', '-')}": text for name, text in changed.items()}}
    return school.run("lms", "add", *(word for pair in options.items() for word in pair), *more)


def test_a_platform_is_connected_and_told_our_addresses(school: Shell) -> None:
    """What the platform's administrator needs next is printed; the deployment is open at once."""
    done = add(school)

    assert 0 == done.code, done.err
    assert [
        "Connected https://canvas.instructure.com for “My school”.",
        "Give the platform these addresses:",
        "  login    https://rapport.example.org/lti/login",
        "  launch   https://rapport.example.org/lti/launch",
        "  key set  https://rapport.example.org/lti/jwks",
    ] == done.lines
    wired = school.wired()
    registration = wired.doors.registrations()[0]
    deployment = wired.doors.deployment(registration.id, "42:abc")
    wired.engines.close()
    assert PLATFORM["--jwks-url"] == registration.jwks_url
    assert deployment is not None
    assert DeploymentState.ACTIVE is deployment.state


def test_the_same_platform_again_gets_new_addresses_and_keeps_its_id(school: Shell) -> None:
    """People's identities hang on the id, so a new address must not make a new registration."""
    add(school)
    before = school.ok("lms", "list").lines

    done = add(school, token_url="https://other.example.org/token", deployment_id="43:def")

    assert done.out.startswith("Updated https://canvas.instructure.com")
    after = school.ok("lms", "list").lines
    assert before[0] == after[0]
    assert ["42:abc", "43:def"] == sorted(line.split()[1] for line in after[1:])


def test_every_wrong_address_is_told_at_once(school: Shell) -> None:
    """Three wrong addresses, one answer, nothing written."""
    done = add(
        school,
        auth_url="http://lms.example.org/auth",
        token_url="javascript:alert(1)",
        jwks_url="https://[bad",
    )

    assert 1 == done.code
    for name in ("--auth-url", "--token-url", "--jwks-url"):
        assert f"{name} must be an https address." in done.err
    assert "Nothing was changed." in done.err
    assert "" == school.ok("lms", "list").out


def test_plain_http_goes_for_this_machine_with_a_warning(school: Shell) -> None:
    """A practice LMS on loopback is no danger; it is said all the same."""
    done = add(school, auth_url="http://localhost:8600/auth")

    assert 0 == done.code
    assert "Warning: --auth-url is plain http: good for trying out on this machine only.\n" == done.err


@pytest.mark.parametrize("option", ["issuer", "client_id", "deployment_id"])
@pytest.mark.parametrize("text", ["", "x" * 256], ids=["empty", "too long"])
def test_names_of_the_platform_have_a_length(school: Shell, option: str, text: str) -> None:
    """An empty or endless name is refused before anything is written."""
    done = add(school, **{option: text})

    assert 1 == done.code
    assert f"--{option.replace('_', '-')} must have 1 to 255 characters." in done.err
    assert "" == school.ok("lms", "list").out


def test_an_option_left_out_is_named(school: Shell) -> None:
    """click's own complaint passes through, with its exit code."""
    done = school.run("lms", "add", "--issuer", "https://canvas.instructure.com")

    assert 2 == done.code
    assert "Missing option '--client-id'" in done.err


def test_a_deployment_of_another_site_stays_there(school: Shell) -> None:
    """One deployment leads to one school: a second school cannot take it, and nothing of it changes."""
    school.ok("site", "create", "Alder Creek")
    add(school, "--site", "My school")
    before = school.tables()

    done = add(school, "--site", "Alder Creek", token_url="https://elsewhere.example.org/token")

    assert 1 == done.code
    assert "This deployment belongs to another site already. Nothing was changed." in done.err
    assert before == school.tables()


def test_an_unknown_site_is_refused(school: Shell) -> None:
    """A mistyped school connects nothing."""
    done = add(school, "--site", "My scool")

    assert 1 == done.code
    assert "There is no such site." in done.err
    assert "" == school.ok("lms", "list").out


# --------------------------------------------------------------------------------------------- Canvas' key


KEY_WORDS = ("--base-url", "https://school.instructure.com", "--client-id", "10000000000007")
SECRET = ("--client-secret", "not-a-real-secret")


def test_the_canvas_key_is_kept_encrypted(school: Shell) -> None:
    """The answer names the redirect address; the secret is nowhere in the file or on the screen."""
    add(school)

    done = school.ok("lms", "canvas", *KEY_WORDS, *SECRET)

    assert [
        "Stored. The key's redirect address must be:",
        "  https://rapport.example.org/canvas/back",
    ] == done.lines
    database = school.folder / "rapport.db"
    written = b"".join(path.read_bytes() for path in school.folder.glob(f"{database.name}*"))
    assert b"school.instructure.com" in written
    assert SECRET[1].encode() not in written
    assert SECRET[1] not in done.out + done.err
    wired = school.wired()
    kept = wired.doors.api_client(wired.doors.registrations()[0].id)
    wired.engines.close()
    assert kept is not None
    assert SECRET[1] == kept.client_secret


@pytest.mark.parametrize(
    "url",
    [
        "https://school.instructure.com/courses",
        "http://school.instructure.com",
        "school.instructure.com",
        "x",
    ],
)
def test_a_canvas_address_with_anything_after_the_host_is_refused(school: Shell, url: str) -> None:
    """A key goes to one host by https; nothing else is guessed."""
    add(school)

    done = school.run("lms", "canvas", "--base-url", url, "--client-id", "1", *SECRET)

    assert 1 == done.code
    assert "Write https://host and nothing after it." in done.err
    assert SECRET[1] not in done.err


def test_a_key_must_know_its_platform(school: Shell) -> None:
    """Without any platform, with two, or with an unknown id, the command asks which."""
    none = school.run("lms", "canvas", *KEY_WORDS, *SECRET)
    add(school)
    add(school, client_id="170000000000043")
    two = school.run("lms", "canvas", *KEY_WORDS, *SECRET)
    unknown = school.run("lms", "canvas", *KEY_WORDS, *SECRET, "--registration", uuid4())
    chosen = school.ok("lms", "list").lines[0].split()[0]
    right = school.run("lms", "canvas", *KEY_WORDS, *SECRET, "--registration", chosen)

    assert [1, 1, 1, 0] == [none.code, two.code, unknown.code, right.code]
    assert 3 == sum("Say which platform with --registration." in done.err for done in (none, two, unknown))


def test_the_list_shows_what_leads_where(school: Shell) -> None:
    """Platform, client, switch; below it deployments with their state and school."""
    add(school)

    first, second = school.ok("lms", "list").lines

    assert first.endswith("https://canvas.instructure.com  client 170000000000042  on")
    assert "    deployment 42:abc  active  My school" == second


# --------------------------------------------------------------------------------------------- presets


def test_a_preset_fills_in_the_addresses(school: Shell) -> None:
    """Hosted Canvas needs its client id and nothing else; without a deployment, deployments wait."""
    done = school.ok("lms", "add", "--preset", "canvas", "--client-id", "170000000000042")

    assert "Connected https://canvas.instructure.com for “My school”." == done.lines[0]
    wired = school.wired()
    (registration,) = wired.doors.registrations()
    deployments = wired.doors.deployments()
    wired.engines.close()
    assert PLATFORM["--jwks-url"] == registration.jwks_url
    assert () == tuple(deployments)


def test_an_address_given_by_hand_counts_instead(school: Shell) -> None:
    """A preset is a beginning, not a cage."""
    school.ok(
        *("lms", "add", "--preset", "d2l", "--base-url", "https://school.example.org", "--client-id", "7"),
        *("--token-url", "https://token.example.org/t"),
    )
    wired = school.wired()
    (registration,) = wired.doors.registrations()
    wired.engines.close()

    assert "https://token.example.org/t" == registration.token_url
    assert "https://school.example.org/d2l/lti/authenticate" == registration.auth_url
    assert "https://api.brightspace.com/auth/token" == registration.auth_audience


def test_a_preset_says_when_it_needs_the_schools_address(school: Shell) -> None:
    """A Moodle answers at each school's own address."""
    done = school.run("lms", "add", "--preset", "moodle", "--client-id", "7")

    assert 1 == done.code
    assert "--base-url must be the school's address there" in done.err


def test_without_a_preset_every_address_is_needed(school: Shell) -> None:
    """All that is missing is named at once."""
    done = school.run("lms", "add", "--client-id", "7", "--issuer", "https://lms.example.org")

    assert 2 == done.code
    assert "Give --auth-url, --token-url, --jwks-url, or a --preset" in done.err


def test_presets_are_listed_with_place_and_source(school: Shell) -> None:
    """Eight kinds, each with where to set it up and where its addresses were read."""
    lines = school.ok("lms", "presets").lines

    assert "canvas  Canvas (hosted by Instructure)  (needs nothing else)" == lines[0]
    assert 0 == len(lines) % 3
    assert all(line.strip().startswith("https://") for line in lines[2::3])


# --------------------------------------------------------------------------------------------- frames


def test_hosted_platforms_may_frame_from_every_school(school: Shell) -> None:
    """A preset knows whose pages hold the frame; others can be named."""
    school.ok(
        "lms", "add", "--preset", "canvas", "--client-id", "7", "--frame", "https://canvas.example.org/"
    )
    wired = school.wired()
    (made,) = wired.installs.installations()
    wired.engines.close()

    assert ("https://*.instructure.com", "https://canvas.example.org") == made.frames
    assert ("canvas", "Canvas (hosted by Instructure)") == (made.product, made.name)


@pytest.mark.parametrize("text", ["canvas.example.org", "http://a.example.org", "https://a/b", "https://[x"])
def test_a_frame_is_an_origin(school: Shell, text: str) -> None:
    """A path or plain http would end in no frame at all."""
    done = school.run("lms", "add", "--preset", "canvas", "--client-id", "7", "--frame", text)

    assert 1 == done.code
    assert "--frame must look like" in done.err
