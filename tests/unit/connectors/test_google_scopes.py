"""Every Google scope has a reason that a person can read, in the program and in the documentation."""

from __future__ import annotations

import re
from pathlib import Path

from connectors import google_classroom
from connectors.google_classroom import ALL_ROUTES, DELEGATED_SCOPES, ROSTER_SCOPES
from connectors.google_classroom.reasons import REASONS
from connectors.google_classroom.routes import ADD_ON_SCOPES, CALENDAR_SCOPES, GMAIL_SCOPES, SIGN_IN

PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "connect-google.md"


def rows() -> list[tuple[str, str, str]]:
    """Return the page's table of scopes."""
    text = PAGE.read_text(encoding="utf-8")
    return re.findall(r"^\| ([^|`]+) \| `([^`]+)` \| ([^|]+) \|$", text, re.MULTILINE)


def test_each_scope_stands_in_the_documentation_with_its_reason() -> None:
    """Word for word, each once, none more."""
    assert dict(REASONS) == {scope: reason for _, scope, reason in rows()}
    assert len(rows()) == len(REASONS)


def test_each_scope_that_can_be_asked_for_has_a_reason() -> None:
    """Of the routes, of the sign-in, and none that nothing needs."""
    asked = {*ROSTER_SCOPES, *GMAIL_SCOPES, *CALENDAR_SCOPES, *ADD_ON_SCOPES, *SIGN_IN, "profile"}

    assert asked == set(REASONS)
    assert {route.scope for route in ALL_ROUTES if route.scope} <= asked


def test_the_page_says_what_a_service_account_may_have() -> None:
    """The lines "Rosters" and "Mail", and no other."""
    assert {scope for what, scope, _ in rows() if what in {"Rosters", "Mail"}} == DELEGATED_SCOPES


def test_what_can_read_is_marked_so() -> None:
    """Every scope that is not for reading says what it does, and to whom."""
    wide = [one for one in REASONS if one.startswith("https") and "readonly" not in one]

    assert [] == [one for one in wide if "read only" in REASONS[one]]
    assert not any("drive" in one or "gmail.readonly" in one or "coursework" in one for one in REASONS)


def test_every_name_of_the_connector_is_there_and_no_other() -> None:
    """Names are loaded at their first use; one that is misspelt is an error as anywhere."""
    assert [] == [name for name in google_classroom.__all__ if not hasattr(google_classroom, name)]
    assert not hasattr(google_classroom, "GoogleSauce")
