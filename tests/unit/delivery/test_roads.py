"""The roads out of a site: which there are, and that a teacher's road is the same for every delivery."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.canvas import CanvasChannel
from connectors.mail.channel import SmtpChannel
from connectors.mail.settings import MailSecurity
from iepcore.errors import IepError
from iepcore.ids import SiteId, new_uuid7
from iepcore.people import AddressKind
from lti_app.delivery.roads import Roads, mail_settings
from lti_app.doors.records import Site
from lti_app.settings import Settings, Smtp
from tests.unit.screens.conftest import House


def with_mail(
    house: House, smtp: Smtp | None, mail_from: str | None = "office@school.example.org"
) -> Settings:
    """Return the house's settings with a mail server."""
    return replace(house.wired.settings, smtp=smtp, mail_from=mail_from)


def roads(house: House, settings: Settings | None = None) -> Roads:
    """Return the roads of the house."""
    return Roads(settings or house.wired.settings, house.wired.doors, house.wired.connections)


def bare_site(house: House) -> Site:
    """Add a school without any platform."""
    made = Site(id=SiteId(new_uuid7()), name="Alder Creek", zone="America/Chicago")
    house.wired.doors.add_site(made)
    return made


def test_a_site_without_key_and_mail_has_no_road(house: House) -> None:
    """Then notices wait, and the screens say so."""
    assert {} == roads(house).of(bare_site(house))


def test_canvas_needs_the_sites_own_key(house: House) -> None:
    """The key of one school opens no road for another."""
    ours, other = house.wired.doors.sites()[0], bare_site(house)

    here = roads(house).of(ours)

    assert [AddressKind.CANVAS] == list(here)
    assert isinstance(here[AddressKind.CANVAS], CanvasChannel)
    assert AddressKind.CANVAS not in roads(house).of(other)


def test_a_mail_server_serves_every_site(house: House) -> None:
    """Mail comes from the settings, so a school without Canvas has it, too."""
    made = roads(house, with_mail(house, Smtp(host="127.0.0.1", port=25))).of(bare_site(house))

    assert [AddressKind.MAIL] == list(made)
    assert isinstance(made[AddressKind.MAIL], SmtpChannel)


def test_a_road_is_kept_until_its_key_changes(house: House) -> None:
    """The refresh lock and the rate gate live in it; a new key must not go on with the old one's."""
    site, made = house.wired.doors.sites()[0], roads(house)
    first, again = made.of(site)[AddressKind.CANVAS], made.of(site)[AddressKind.CANVAS]
    client = house.wired.doors.api_client_of_site(site.id)
    assert client is not None
    house.wired.doors.save_api_client(replace(client, client_secret="a-new-one"))

    assert first is again
    assert first is not made.of(site)[AddressKind.CANVAS]


@pytest.mark.parametrize(
    ("tls", "starttls", "security"),
    [
        (False, False, MailSecurity.NONE),
        (False, True, MailSecurity.STARTTLS),
        (True, False, MailSecurity.TLS),
        (True, True, MailSecurity.TLS),
    ],
)
def test_mail_is_encrypted_as_the_settings_say(
    house: House, tls: bool, starttls: bool, security: MailSecurity
) -> None:
    """``smtps`` starts encrypted whatever else is asked for."""
    smtp = Smtp(host="127.0.0.1", port=2525, user="rapport", password="secret", tls=tls, starttls=starttls)
    if security is MailSecurity.NONE:
        smtp = replace(smtp, user=None, password=None)

    found = mail_settings(with_mail(house, smtp))

    assert found is not None
    assert security is found.security
    assert ("127.0.0.1", 2525, "office@school.example.org") == (found.host, found.port, found.from_address)


def test_without_server_or_sender_there_is_no_mail(house: House) -> None:
    """Half a setting is none; the settings refuse it before, and the roads do not guess."""
    assert mail_settings(with_mail(house, None)) is None
    assert mail_settings(with_mail(house, Smtp(host="127.0.0.1", port=25), None)) is None


def test_a_password_over_plain_mail_is_told_at_start(house: House) -> None:
    """A password in the clear to another machine is refused when the roads are made, not at the first
    notice."""
    smtp = Smtp(host="mail.example.org", port=25, user="rapport", password="hunter2")

    with pytest.raises(IepError) as problem:
        roads(house, with_mail(house, smtp))

    assert "hunter2" not in str(problem.value)
