"""Answers beside the schedule: who else gets what, how long things stay, and what a questionnaire asks.

Numbers come from the code that uses them. Sections carry the names of the HECVAT questionnaire's, so that
whoever fills one in finds the sentence to copy; no sentence judges whether that is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from iepcore.caseload import Policy
from lti_app.delivery.worker import LINK_LIFE
from lti_app.doors.installs import MOST_NOTES
from lti_app.doors.lti.keys import PUBLISHED_FOR
from lti_app.doors.lti.login import STATE_FOR
from lti_app.session.viewer import FAMILY_LIFETIME, STAFF_LIFETIME
from lti_app.storage.backup import LEFT_OUT


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What one installation adds: where its database is and whom it talks to. None of it is a secret."""

    database: str
    address: str
    platforms: tuple[str, ...] = ()
    inboxes: tuple[str, ...] = ()
    mail_server: str | None = None
    google: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A question of a form, and what can be said to it."""

    section: str
    question: str
    answer: str


def subprocessors(installed: Installed | None) -> tuple[tuple[str, str, str], ...]:
    """Return who else gets something: who, what, and when."""
    platforms, inboxes, mail = "the school's LMS", "the school's Canvas", "the mail server of IEP_SMTP_URL"
    google = "the school's Google Workspace"
    if installed is not None:
        platforms = ", ".join(installed.platforms) or "no LMS is connected"
        inboxes = ", ".join(installed.inboxes) or "no Canvas API key is set"
        mail = installed.mail_server or "no mail server is set"
        google = ", ".join(installed.google) or "no Google client is set"
    return (
        (
            platforms,
            "requests for rosters and keys; where the school turned it on, a neutral word to a gradebook",
            "at use",
        ),
        (inboxes, "notices without content, from a teacher's own inbox", "when a teacher sends"),
        (
            google,
            "who signs in and which class's page was opened; rosters, notices without content and meetings"
            " only where the school and the adult allowed it",
            "at use",
        ),
        (mail, "notices without content, and the reader's mail address", "when a teacher sends"),
        ("nobody else", "no analytics, no font or script hosts, no translation or AI service", "never"),
    )


def retention() -> tuple[tuple[str, str], ...]:
    """Return what goes by itself and after how long; all else stays until somebody erases it."""
    return (
        ("The record of a student", "as long as the school decides under state law; one command erases it"),
        ("A record under a legal hold", "until the hold is lifted; nothing of it is destroyed"),
        ("Unsent drafts", f"{Policy().draft_days} days"),
        (
            "A sign-in, staff",
            f"{_span(STAFF_LIFETIME.idle)} without use, {_span(STAFF_LIFETIME.whole)} in all",
        ),
        (
            "A sign-in, family",
            f"{_span(FAMILY_LIFETIME.idle)} without use, {_span(FAMILY_LIFETIME.whole)} in all",
        ),
        ("A login in flight", _span(STATE_FOR)),
        ("The link in a notice", _span(LINK_LIFE)),
        ("Our own signing keys", _span(PUBLISHED_FOR)),
        ("Notes on launches, without names", f"the newest {MOST_NOTES} of each platform"),
        ("The access record", "as long as the site; after an erasure its ids name nobody"),
        ("Backups", f"as long as the school keeps the files; without {', '.join(sorted(LEFT_OUT))}"),
    )


def questionnaire(installed: Installed | None) -> tuple[Answer, ...]:
    """Return what can be said to the questions that such forms ask most."""
    place = installed.database if installed else "SQLite file or PostgreSQL server that the school names"
    address = installed.address if installed else "the school's own host name"
    rows = (
        (
            "Data",
            "Where is the data stored?",
            f"In one database: {place}. The school runs it, or whom it names.",
        ),
        ("Data", "Is it encrypted in transit?", f"Browsers reach {address} by https only; LMS services too."),
        (
            "Data",
            "Is it encrypted at rest?",
            "Stored secrets and backups are (Fernet: AES-128-CBC with HMAC-SHA-256, keys outside the"
            " database). The rest is as protected as its disk: encrypt the disk.",
        ),
        ("Data", "Are tenants separated?", "Every key begins with the site; a store is bound to one site."),
        (
            "Data",
            "Can the institution get its data out?",
            "`iep data export` writes everything of a site or a student as JSON lines; they read back whole.",
        ),
        (
            "Data",
            "How is data destroyed?",
            "`iep data erase` removes a student's record so that no person can be recognised; SQLite"
            " overwrites freed pages. Older backups keep it until they are deleted.",
        ),
        (
            "Authentication, Authorization and Accounts",
            "How do people sign in?",
            "Through the school's LMS (LTI 1.3) or the school's Google accounts (OpenID Connect with PKCE)."
            " The tool keeps no passwords.",
        ),
        (
            "Authentication, Authorization and Accounts",
            "How is access decided?",
            "One table of roles and kinds of data, deny by default, at each request; a team or a confirmed"
            " relationship opens a record, a course roster opens none.",
        ),
        (
            "Authentication, Authorization and Accounts",
            "Can an account be disabled at once?",
            "`iep person disable` ends sessions, launches, lent inboxes and waiting notices at once.",
        ),
        (
            "Authentication, Authorization and Accounts",
            "What is logged?",
            "Every write, every opening of a record and every refusal, by id, with the rule. Server logs hold"
            " codes, times and random references, and no names, addresses or IP addresses.",
        ),
        (
            "Business Continuity and Disaster Recovery",
            "Are there backups?",
            "`iep backup` while people work, sealed and read back; `iep restore` whole or not at all.",
        ),
        ("Third Parties", "Which third parties get data?", "Those of the list above, and nobody else."),
        (
            "Privacy",
            "Is data sold or used for advertising?",
            "No. Nothing in the program sends data anywhere else.",
        ),
        ("Privacy", "Is data used to train models?", "No. The tool calls no AI or translation service."),
        (
            "Privacy",
            "Can parents inspect and correct?",
            "They see the record and who opened it; rights to read and to decide are kept apart. A"
            " correction keeps what it corrects.",
        ),
        (
            "Application Security",
            "Which cookies are used?",
            "Three kinds, all partitioned, http-only and secure: for a login in flight, for reloading a page,"
            " and, sealed and for an hour at most, for the next frame in Google Classroom. No cookie"
            " authorises a write.",
        ),
        (
            "Application Security",
            "What does a browser load from elsewhere?",
            "Nothing: a strict content security policy allows the tool's own origin only.",
        ),
    )
    return tuple(
        Answer(section=section, question=question, answer=answer) for section, question, answer in rows
    )


def _span(span: timedelta) -> str:
    """Return a span in its largest whole unit."""
    for unit, name in (
        (timedelta(days=1), "days"),
        (timedelta(hours=1), "hours"),
        (timedelta(minutes=1), "minutes"),
    ):
        if span >= 2 * unit and span % unit == timedelta(0):
            return f"{span // unit} {name}"
    return f"{round(span.total_seconds())} seconds"
