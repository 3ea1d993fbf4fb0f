"""The lists of courses, sections and enrollments: shapes of the contract, bookmarks, who may read them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from tests.unit.sandbox.parts import Lms

COURSES = "url:GET|/api/v1/courses"
SCHOOL = "url:GET|/api/v1/accounts/:account_id/courses"
SECTIONS = "url:GET|/api/v1/courses/:course_id/sections"
ENROLLMENTS = "url:GET|/api/v1/courses/:course_id/enrollments"
ALL = (COURSES, SCHOOL, SECTIONS, ENROLLMENTS)
ROOM = "/api/v1/courses/101"


def token_of(lms: Lms, key: str, *scopes: str) -> str:
    """Return somebody's token."""
    text: str = lms.consent(key, scopes=" ".join(scopes or ALL))["access_token"]
    return text


def ask(lms: Lms, path: str, token: str, **params: object) -> requests.Response:
    """Ask for a list, or for the next page by its address."""
    url = path if path.startswith("http") else f"{lms.url}{path}"
    headers = {"Authorization": f"Bearer {token}", "User-Agent": "Test/1.0"}
    return requests.get(url, params=params, headers=headers, timeout=10)  # type: ignore[arg-type]


def whole(lms: Lms, path: str, token: str, **params: object) -> list[dict[str, Any]]:
    """Return every row of a list, following its bookmarks."""
    answer = ask(lms, path, token, **params)
    rows = list(answer.json())
    while "next" in answer.links:
        answer = ask(lms, answer.links["next"]["url"], token)
        rows += answer.json()
    return rows


@pytest.mark.parametrize(
    ("definition", "path"),
    [("Course", "/api/v1/courses"), ("Section", f"{ROOM}/sections"), ("Enrollment", f"{ROOM}/enrollments")],
)
def test_rows_keep_the_contract(lms: Lms, shared_folder: Path, definition: str, path: str) -> None:
    """Every row of every list has the shape that the contract names."""
    text = (shared_folder / "contracts" / "canvas" / "canvas-rest.schemas.json").read_text("utf-8")
    schema = {"$defs": json.loads(text)["$defs"], "$ref": f"#/$defs/{definition}"}
    rows = whole(lms, path, token_of(lms, "halloran"), **{"include[]": ["observed_users", "total_students"]})
    assert rows
    for row in rows:
        Draft202012Validator(schema).validate(row)


def test_a_long_list_goes_on_by_bookmarks(lms: Lms) -> None:
    """Ten at a time unless more are asked for; no row is lost or doubled, and no page has a number."""
    token = token_of(lms, "halloran")
    rows = whole(lms, f"{ROOM}/enrollments", token, **{"state[]": "active"})
    first = ask(lms, f"{ROOM}/enrollments", token)
    assert 10 == len(first.json())
    assert "bookmark" in first.links["next"]["url"]
    assert len(rows) == len({row["id"] for row in rows})
    assert rows == whole(lms, f"{ROOM}/enrollments", token, per_page=100)
    assert [] == whole(lms, f"{ROOM}/enrollments", token, **{"state[]": "completed"})
    assert 10 == len(ask(lms, f"{ROOM}/enrollments", token, page="bookmark:%%%").json())


def test_an_observer_has_a_row_for_each_pupil(lms: Lms) -> None:
    """The pupil is named by number, and as a person only where that was asked for."""
    token = token_of(lms, "halloran")
    rows = whole(lms, f"{ROOM}/enrollments", token, **{"include[]": "observed_users"})
    watching = [row for row in rows if row["user_id"] == lms.user_id("ilona")]
    assert {lms.user_id("theo"), lms.user_id("tess")} == {row["associated_user_id"] for row in watching}
    assert all(row["observed_user"]["id"] == row["associated_user_id"] for row in watching)
    assert all("observed_user" not in row for row in whole(lms, f"{ROOM}/enrollments", token))


def test_a_section_counts_its_pupils(lms: Lms) -> None:
    """As many as there are rows of pupils, without the test pupil."""
    token = token_of(lms, "halloran")
    (section,) = whole(lms, f"{ROOM}/sections", token, **{"include[]": "total_students"})
    pupils = [row for row in whole(lms, f"{ROOM}/enrollments", token) if row["type"] == "StudentEnrollment"]
    assert len(pupils) == section["total_students"]
    assert "total_students" not in whole(lms, f"{ROOM}/sections", token)[0]


def test_who_may_read_what(lms: Lms) -> None:
    """Staff their own courses, an administrator all; parents none, a token without the scope none."""
    mine = whole(lms, "/api/v1/courses", token_of(lms, "halloran"), enrollment_type="teacher")
    assert [101] == [one["id"] for one in mine]
    every = whole(lms, "/api/v1/accounts/self/courses", token_of(lms, "pell"))
    assert len(every) > len(mine)
    assert 403 == ask(lms, "/api/v1/accounts/self/courses", token_of(lms, "halloran")).status_code
    assert 404 == ask(lms, "/api/v1/accounts/77/courses", token_of(lms, "pell")).status_code
    for path in (f"{ROOM}/sections", f"{ROOM}/enrollments"):
        assert 403 == ask(lms, path, token_of(lms, "dana")).status_code
        assert 404 == ask(lms, path.replace("101", "999"), token_of(lms, "halloran")).status_code
        assert 401 == ask(lms, path, token_of(lms, "halloran", COURSES)).status_code
