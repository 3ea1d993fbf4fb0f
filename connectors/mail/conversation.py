"""The talk with a mail server, step by step, so that we know at each step what the server has.

``smtplib.sendmail`` tells after the fact only that something failed; whether the text had left decides
whether a parent may get it twice.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from connectors.mail.settings import MailSecurity, MailSettings

_LINE_DOT = re.compile(rb"(?m)^\.")


class Handed(StrEnum):
    """What became of the mail, as far as the server told."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    LATER = "later"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """The outcome and its code. No word of the server travels on: it repeats addresses."""

    outcome: Handed
    code: str = ""


def hand_over(
    settings: MailSettings, to: str, letter: bytes, *, tls: Callable[[], ssl.SSLContext]
) -> Handover:
    """Give one mail for one recipient to the server, once."""
    client: smtplib.SMTP | None = None
    try:
        client = _connect(settings, tls)
        return _envelope(client, settings, to) or _text(client, settings, letter)
    except smtplib.SMTPAuthenticationError:
        # Not this mail's fault: it goes when the settings are right.
        return Handover(outcome=Handed.LATER, code="mail_login")
    except (smtplib.SMTPNotSupportedError, ssl.SSLError):
        return Handover(outcome=Handed.LATER, code="mail_security")
    except (smtplib.SMTPException, OSError):
        # The text catches its own failures: up to here nothing of it has left.
        return Handover(outcome=Handed.LATER, code="mail_down")
    finally:
        if client is not None:
            _leave(client)


def _connect(settings: MailSettings, tls: Callable[[], ssl.SSLContext]) -> smtplib.SMTP:
    # Our name towards the server is the school's mail domain: the default would be this machine's own.
    name, patience = settings.from_domain, settings.connect_seconds
    if settings.security is MailSecurity.TLS:
        client: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.host, settings.port, local_hostname=name, timeout=patience, context=tls()
        )
    else:
        client = smtplib.SMTP(settings.host, settings.port, local_hostname=name, timeout=patience)
    try:
        _patience(client, settings.read_seconds)
        client.ehlo_or_helo_if_needed()
        if settings.security is MailSecurity.STARTTLS:
            client.starttls(context=tls())
            client.ehlo_or_helo_if_needed()
        if settings.user:
            client.login(settings.user, settings.password)
    except BaseException:
        client.close()
        raise
    return client


def _envelope(client: smtplib.SMTP, settings: MailSettings, to: str) -> Handover | None:
    """Name sender, recipient and the wish to send; return the refusal, if there is one."""
    status = client.mail(settings.from_address)[0]
    if not 200 <= status < 300:
        return _no(status, "mail_sender_refused")
    status = client.rcpt(to)[0]
    if not 200 <= status < 300:
        return _no(status, "mail_recipient_refused")
    status = client.docmd("DATA")[0]
    return None if status == 354 else _no(status, "mail_refused")


def _text(client: smtplib.SMTP, settings: MailSettings, letter: bytes) -> Handover:
    """Send the text and hear the server's last word. Silence or a broken line from here on is unknown."""
    try:
        client.send(_LINE_DOT.sub(b"..", letter).removesuffix(b"\r\n") + b"\r\n.\r\n")
        _patience(client, settings.final_seconds)
        status = client.getreply()[0]
    except (smtplib.SMTPException, OSError):
        return Handover(outcome=Handed.UNKNOWN, code="no_answer")
    if 200 <= status < 300:
        return Handover(outcome=Handed.ACCEPTED)
    if 400 <= status < 600:
        # RFC 5321, 4.2.5: with this answer the server has not taken the mail and must not deliver it.
        return _no(status, "mail_refused")
    return Handover(outcome=Handed.UNKNOWN, code="protocol_fault")


def _no(status: int, code: str) -> Handover:
    later = 400 <= status < 500
    return Handover(outcome=Handed.LATER if later else Handed.REFUSED, code="mail_later" if later else code)


def _patience(client: smtplib.SMTP, seconds: float) -> None:
    if client.sock is not None:
        client.sock.settimeout(seconds)


def _leave(client: smtplib.SMTP) -> None:
    """Say goodbye if somebody still listens; what happens here changes nothing."""
    try:
        _patience(client, 1.0)
        client.quit()
    except (smtplib.SMTPException, OSError):
        client.close()
