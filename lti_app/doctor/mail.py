"""The mail server, as far as it goes without sending anything."""

from __future__ import annotations

import smtplib
import ssl

from lti_app.doctor.finding import Finding, cannot_tell, look, ok
from lti_app.settings import Settings, Smtp

TIMEOUT_SECONDS = 8.0


def look_at_mail(settings: Settings) -> Finding:
    """Whether the mail server answers, encrypts and knows us. No letter is sent."""
    check, smtp = "mail", settings.smtp
    if smtp is None:
        return ok(check, "No mail server is set: notices go out by Canvas only.")
    try:
        client = _connect(smtp)
    except smtplib.SMTPAuthenticationError:
        return look(check, "The mail server refuses our user name or password.", "Correct IEP_SMTP_URL.")
    except (smtplib.SMTPNotSupportedError, ssl.SSLCertVerificationError):
        return look(
            check,
            "The mail server's encryption does not work as IEP_SMTP_URL says.",
            "Check the port, smtp or smtps, starttls=1, and the server's certificate.",
        )
    except (OSError, smtplib.SMTPException) as problem:
        # smtplib reports a silence in the middle of a talk as a lost line
        if isinstance(problem, TimeoutError) or isinstance(problem.__context__, TimeoutError):
            return cannot_tell(
                check, "The mail server does not answer in time.", "Check host and port, and the firewall."
            )
        return look(
            check,
            f"The mail server cannot be reached ({type(problem).__name__}).",
            "Check host and port in IEP_SMTP_URL, and the firewall.",
        )
    with client:
        pass
    secured = smtp.tls or smtp.starttls
    if not secured and smtp.user:
        return look(
            check, "Our mail password travels unencrypted.", "Add starttls=1 to IEP_SMTP_URL, or use smtps."
        )
    return ok(check, f"The mail server answers{' and encrypts' if secured else ''}. Nothing was sent.")


def _connect(smtp: Smtp) -> smtplib.SMTP:
    context = ssl.create_default_context()
    client: smtplib.SMTP
    if smtp.tls:
        client = smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=TIMEOUT_SECONDS, context=context)
    else:
        client = smtplib.SMTP(smtp.host, smtp.port, timeout=TIMEOUT_SECONDS)
    try:
        if smtp.starttls:
            client.starttls(context=context)
        if smtp.user:
            client.login(smtp.user, smtp.password or "")
        else:
            client.ehlo_or_helo_if_needed()
    except BaseException:
        client.close()
        raise
    return client
