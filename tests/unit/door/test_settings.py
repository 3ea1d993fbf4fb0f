"""Settings: everything wrong is told at once, and what to do about it."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.fernet import Fernet

from lti_app.settings import Sending, Settings, SettingsError, Smtp, describe, is_loopback

KEY = Fernet.generate_key().decode()
OTHER = Fernet.generate_key().decode()
GOOD = {
    "IEP_DATABASE_URL": "sqlite:////var/lib/rapport/data.db",
    "IEP_PUBLIC_URL": "https://Rapport.example.org/",
    "IEP_SECRET_KEYS": f"{KEY}, {OTHER}",
}


def read(**changes: str) -> Settings:
    """Read a good environment with changes."""
    return Settings.from_env({**GOOD, **changes})


def problems(**changes: str) -> tuple[str, ...]:
    """Return what is wrong with a changed environment."""
    with pytest.raises(SettingsError) as caught:
        read(**changes)
    return caught.value.problems


def test_good_environment() -> None:
    """The three required settings are enough; the rest has defaults."""
    settings = read()
    assert "https://rapport.example.org" == settings.public_url
    assert (KEY, OTHER) == settings.secret_keys
    assert (0, None, Sending.OFF, "info", False, ()) == (
        settings.proxy_hops,
        settings.smtp,
        settings.sending,
        settings.log_level,
        settings.demo,
        settings.warnings,
    )
    assert settings.secure
    assert 10 * 1024 * 1024 == settings.upload_bytes
    assert "https://rapport.example.org/lti/login" == settings.url("/lti/login")


def test_empty_environment_names_all_three() -> None:
    """Production does not start without database, address and keys; all are named together."""
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({})
    assert ["IEP_DATABASE_URL", "IEP_PUBLIC_URL", "IEP_SECRET_KEYS"] == [
        line.split()[0] for line in caught.value.problems
    ]
    assert 4 == len(str(caught.value).splitlines())


def test_several_problems_at_once() -> None:
    """Every problem is reported, not only the first."""
    told = problems(IEP_SECRET_KEYS="short", IEP_PROXY_HOPS="many", IEP_SENDING="maybe", IEP_LOG_LEVEL="loud")
    assert ["IEP_SECRET_KEYS", "IEP_PROXY_HOPS", "IEP_SENDING", "IEP_LOG_LEVEL"] == [
        one.split()[0] for one in told
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("IEP_DATABASE_URL", "mysql://x"),
        ("IEP_PUBLIC_URL", "http://rapport.example.org"),
        ("IEP_PUBLIC_URL", "https://rapport.example.org/tool"),
        ("IEP_PUBLIC_URL", "https://user@rapport.example.org"),
        ("IEP_PUBLIC_URL", "rapport.example.org"),
        ("IEP_PUBLIC_URL", "https://rapport.example.org?x=1"),
        ("IEP_SECRET_KEYS", ""),
        ("IEP_SECRET_KEYS", ","),
        ("IEP_SECRET_KEYS", f"{'A' * 43}=,ü"),
        ("IEP_PROXY_HOPS", "-1"),
        ("IEP_PROXY_HOPS", "6"),
        ("IEP_UPLOAD_MB", "0"),
        ("IEP_UPLOAD_MB", "²"),
        ("IEP_DEMO", "yes"),
        ("IEP_SMTP_URL", "http://mail"),
        ("IEP_SMTP_URL", "smtp://"),
        ("IEP_SMTP_URL", "smtp://mail:port"),
        ("IEP_MAIL_FROM", "Notices <notices@example.org>"),
    ],
)
def test_each_problem_names_its_setting(name: str, value: str) -> None:
    """A value that does not fit is told by name, and what to do."""
    (told,) = problems(**{name: value})
    assert told.startswith(name + " ")


def test_sender_is_needed_with_a_mail_server() -> None:
    """A mail server without a sender address is a problem."""
    (told,) = problems(IEP_SMTP_URL="smtp://mail.example.org")
    assert told.startswith("IEP_MAIL_FROM")


@pytest.mark.parametrize(
    ("url", "smtp"),
    [
        ("smtp://mail.example.org", Smtp(host="mail.example.org", port=25)),
        (
            "smtp://us%40er:p%3Ass@mail.example.org:587?starttls=1",
            Smtp(host="mail.example.org", port=587, user="us@er", password="p:ss", starttls=True),
        ),
        ("smtps://mail.example.org", Smtp(host="mail.example.org", port=465, tls=True)),
    ],
)
def test_mail_server(url: str, smtp: Smtp) -> None:
    """The mail server's address is read whole, with escapes."""
    assert smtp == read(IEP_SMTP_URL=url, IEP_MAIL_FROM="notices@example.org").smtp


def test_secrets_are_not_in_the_text() -> None:
    """Neither keys nor passwords are in what a log or a traceback would show."""
    settings = read(IEP_SMTP_URL="smtp://u:hunter2@mail", IEP_MAIL_FROM="notices@example.org")
    assert "hunter2" not in repr(settings)
    assert KEY not in repr(settings)


@pytest.mark.parametrize("host", ["localhost", "tool.localhost", "127.0.0.1", "127.8.8.8", "[::1]"])
def test_plain_http_on_this_machine(host: str) -> None:
    """Plain http is accepted for loopback hosts, with a warning."""
    settings = read(IEP_PUBLIC_URL=f"http://{host}:8000")
    assert not settings.secure
    assert "plain http" in settings.warnings[0]


@pytest.mark.parametrize("host", ["localhost.example.org", "10.0.0.1", "", "::2"])
def test_other_hosts_are_not_loopback(host: str) -> None:
    """Private addresses and look-alikes are not this machine."""
    assert not is_loopback(host)


def test_misspelt_setting_is_a_warning() -> None:
    """A setting that is none is pointed out."""
    assert ("IEP_SENDIN is not a setting; look for a typing mistake.",) == read(IEP_SENDIN="live").warnings


def test_every_setting_is_described() -> None:
    """Each field that the environment decides has a line of documentation with an example."""
    notes = describe()
    assert len(notes) == len({note.name for note in notes})
    assert {"IEP_SENDING", "IEP_SMTP_URL", "IEP_SECRET_KEYS"} <= {note.name for note in notes}
    for note in notes:
        assert note.meaning.endswith(".")
        assert note.example
        value: Any = note.default
        assert value is None or isinstance(value, str)
