"""``iep doctor``: address, proxies, certificate and platforms are broken for real, and each is named."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from werkzeug import Response

from iepcore.ids import new_uuid7
from lti_app import create_app
from lti_app.doctor.finding import State
from lti_app.doctor.platforms import clock
from lti_app.doctor.probe import HEADER
from lti_app.doors.installs import OPENED, LaunchNote
from lti_app.doors.lti.offer import SCOPES
from lti_app.doors.records import DeploymentState
from lti_app.doors.seal import Seal
from lti_app.settings import Settings
from lti_app.wiring import utc_now
from tests.unit.cli.hospital import Hospital, deploy, served
from tests.unit.cli.processes import free_port

# ----------------------------------------------------------------------------------------- address, proxies


def _forward(**headers: str) -> Callable[[dict[str, Any]], None]:
    def proxy(environ: dict[str, Any]) -> None:
        environ.update({f"HTTP_{name.upper()}": text for name, text in headers.items()})

    return proxy


def test_a_server_that_is_not_started_is_told(hospital: Hospital) -> None:
    """The port is closed, or there is no such host."""
    closed = hospital.one("address", IEP_PUBLIC_URL=f"http://127.0.0.1:{free_port()}")
    nobody = hospital.one("address", IEP_PUBLIC_URL="https://rapport.invalid")

    assert closed.startswith("look: Nothing answers at 127.0.0.1 (ConnectionRefusedError).")
    assert "no host called rapport.invalid" in nobody or "cannot tell" in nobody


def test_something_else_at_the_address_is_told(hospital: Hospital) -> None:
    """A proxy's own page answers."""
    with served(Response("<h1>Welcome to nginx</h1>")) as port:
        told = hospital.one("address", IEP_PUBLIC_URL=f"http://127.0.0.1:{port}")

    assert told.startswith("look: Something else than this tool answers at IEP_PUBLIC_URL.")


def test_a_silent_address_cannot_be_told(hospital: Hospital, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes the call and says nothing: some firewalls do that to the machine itself."""
    monkeypatch.setattr("lti_app.doctor.public.TIMEOUT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        told = hospital.one("address", IEP_PUBLIC_URL=f"http://127.0.0.1:{silent.getsockname()[1]}")

    assert told.startswith("cannot tell: 127.0.0.1 does not answer this machine")


def test_proxies_that_are_not_counted_are_told(hospital: Hospital) -> None:
    """Two stand in front, none is set: the tool would not see the browser's scheme and host."""
    hospital.tool.proxy = _forward(
        x_forwarded_for="192.0.2.7, 10.0.0.1",
        x_forwarded_proto="https",
        x_forwarded_host="rapport.example.org",
    )

    assert "look: Proxies in front: 2, but IEP_PROXY_HOPS is 0. -> Set IEP_PROXY_HOPS=2" in hospital.one(
        "proxies"
    )


def test_a_proxy_that_tells_another_scheme_or_host_is_told(hospital: Hospital) -> None:
    """One proxy, counted, which forwards its own name."""
    environ = {**hospital.shell.environ, "IEP_PROXY_HOPS": "1"}
    hospital.tool.app = create_app(Settings.from_env(environ)).wsgi_app
    hospital.tool.proxy = _forward(x_forwarded_for="192.0.2.7", x_forwarded_host="backend:8500")

    told = hospital.one("proxies", IEP_PROXY_HOPS="1")

    assert "arrive as http://backend:8500. -> Let the proxy set X-Forwarded-Proto" in told


def test_more_hops_than_proxies_are_told(hospital: Hospital) -> None:
    """Two counted, one there: a browser could say who it is."""
    environ = {**hospital.shell.environ, "IEP_PROXY_HOPS": "2"}
    hospital.tool.app = create_app(Settings.from_env(environ)).wsgi_app
    hospital.tool.proxy = _forward(x_forwarded_for="192.0.2.7")

    told = hospital.one("proxies", IEP_PROXY_HOPS="2")

    assert "IEP_PROXY_HOPS is 2, but only 1 set X-Forwarded-For" in told
    assert "Set IEP_PROXY_HOPS=1" in told


def test_a_server_with_other_settings_is_told(hospital: Hospital) -> None:
    """Changed in the file, but the server was not restarted; or it has other keys."""
    restarted = hospital.one("proxies", IEP_PROXY_HOPS="1")
    keys = hospital.one("proxies", IEP_SECRET_KEYS=Fernet.generate_key().decode())

    assert "was started with another IEP_PUBLIC_URL or IEP_PROXY_HOPS" in restarted
    assert "The running server has other secret keys than this command" in keys


def test_the_probe_tells_nobody_else_anything(hospital: Hospital) -> None:
    """Without the word, with a word of another key, or a long one: what everybody gets."""
    app = create_app(Settings.from_env(hospital.shell.environ))
    stranger = Seal([Fernet.generate_key().decode()]).close({"probe": "x"}, at=utc_now())
    own = Seal([hospital.shell.environ["IEP_SECRET_KEYS"]])
    old = own.close({"probe": "x"}, at=utc_now() - timedelta(minutes=5))
    plain = app.test_client().get("/healthz").data
    for word in (stranger, old, own.close({"other": 1}, at=utc_now()), "x" * 5_000):
        assert plain == app.test_client().get("/healthz", headers={HEADER: word}).data
    good = app.test_client().get("/healthz", headers={HEADER: own.close({"probe": "x"}, at=utc_now())})
    assert {"up", "seen"} == good.get_json().keys()
    assert "http" not in good.get_json()["seen"]


def test_a_key_set_behind_an_old_cache_is_told(hospital: Hospital) -> None:
    """The key that signs is not in what the address gives."""
    inner = hospital.tool.app
    assert inner is not None

    def cached(environ: dict[str, Any], start: Any) -> Any:
        if environ["PATH_INFO"] == "/lti/jwks":
            return Response('{"keys": []}', content_type="application/json")(environ, start)
        return inner(environ, start)

    hospital.tool.app = cached

    assert hospital.one("key set").startswith(
        "look: Our key set at IEP_PUBLIC_URL does not list the key that"
    )


# ---------------------------------------------------------------------------------------------- certificate


def test_a_certificate_nobody_trusts_is_told(
    hospital: Hospital, certificate: tuple[Path, ssl.SSLContext]
) -> None:
    """Self-made, and not among the trusted ones."""
    with served(hospital.tool, tls=certificate[1]) as port:
        told = hospital.one("certificate", IEP_PUBLIC_URL=f"https://localhost:{port}")

    assert told.startswith("look: The certificate of localhost is refused: ")


def test_a_certificate_that_ends_soon_is_told(
    hospital: Hospital, certificate: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trusted, and about to end."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    monkeypatch.setattr("lti_app.doctor.public.SOON", timedelta(days=36_500))
    with served(hospital.tool, tls=certificate[1]) as port:
        soon = hospital.one("certificate", IEP_PUBLIC_URL=f"https://localhost:{port}")
        monkeypatch.setattr("lti_app.doctor.public.SOON", timedelta(minutes=-1))
        fine = hospital.one("certificate", IEP_PUBLIC_URL=f"https://localhost:{port}")

    assert soon.startswith("look: The certificate ends on ")
    assert "Renew it now" in soon
    assert fine.startswith("ok: The certificate is trusted and lasts until ")


def test_plain_http_behind_an_https_address_is_told(hospital: Hospital) -> None:
    """No TLS where the browser expects it."""
    with served(hospital.tool) as port:
        told = hospital.one("certificate", IEP_PUBLIC_URL=f"https://localhost:{port}")

    assert told.startswith("look: localhost does not speak TLS as browsers do.")


# ------------------------------------------------------------------------------------------------ platforms


def test_a_skewed_clock_is_told_in_both_directions(hospital: Hospital) -> None:
    """Minutes, hours; half a minute is forgiven; an answer from a cache is as old as it says."""
    for ahead, words in (
        (timedelta(minutes=4, seconds=5), r"4 minutes behind"),
        (timedelta(seconds=-90), r"9\d seconds ahead of"),
        (timedelta(hours=-3), r"3 hours ahead of"),
    ):
        hospital.platform.ahead = ahead
        told = hospital.one("clock")
        assert re.match(f"look: This machine's clock is {words} the platform's;", told), told
    hospital.platform.ahead = timedelta(seconds=20)
    assert hospital.one("clock").startswith("ok: ")
    now = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
    cached = format_datetime(now - timedelta(minutes=9), usegmt=True)
    assert State.OK is clock(cached, "540", now=now, about="").state
    assert State.LOOK is clock(cached, None, now=now, about="").state
    assert State.UNKNOWN is clock(None, None, now=now, about="").state


def test_a_key_set_that_cannot_be_had_is_told(hospital: Hospital) -> None:
    """A wrong path, a page, no keys, and nobody there."""
    hospital.platform.jwks_status = 404
    assert "look: The key set's address answers 404." in hospital.one("platform keys")
    hospital.platform.jwks_status = 200
    for body in ("<html>", {"keys": []}, {"keys": "x"}, [1], {"keys": [{"kty": "EC"}]}):
        hospital.platform.jwks = body
        assert "look: There is no RSA signature key in the key set." in hospital.one("platform keys")
    hospital.register(jwks_url=f"http://127.0.0.1:{free_port()}/jwks")
    told = hospital.one("platform keys")
    assert told.startswith("look: The key set at 127.0.0.1 cannot be reached (ConnectionError).")


def test_a_wrong_issuer_is_told(hospital: Hospital) -> None:
    """By what the platform publishes, and by what is known of this kind of platform."""
    hospital.register(issuer=f"{hospital.platform.url}/")
    told = hospital.one("issuer")
    assert f"The issuer is {hospital.platform.url}/, but the platform sends {hospital.platform.url}." in told
    assert f"--issuer {hospital.platform.url} " in told

    hospital.register(auth_url="https://sso.canvaslms.com/api/lti/authorize_redirect")
    told = hospital.one("issuer")
    assert "but the platform sends https://canvas.instructure.com." in told

    hospital.register(
        auth_url="https://moodle.example.org/school/mod/lti/auth.php", issuer="https://x.example"
    )
    assert "but the platform sends https://moodle.example.org/school." in hospital.one("issuer")


def test_an_issuer_that_nobody_publishes_cannot_be_told(hospital: Hospital) -> None:
    """No settings page, a page of another platform, or one without words."""
    for told in ({}, {"issuer": "https://x.example", "authorization_endpoint": "https://x.example"}):
        hospital.platform.configuration = told
        assert hospital.one("issuer").startswith("cannot tell: The platform does not publish its issuer.")


def test_missing_scopes_are_named(hospital: Hospital) -> None:
    """Two of the four were not switched on."""
    hospital.platform.granted = frozenset(
        one.name for one in SCOPES if not one.name.endswith(("score", "contextmembership.readonly"))
    )

    told = hospital.one("scopes")

    assert "look: The platform does not grant: contextmembership.readonly, score." in told
    assert "Switch these scopes on" in told


def test_a_platform_that_gives_no_token_is_told(hospital: Hospital) -> None:
    """It does not know our key; or the address is closed."""
    hospital.platform.token_error = "invalid_client"
    refused = hospital.one("scopes")
    hospital.platform.token_error = "Something <b>long</b> with words"
    strange = hospital.one("scopes")
    hospital.register(token_url=f"http://127.0.0.1:{free_port()}/token")
    away = hospital.one("scopes")

    assert "look: The platform gives us no token (invalid_client)." in refused
    assert "/lti/jwks" in refused
    assert "(token_refused)" in strange
    assert away.startswith("cannot tell: The token address does not answer (token_silent).")


def test_deployments_that_wait_are_told(hospital: Hospital) -> None:
    """One waits beside an open one; none at all; and no platform at all."""
    deploy(hospital.shell, hospital.registration, "2", DeploymentState.PENDING)
    found = hospital.doctor()["deployments"]
    assert ["look", "ok"] == [one["state"] for one in found]
    assert found[0]["words"].startswith("Deployments awaiting approval: 1 (2).")

    for name in ("1", "2"):
        deploy(hospital.shell, hospital.registration, name, DeploymentState.DISABLED)
    assert "No deployment is open: nobody can come in." in hospital.one("deployments")

    hospital.register(enabled=False)
    assert "look: No platform is connected." in hospital.one("platforms")


def test_the_last_launches_tell_what_is_wrong(hospital: Hospital) -> None:
    """A refusal names its cause; one that was let in later, or is long over, is no news."""
    wired = hospital.shell.wired()
    now = utc_now()

    def note(outcome: str, **ago: float) -> None:
        wired.installs.note_launch(
            LaunchNote(
                id=new_uuid7(),
                registration_id=hospital.registration.id,
                deployment_id="1",
                at=now - timedelta(**ago),
                outcome=outcome,
                reference="" if outcome == OPENED else "ABCD2345",
            )
        )

    note("id_token_aud", days=8)
    assert "launches" not in hospital.doctor()
    note("id_token_iss", hours=3)
    told = hospital.one("launches")
    assert "another issuer than it was connected with. (id_token_iss, reference ABCD2345)" in told
    note("nonce", hours=2)
    assert "The last launch was refused. (nonce" in hospital.one("launches")
    note(OPENED, hours=1)
    assert hospital.one("launches").startswith("ok: The last launch was let in.")
    wired.engines.close()


def test_keys_that_open_nothing_do_not_stop_the_doctor(hospital: Hospital) -> None:
    """What needs our own key says so, and the rest is looked at."""
    found = hospital.doctor(IEP_SECRET_KEYS=Fernet.generate_key().decode())

    assert "cannot tell" == found["key set"][0]["state"]
    assert "cannot tell" == found["scopes"][0]["state"]
    assert "look" == found["secrets"][0]["state"]
    assert "ok" == found["clock"][0]["state"]
