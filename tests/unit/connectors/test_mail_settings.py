"""Mail settings and headers: refused when they are read, not when a notice is to leave."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.mail import MailSecurity, MailSettings
from connectors.mail.letter import one_line
from connectors.mail.settings import is_plain_address
from iepcore.errors import InvalidValue


def settings(**changes: object) -> MailSettings:
    """Return settings, changed where a test says so."""
    values: dict[str, object] = {"host": "mail.example", "from_address": "messages@school.example"}
    return MailSettings(**(values | changes))  # type: ignore[arg-type]


def test_the_defaults_are_a_schools_way_out() -> None:
    """Submission port, upgraded to TLS."""
    assert (587, MailSecurity.STARTTLS) == (settings().port, settings().security)
    assert "school.example" == settings().from_domain


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"host": ""}, "mail_server_form"),
        ({"port": 0}, "mail_server_form"),
        ({"port": 65_536}, "mail_server_form"),
        ({"security": MailSecurity.NONE}, "mail_insecure"),
        ({"from_address": "nobody"}, "address_form"),
        ({"from_address": "a@b\r\nBcc: c"}, "address_form"),
        ({"from_address": "iep@school.example"}, "notice_names_plan"),
        ({"from_address": "news@sped.school.example"}, "notice_names_plan"),
        ({"from_address": "special-education@school.example"}, "notice_names_plan"),
        ({"from_address": "special_education@school.example"}, "notice_names_plan"),
    ],
)
def test_bad_settings_are_refused(changes: dict[str, object], code: str) -> None:
    """Also an address that would tell everybody what the mail is about."""
    with pytest.raises(InvalidValue) as caught:
        settings(**changes)
    assert code == caught.value.code


def test_a_relay_on_this_machine_needs_no_tls() -> None:
    """Nothing crosses the network."""
    assert settings(host="localhost", security=MailSecurity.NONE)


def test_a_password_is_not_shown() -> None:
    """Settings are printed by the command line."""
    assert "secret" not in repr(settings(password="secret"))


@given(st.text(max_size=80))
def test_a_header_text_is_one_line(text: str) -> None:
    """Whatever a school is called."""
    cleaned = one_line(text)

    assert 1 >= len(cleaned.splitlines())
    assert "\0" not in cleaned


@given(st.from_regex(r"[a-z.@,;<>\" \r\n]{1,30}", fullmatch=True))
def test_a_plain_address_has_one_at_and_nothing_to_quote(text: str) -> None:
    """Accepted or not, never something in between."""
    if is_plain_address(text):
        assert 1 == text.count("@")
        assert not set(text) & set(' ,;<>"\r\n')
