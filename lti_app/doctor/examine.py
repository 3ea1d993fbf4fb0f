"""The whole examination, in the order in which one thing rests on another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from iepcore.errors import IepError
from lti_app.doctor.database import look_at_database, no_file
from lti_app.doctor.finding import Finding, cannot_tell, look, ok
from lti_app.doctor.mail import look_at_mail
from lti_app.doctor.platforms import look_at_platforms
from lti_app.doctor.public import look_at_address
from lti_app.settings import Settings, SettingsError
from lti_app.wiring import Wired, wire


def examine(environ: Mapping[str, str], *, network: bool = True) -> Iterator[Finding]:
    """Yield findings as they are made. Nothing is changed, sent or stored.

    ``network``: whether the tool's own address, the platforms and the mail server are asked as well.
    """
    try:
        settings = Settings.from_env(environ)
    except SettingsError as wrong:
        for problem in wrong.problems:
            name, _, words = problem.partition(" ")
            yield look("settings", f"{name} {words}", "Correct the environment; iep settings lists them all.")
        return
    yield from _settings(settings)
    missing = no_file(settings)
    if missing is not None:
        yield missing
        return
    try:
        wired = wire(settings)
    except IepError as error:
        yield _unusable(error.code)
        return
    try:
        yield from _examined(wired, network=network)
    finally:
        wired.engines.close()


def _examined(wired: Wired, *, network: bool) -> Iterator[Finding]:
    is_sound = True
    for finding in _guarded("database", look_at_database, wired):
        is_sound = is_sound and not (finding.check == "database" and finding.todo)
        yield finding
    if not network:
        return
    yield from _guarded("mail", lambda one: (look_at_mail(one.settings),), wired)
    yield from _guarded("address", look_at_address, wired)
    if is_sound:
        yield from _guarded("platforms", look_at_platforms, wired)


def _settings(settings: Settings) -> Iterator[Finding]:
    warnings = () if settings.demo and not settings.secure else settings.warnings  # the demo is on purpose so
    for line in warnings:
        yield look("settings", line, "Correct the environment.")
    if settings.demo and settings.secure:
        yield look(
            "settings", "IEP_DEMO is on at a public address.", "Set IEP_DEMO=0 before real children come in."
        )
    elif not warnings:
        yield ok("settings", "The settings are complete.")


def _unusable(code: str) -> Finding:
    """A setting of the right form that cannot be used."""
    if code == "mail_insecure":
        return look(
            "mail",
            "Our mail password would travel unencrypted.",
            "Add starttls=1 to IEP_SMTP_URL, or use smtps.",
        )
    name = "IEP_SMTP_URL or IEP_MAIL_FROM" if code.startswith("mail") else "IEP_DATABASE_URL"
    return look(
        "settings", f"{name} cannot be used ({code}).", "Correct it; the reference page has examples."
    )


def _guarded(check: str, part: Callable[[Wired], Iterable[Finding]], wired: Wired) -> Iterator[Finding]:
    """Go on with the next part when the database fails in this one."""
    try:
        yield from part(wired)
    except IepError as error:
        yield cannot_tell(
            check, f"This could not be looked at ({error.code}).", "Mend what stands above first."
        )
