"""The database, its disk, the secrets in it, and whether the worker takes what is due."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from iepcore.errors import Busy, IepError
from lti_app.doctor.finding import Finding, cannot_tell, look, ok
from lti_app.settings import Sending, Settings
from lti_app.storage.condition import count_overdue, count_secrets, database_file, try_writing
from lti_app.storage.migrate import current, knows, newest
from lti_app.storage.vault import Vault
from lti_app.wiring import Wired

OVERDUE = timedelta(minutes=10)
LEAST_FREE_BYTES = 1024**3
LEAST_FREE_SHARE = 0.05

_BUSY = {
    "store_read_only": (
        "The database cannot be written to.",
        "Let the tool's user write the file and its folder, or end the server's read-only mode.",
    ),
    "store_full": ("The database's disk is full.", "Make room on the disk, then start the tool again."),
    "store_locked": (
        "Another program holds the database's write lock.",
        "Look for a backup or another program that has it open, and end that.",
    ),
}


def tables(wired: Wired) -> Finding:
    """Whether the database answers and has the tables of this program."""
    check = "database"
    try:
        have, want = current(wired.engines), newest()
    except Busy as busy:
        return look(
            check,
            f"The database does not answer ({busy.code}).",
            "Start the database, and check IEP_DATABASE_URL: host, port, name, user and password.",
        )
    if have == want:
        return ok(check, f"The database answers and has the tables of this program ({want}).")
    if have is None:
        return look(check, "The database has no tables yet.", "Run: iep db init")
    if not knows(have):
        return look(
            check,
            "The database has tables of a newer program.",
            "Install that version again, or restore a backup made by this one.",
        )
    return look(check, f"The tables are of an older program ({have}, not {want}).", "Run: iep db init")


def no_file(settings: Settings) -> Finding | None:
    """What is wrong when the database's file is not there: opening it would make an empty one."""
    place = database_file(settings.database_url)
    if place is None or place.exists():
        return None
    where = "folder" if not place.parent.is_dir() else "file"
    return look(
        "database",
        f"The database's {where} does not exist.",
        "Check IEP_DATABASE_URL. For a new installation run: iep db init",
    )


def writing(wired: Wired) -> Finding:
    """Whether a write would go through now."""
    try:
        try_writing(wired.engines)
    except Busy as busy:
        words, todo = _BUSY.get(
            busy.code, (f"The database does not take a write ({busy.code}).", "Look into the database's log.")
        )
        return look("writing", words, todo)
    except IepError as error:
        return look(
            "writing",
            f"The database refuses a write ({error.code}).",
            "Let the tool's database user read and write every table of its own.",
        )
    return ok("writing", "The database can be written to.")


def disk(settings: Settings) -> Finding:
    """Whether the disk has room. A database server's disk cannot be seen from here."""
    place = database_file(settings.database_url)
    if place is None:
        return cannot_tell("disk", "The database server's disk cannot be seen from here.", "Look there.")
    return room_of(place.resolve().parent)


def room_of(folder: Path) -> Finding:
    """Whether the disk of a folder has room."""
    usage = shutil.disk_usage(folder)
    free = f"{usage.free / 1024**3:.1f} GB of {usage.total / 1024**3:.0f} GB are free on the database's disk."
    if usage.free < LEAST_FREE_BYTES or usage.free < usage.total * LEAST_FREE_SHARE:
        return look("disk", f"Only {free}", "Make room, or move the database to a larger disk.")
    return ok("disk", free)


def secrets(wired: Wired) -> Finding:
    """Whether the given keys open what is stored."""
    keys = wired.settings.secret_keys
    stored, lost, old = count_secrets(wired.engines, Vault(keys), Vault(keys[:1]))
    if lost:
        return look(
            "secrets",
            f"Stored secrets sealed with a key that is not in IEP_SECRET_KEYS: {lost} of {stored}.",
            "Put the earlier key behind the present one in IEP_SECRET_KEYS, and restart.",
        )
    if old:
        return ok(
            "secrets",
            f"The keys open every stored secret ({stored}). An older key is still needed ({old}): keep it.",
        )
    return ok("secrets", f"The keys open every stored secret ({stored}).")


def worker(wired: Wired) -> Finding:
    """Whether what is due is taken: nothing older than ten minutes should wait for the worker."""
    overdue = count_overdue(wired.engines, before=wired.clock() - OVERDUE)
    if wired.settings.sending is Sending.OFF:
        if not overdue:
            return ok("worker", "IEP_SENDING is off, and no notice is due.")
        return look(
            "worker",
            f"IEP_SENDING is off. Notices that are due: {overdue}.",
            "Set IEP_SENDING=live when they may go out, and restart the worker.",
        )
    if overdue:
        return look(
            "worker",
            f"Notices due for more than ten minutes that nobody takes: {overdue}.",
            "Start the worker: iep worker. If it runs, read its log.",
        )
    return ok("worker", "No notice has waited for the worker for more than ten minutes.")


def look_at_database(wired: Wired) -> Iterator[Finding]:
    """Yield what can be said of the database; what needs its tables only when they are there."""
    first = tables(wired)
    yield first
    yield disk(wired.settings)
    if first.todo:
        return
    yield writing(wired)
    yield secrets(wired)
    yield worker(wired)
