"""The gradebook of the practice LMS: columns, marks that are kept or cleared, comments that add up."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.unit.sandbox.parts import Lms

SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/"
COLUMN = "application/vnd.ims.lis.v2.lineitem+json"
SCORE = "application/vnd.ims.lis.v1.score+json"
SUBMISSION = "https://canvas.instructure.com/lti/submission"
CLAIM = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
FIRST, LATER = "2026-11-23T15:00:00.001Z", "2026-11-23T15:00:00.002Z"


def call(
    lms: Lms, method: str, address: str, scope: str, media: str = COLUMN, **options: Any
) -> requests.Response:
    """One call with a token of exactly this scope."""
    token = lms.service_token(scope=SCOPE + scope).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": media}
    url = address if address.startswith("http") else f"{lms.url}/api/lti/courses/101{address}"
    return requests.request(method, url, headers=headers, timeout=5, **options)


def a_column(lms: Lms, **more: Any) -> str:
    """Make a column and return its address."""
    body = {"label": "Check-in", "scoreMaximum": 1, "tag": "t", **more}
    made = call(lms, "POST", "/line_items", "lineitem", json=body)
    assert 201 == made.status_code, made.text
    return str(made.json()["id"])


def score(lms: Lms, column: str, **changes: Any) -> requests.Response:
    """Post a score for Maya."""
    maya = lms.handle.world.people.by_key("maya")
    assert maya is not None
    body = {
        "userId": maya.sub,
        "timestamp": FIRST,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        **changes,
    }
    return call(lms, "POST", column + "/scores", "score", SCORE, json=body)


def result(lms: Lms, column: str) -> dict[str, Any]:
    """What the column shows for its one pupil."""
    rows = call(lms, "GET", column + "/results", "result.readonly").json()
    assert 1 == len(rows)
    return dict(rows[0])


def test_launch_names_the_gradebook(lms: Lms) -> None:
    """A launch from a course carries address and rights; one from the account does not."""
    claim = lms.launch("/courses/101/external_tools/1?as=halloran")[CLAIM]
    assert f"{lms.url}/api/lti/courses/101/line_items" == claim["lineitems"]
    assert {SCOPE + one for one in ("lineitem", "result.readonly", "score")} == set(claim["scope"])
    admin = next(one.key for one in lms.handle.world.people.users if one.is_administrator)
    assert CLAIM not in lms.launch(f"/accounts/1/external_tools/1?as={admin}")


def test_columns_live(lms: Lms) -> None:
    """Made, found by tag, changed whole, removed."""
    column = a_column(lms, resourceId="r", gradesReleased=True)
    a_column(lms, tag="other")
    found = call(lms, "GET", "/line_items?tag=t&resource_id=r", "lineitem").json()
    assert [column] == [one["id"] for one in found]
    body = {"label": "New", "scoreMaximum": 2}
    changed = call(lms, "PUT", column, "lineitem", json=body).json()
    assert {"id": column, "label": "New", "scoreMaximum": 2.0} == changed
    assert changed == call(lms, "GET", column, "lineitem").json()
    assert 204 == call(lms, "DELETE", column, "lineitem").status_code
    assert 404 == call(lms, "GET", column, "lineitem").status_code


def test_columns_come_in_pages(lms: Lms) -> None:
    """The link to the next page keeps the filter."""
    for _ in range(3):
        a_column(lms)
    first = call(lms, "GET", "/line_items?tag=t&limit=2", "lineitem")
    rest = call(lms, "GET", first.links["next"]["url"], "lineitem")
    assert (2, 1, {}) == (len(first.json()), len(rest.json()), rest.links)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"label": "", "scoreMaximum": 1}, 422),
        ({"label": "x"}, 422),
        ({"label": "x", "scoreMaximum": 0}, 422),
        ([], 400),
    ],
)
def test_columns_that_are_none(lms: Lms, body: Any, status: int) -> None:
    """A column needs a title and a maximum, and is an object."""
    assert status == call(lms, "POST", "/line_items", "lineitem", json=body).status_code


def test_link_of_a_column_stays(lms: Lms) -> None:
    """A column keeps the link it belongs to."""
    column = a_column(lms, resourceLinkId="one")
    body = {"label": "x", "scoreMaximum": 1, "resourceLinkId": "two"}
    assert 422 == call(lms, "PUT", column, "lineitem", json=body).status_code


def test_mark_and_comments(lms: Lms) -> None:
    """A later score without a mark clears it unless told to keep it; each comment is one more."""
    column = a_column(lms)
    score(lms, column, scoreGiven=3, scoreMaximum=4, comment="one")
    score(lms, column, timestamp=LATER, comment="two", **{SUBMISSION: {"preserve_score": True}})
    shown = result(lms, column)
    assert (3, 4, "two") == (shown["resultScore"], shown["resultMaximum"], shown["comment"])
    (cell,) = lms.handle.world.gradebook.cells(lms.handle.world.gradebook.columns(101)[0]).values()
    assert ("one", "two") == cell.comments
    score(lms, column, timestamp=LATER)
    assert "resultScore" not in result(lms, column)
    assert [] == call(lms, "GET", column + "/results?user_id=nobody", "result.readonly").json()


def test_comment_leaves_the_building(lms: Lms) -> None:
    """A comment is on the wire log with its pupil's number, a mark alone is not."""
    column = a_column(lms)
    score(lms, column, scoreGiven=1, scoreMaximum=1)
    assert [] == lms.handle.world.wire.all()
    score(lms, column, timestamp=LATER, comment="Hello")
    (delivery,) = lms.handle.world.wire.all()
    assert ("gradebook", f"user {lms.user_id('maya')}") == (delivery.channel, delivery.receiver)
    assert b"Hello" in delivery.raw
    assert b"Bearer practice" not in delivery.raw


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"userId": "nobody"}, 422),
        ({"timestamp": "yesterday"}, 400),
        ({"timestamp": "2026-11-23T15:00:00"}, 400),
        ({"activityProgress": "Done"}, 400),
        ({"scoreGiven": 1}, 422),
        ({"scoreGiven": -1, "scoreMaximum": 1}, 422),
        ({"scoreGiven": True, "scoreMaximum": 1}, 422),
    ],
)
def test_scores_that_are_none(lms: Lms, changes: dict[str, Any], status: int) -> None:
    """Unknown pupils, odd times and marks without a maximum are refused."""
    assert status == score(lms, a_column(lms), **changes).status_code


def test_older_score_is_refused(lms: Lms) -> None:
    """A score must not be older than the last one."""
    column = a_column(lms)
    score(lms, column, timestamp=LATER, scoreGiven=1, scoreMaximum=1)
    assert 400 == score(lms, column, timestamp=FIRST).status_code


def test_rights_are_asked_for(lms: Lms) -> None:
    """Each service needs its own scope; nobody and the wrong media type get nothing; no other course."""
    column = a_column(lms)
    assert 401 == call(lms, "POST", column + "/scores", "lineitem", SCORE, json={}).status_code
    assert 401 == call(lms, "GET", column + "/results", "score").status_code
    assert 401 == requests.get(column, timeout=5).status_code
    assert 415 == call(lms, "POST", column + "/scores", "score", COLUMN, json={}).status_code
    assert 404 == call(lms, "GET", f"{lms.url}/api/lti/courses/9/line_items", "lineitem").status_code


@pytest.mark.parametrize(
    ("who", "sees"),
    [("halloran", True), ("maya", True), ("dana", True), ("theo", False), ("pell", True)],
    ids=["teacher", "the-pupil", "who-observes-the-pupil", "another-pupil", "administrator"],
)
def test_the_grades_page_shows_who_reads_a_word(lms: Lms, who: str, sees: bool) -> None:
    """What the tool left stands there for those who would read it in Canvas; before, nothing does."""
    address = f"{lms.url}/courses/101/grades?as={who}"
    assert "no grade column" in requests.get(address, timeout=5).text

    column = a_column(lms)
    assert score(lms, column, comment="Thank you for checking in.").ok
    page = requests.get(address, timeout=5).text

    assert "Check-in" in page
    assert "no grade column" not in page
    assert sees == ("Thank you for checking in." in page)
    assert sees == ("Maya" in page)
