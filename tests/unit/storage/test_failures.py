"""What becomes of a database's errors."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
import sqlalchemy as sa

from iepcore.errors import Busy, IepError
from lti_app.storage.failures import store_failures, translated


class Numbered(psycopg.Error):
    """A server's error with a SQLSTATE of our choice."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__("Key (name)=(Maya) exists")
        self.sqlstate = sqlstate


def wrapped(origin: Exception, kind: type[sa.exc.DBAPIError] = sa.exc.OperationalError) -> sa.exc.DBAPIError:
    """Return an error as SQLAlchemy raises it."""
    return kind("SELECT 1", None, origin)


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("55P03", "store_locked"),
        ("40P01", "store_locked"),
        ("40001", "store_locked"),
        ("57014", "store_locked"),
        ("25006", "store_read_only"),
        ("53100", "store_full"),
        ("53300", "store_down"),
        ("57P01", "store_down"),
        ("08006", "store_down"),
        ("3D000", "store_down"),
    ],
)
def test_a_servers_states_worth_a_repeat_are_busy(state: str, code: str) -> None:
    """Locks, a stand-by server, a full disk and a server going away are told apart."""
    found = translated(wrapped(Numbered(state)))
    assert (Busy, code) == (type(found), found.code)


def test_a_full_pool_is_locked() -> None:
    """Every connection taken: try again."""
    found = translated(sa.exc.TimeoutError())
    assert (Busy, "store_locked") == (type(found), found.code)


def test_other_errors_say_their_number_and_nothing_else() -> None:
    """A mistake of ours keeps its SQLSTATE or its kind, never the server's words."""
    for error in (
        wrapped(Numbered("42P01"), sa.exc.ProgrammingError),
        wrapped(sqlite3.OperationalError("near Maya")),
        sa.exc.InvalidRequestError("Maya"),
    ):
        found = translated(error)
        assert (IepError, "store_failed") == (type(found), found.code)
        assert "Maya" not in str(found)


def test_a_connection_the_pool_gave_up_is_down() -> None:
    """A driver that says nothing but has lost its server."""
    error = wrapped(Numbered(""), sa.exc.DBAPIError)
    error.connection_invalidated = True
    assert translated(error).code == "store_down"


def test_nothing_of_sqlalchemy_passes_through() -> None:
    """Also an error that is no driver's becomes ours."""
    with pytest.raises(IepError, match="store_failed"), store_failures():
        raise sa.exc.InvalidRequestError("Maya")
