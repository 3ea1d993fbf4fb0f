"""``iep backup`` and ``iep restore``: everything into one sealed file, and back again."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import click

from iepcore.access import Action, Resource, ResourceKind, System
from iepcore.caseload import Desk
from lti_app.cli.place import settings_here, wired_here
from lti_app.storage.backup import BackupHead, check_backup, write_backup
from lti_app.storage.backup_file import BackupFault, BackupProblem
from lti_app.storage.restore import REASON, is_empty, restore_backup
from lti_app.storage.vault import Vault
from lti_app.wiring import Wired

WORDS = {
    BackupFault.NOT_OURS: "This file is not a backup of ours.",
    BackupFault.NEWER_FORMAT: "This backup was made by a newer version of the program."
    " Install that version first.",
    BackupFault.WRONG_KEY: "No key in IEP_SECRET_KEYS opens this backup. Put the key of the day it was made"
    " at the end of IEP_SECRET_KEYS.",
    BackupFault.DAMAGED: "This backup is damaged: it is not what was written. Use another one.",
    BackupFault.CUT_SHORT: "This backup ends too early: the copy is not complete."
    " Copy it again or use another one.",
    BackupFault.NEWER_TABLES: "This backup holds tables of a newer version of the program."
    " Install that version first.",
    BackupFault.OCCUPIED: "The database is not empty. To put the backup in its place, add --replace.",
    BackupFault.OTHER_TABLES: "The database has tables of another version. Run: iep db init",
}


@click.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def backup(target: Path) -> None:
    """Write everything into a new file, sealed with the first key of IEP_SECRET_KEYS.

    People may go on working. The file is read back before it gets its name, so a file that is there is a
    whole one. Keep the keys somewhere else: without them nobody opens it, with them everybody does.
    """
    wired = wired_here()
    _note(wired, "backup")
    head = save(wired, target)
    click.echo(f"Wrote {head.rows} rows to {target} and read them back.", err=True)


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Only read it to its end and say what it is.")
@click.option("--replace", is_flag=True, help="Put it in place of what is there, after a safety copy.")
@click.option(
    "--safety-copy",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="Where the safety copy goes (default: beside the backup).",
)
def restore(source: Path, only_check: bool, replace: bool, safety_copy: Path | None) -> None:
    """Put a backup into an empty database, whole or not at all. Stop the server and the worker first.

    Nobody is signed in afterwards, and no notice that was waiting is sent by itself. What happened after the
    backup was made is undone by it; the command says what to look at.
    """
    if only_check:
        keys = settings_here().secret_keys
        with _told(), source.open("rb") as file:
            head = check_backup(file, keys, progress=_progress)
        click.echo(f"A whole backup of {_minute(head.made_at)} (tables {head.revision}), {head.rows} rows.")
        return
    wired = wired_here(needs_tables=False)
    keys = wired.settings.secret_keys
    with _told(), source.open("rb") as file:
        check_backup(file, keys, progress=_progress)  # nothing is touched for a file that is not whole
        if replace and not is_empty(wired.engines):
            stamp = wired.clock().strftime("%Y%m%d-%H%M%S")
            copy = safety_copy or source.with_name(f"{source.name}.before-restore-{stamp}")
            held = _count_holds(wired)
            save(wired, copy)
            click.echo(f"What was there is in {copy}.", err=True)
            if held:
                click.echo(
                    f"{held} legal holds are in force: keep that file until they are lifted, and see whether"
                    " the backup has them too (iep hold list).",
                    err=True,
                )
        file.seek(0)
        done = restore_backup(wired.engines, Vault(keys), file, keys, replace=replace, progress=_progress)
    _note(wired, "restore")
    made = _minute(done.head.made_at)
    click.echo(f"Restored {done.head.rows} rows as they were on {made}. Everybody must sign in again.")
    click.echo("Undone is what happened since. Do again: people disabled, rights taken back, records erased.")
    if done.unsure_notices:
        click.echo(
            f"{done.unsure_notices} notices may have been sent since. None goes out by itself; the people who"
            f" wrote them see them on Today ({REASON})."
        )
    if done.lost_secrets:
        click.echo(
            f"{done.lost_secrets} stored secrets were sealed with a key that is not given. Add that key and"
            " restore again, or connect those platforms anew."
        )


def save(wired: Wired, target: Path) -> BackupHead:
    """Write a backup under another name, read it back, and only then give it its name.

    Raises:
        ClickException: in plain words; no file is left then.
    """
    if target.exists() or target.is_symlink():
        raise click.ClickException(f"{target} exists. Choose a new name.")
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    keys = wired.settings.secret_keys
    try:
        with _told():
            with _private(partial) as file:
                write_backup(wired.engines, file, keys, at=wired.clock(), progress=_progress)
                file.flush()
                os.fsync(file.fileno())
            with partial.open("rb") as again:
                head = check_backup(again, keys, progress=_progress)
        partial.rename(target)
        _sync_folder(target.parent)
    except OSError as wrong:
        raise click.ClickException(f"{target} cannot be written: {wrong.strerror}.") from None
    finally:
        partial.unlink(missing_ok=True)
    return head


def _count_holds(wired: Wired) -> int:
    """Return how many legal holds are in force: what is replaced is destroyed but for the safety copy."""
    count = 0
    for site in wired.doors.sites():
        with wired.store(site.id).read() as uow:
            count += sum(one.is_in_force for one in uow.keeping.holds())
    return count


@contextmanager
def _private(path: Path) -> Iterator[BinaryIO]:
    """Make a file readable by its owner only from its first byte."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        yield file


@contextmanager
def _told() -> Iterator[None]:
    """Say in plain words what is wrong with a backup."""
    try:
        yield
    except BackupProblem as problem:
        raise click.ClickException(f"{WORDS[problem.fault]} Nothing was changed.") from None


def _sync_folder(folder: Path) -> None:
    """Let the new name survive a power cut."""
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)


def _note(wired: Wired, job: str) -> None:
    """Write the command into every site's trail."""
    for site in wired.doors.sites():
        # Not ``wired.job``: its channels open secrets, and after a restore one may not open.
        desk = Desk(store=wired.store(site.id), actor=System(job=job), clock=wired.site_clock(site))
        with desk.changing() as change:
            change.permit(Action.WRITE, Resource(kind=ResourceKind.STUDENT), what=f"data_{job}")


def _progress(rows: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{rows} rows …", nl=False, err=True)


def _minute(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC")
