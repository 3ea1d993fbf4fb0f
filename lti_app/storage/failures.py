"""Driver errors become ours here, without a word of what was being stored.

A driver's message may quote the row ("Key (name)=(...) already exists"), so none is passed on: only our code
and the driver's error number. The failures worth a second try become ``Busy``.
"""

from __future__ import annotations

import sqlite3

import sqlalchemy as sa

from iepcore.errors import Busy, IepError, InvalidValue

LOCKED, READ_ONLY, FULL, DOWN = "store_locked", "store_read_only", "store_full", "store_down"

# https://www.sqlite.org/rescode.html, primary codes
_SQLITE = {
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_CANTOPEN: DOWN,
    sqlite3.SQLITE_IOERR: DOWN,
    sqlite3.SQLITE_CORRUPT: DOWN,
    sqlite3.SQLITE_NOTADB: DOWN,
    sqlite3.SQLITE_NOMEM: DOWN,
}

# https://www.postgresql.org/docs/current/errcodes-appendix.html; a two-character key stands for its class
_POSTGRES = {
    "55P03": LOCKED,
    "40P01": LOCKED,
    "40001": LOCKED,
    "57014": LOCKED,
    "25006": READ_ONLY,
    "53100": FULL,
    "53": DOWN,
    "57": DOWN,
    "58": DOWN,
    "08": DOWN,
    "28": DOWN,
    "3D": DOWN,
}


def _postgres_code(sqlstate: str) -> str | None:
    return _POSTGRES.get(sqlstate) or _POSTGRES.get(sqlstate[:2])


def translated(error: sa.exc.SQLAlchemyError) -> IepError:
    """Return our error for a driver's: ``Busy`` when a repeat may help, else a code without any value."""
    if isinstance(error, sa.exc.TimeoutError):  # every connection of the pool is taken
        return Busy(LOCKED)
    if not isinstance(error, sa.exc.DBAPIError):
        return IepError("store_failed", params={"kind": type(error).__name__})
    origin = error.orig
    if isinstance(origin, sqlite3.Error):
        number = getattr(origin, "sqlite_errorcode", None)
        state = "" if number is None else str(number)
        busy = None if number is None else _SQLITE.get(number & 0xFF)
    else:
        state = getattr(origin, "sqlstate", None) or ""
        busy = _postgres_code(state) if state else None
        if not state and isinstance(error, sa.exc.OperationalError):
            busy = DOWN  # psycopg gives no SQLSTATE when it never reached a server
    if busy is None and error.connection_invalidated:
        busy = DOWN
    if busy is not None:
        return Busy(busy)
    if isinstance(error, sa.exc.IntegrityError):
        return IepError("store_refused", params={"state": state})
    if isinstance(error, sa.exc.DataError):
        return InvalidValue("not_storable", params={"state": state})
    return IepError("store_failed", params={"state": state, "kind": type(error).__name__})


def raise_ours(error: BaseException) -> None:
    """Raise our error in place of a driver's; do nothing about any other.

    Raises:
        Busy: ``store_locked``, ``store_read_only``, ``store_full`` or ``store_down``; nothing was written,
            unless the connection broke during COMMIT, which is why writes carry client keys.
        InvalidValue: ``not_storable``, a value the database cannot hold (for example a NUL character).
        IepError: ``store_refused`` (a constraint) or ``store_failed`` (our defect, or a missing migration).
    """
    if isinstance(error, sa.exc.StatementError) and not isinstance(error, sa.exc.DBAPIError):
        # a column type refused the value: the cause is our own ValueError or TypeError, which names no value
        raise (error.orig or error) from None
    if isinstance(error, sa.exc.SQLAlchemyError):
        raise translated(error) from None
    if isinstance(error, UnicodeError):
        # a lone surrogate, which neither driver can encode; the message would quote the text
        raise InvalidValue("not_storable") from None


class store_failures:
    """Let no driver error through: raises what :func:`raise_ours` raises."""

    __slots__ = ()

    def __enter__(self) -> None:
        """Nothing to do yet."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is not None:
            raise_ours(error)
