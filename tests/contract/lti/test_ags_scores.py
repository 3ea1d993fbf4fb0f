"""Cells of a gradebook: marks that stay, comments that come once, times that only go forward."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from iepcore.notices import ReceiptState
from lti_app.doors.lti.line_items import Place
from lti_app.doors.lti.platforms import CANVAS, GENERIC, MOODLE, PlatformRules
from lti_app.doors.lti.scores import (
    RESULT_SCOPE,
    SCORE_SCOPE,
    Result,
    Score,
    Scores,
    ScoreTimes,
    clean_comment,
    stamp,
)
from lti_app.doors.lti.services import PlatformServices, ServiceRefused, ServiceSilent
from lti_app.doors.parts import parts
from tests.contract.lti.conftest import Stage
from tests.contract.lti.gradebook import SUBMISSION, FakeGradebook
from tests.contract.lti.test_ags_columns import place

QUIRKS: dict[str, tuple[PlatformRules, dict[str, Any]]] = {
    "canvas": (CANVAS, {"adds_comments": True, "stale": 400}),
    "moodle": (MOODLE, {"query": "?type_id=3"}),
    "generic": (GENERIC, {}),
}


@pytest.fixture
def services(stage: Stage) -> PlatformServices:
    """Services that do not really wait between tries."""
    return PlatformServices(
        keys=parts(stage.app).own_keys, clock=stage.clock, pause=lambda seconds: None, timeout_seconds=(5, 5)
    )


class Desk:
    """One product's gradebook with one column, and our way to it."""

    def __init__(self, stage: Stage, services: PlatformServices, product: str = "generic") -> None:
        rules, quirks = QUIRKS[product]
        self.book = FakeGradebook(stage.platform, **quirks)
        self.column = self.book.add(tag="rapport")
        self.place: Place = place(stage, self.book.claim(), rules)
        self.scores = Scores(services, self.place, ScoreTimes(stage.clock))

    def post(self, **values: Any) -> Any:
        return self.scores.post(self.column, Score(**{"user_id": "user-1", **values}))

    @property
    def cell(self) -> Any:
        return self.book.cells[self.column, "user-1"]


@pytest.fixture(params=sorted(QUIRKS))
def desk(request: pytest.FixtureRequest, stage: Stage, services: PlatformServices) -> Desk:
    """A gradebook of each product."""
    return Desk(stage, services, request.param)


def test_mark_arrives(desk: Desk, stage: Stage) -> None:
    """A3, A4: right address, media type, right and time; more than the maximum is allowed."""
    receipt = desk.post(given=3, maximum=2)
    assert (ReceiptState.SENT, stage.clock.now) == (receipt.state, receipt.at)
    assert (3, 2, []) == (desk.cell.score, desk.cell.maximum, desk.cell.comments)
    sent = desk.book.scores[-1]
    assert ("Completed", "FullyGraded", "2026-11-24T15:00:00.000Z") == (
        sent["activityProgress"],
        sent["gradingProgress"],
        sent["timestamp"],
    )


def test_times_only_go_forward(desk: Desk, stage: Stage) -> None:
    """A4: two scores within one millisecond get two times, the second later, and the platform takes both."""
    first, second = desk.post(given=1, maximum=2), desk.post(given=2, maximum=2)
    assert [ReceiptState.SENT, ReceiptState.SENT] == [first.state, second.state]
    assert timedelta(milliseconds=1) == second.at - first.at
    assert 2 == desk.cell.score


def test_word_without_a_mark_leaves_the_mark(desk: Desk) -> None:
    """A7: a teacher's mark stays, whatever the product's way to keep it."""
    desk.post(given=7, maximum=10)
    assert ReceiptState.SENT is desk.post(comment="There is a message for you.").state
    assert (7, 10, ["There is a message for you."]) == (
        desk.cell.score,
        desk.cell.maximum,
        desk.cell.comments,
    )


def test_canvas_is_told_to_keep_mark_and_submission(stage: Stage, services: PlatformServices) -> None:
    """A7: the extension says so; a real mark goes without it."""
    desk = Desk(stage, services, "canvas")
    desk.post(comment="Hello")
    assert {
        "new_submission": False,
        "preserve_score": True,
        "prioritize_non_tool_grade": True,
        "submission_type": "none",
    } == desk.book.scores[-1][SUBMISSION]
    desk.post(given=1, maximum=1)
    assert SUBMISSION not in desk.book.scores[-1]
    assert ["Hello"] == desk.cell.comments


def test_comment_is_sent_again_only_where_leaving_it_out_clears_it(desk: Desk) -> None:
    """A9: after a later mark the comment stands there once, whatever the product."""
    desk.post(comment="Well done.")
    desk.post(given=1, maximum=1)
    desk.post(given=2, maximum=2)
    assert ["Well done."] == desk.cell.comments


def test_first_word_in_an_empty_cell(desk: Desk) -> None:
    """A7: where there is no mark none is made up, and the cell says that it is not finished."""
    desk.post(comment="Hello")
    assert (None, ["Hello"]) == (desk.cell.score, desk.cell.comments)
    sent = desk.book.scores[-1]
    assert ("InProgress", "Pending") == (sent["activityProgress"], sent["gradingProgress"])


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("status", [0, 502, 504], ids=["A8-cut", "A8-502", "A8-504"])
def test_comment_is_never_sent_twice(desk: Desk, when: str, status: int) -> None:
    """A lost answer is unknown; nothing goes again by itself, done or not."""
    desk.book.faults = [(when, status)]
    receipt = desk.post(comment="Hello")
    assert (ReceiptState.UNKNOWN, "platform_unknown", False) == (
        receipt.state,
        receipt.reason,
        receipt.retryable,
    )
    assert 1 == len(desk.book.posted())


@pytest.mark.parametrize("when", ["before", "after"])
def test_mark_goes_again_under_the_same_time(desk: Desk, when: str) -> None:
    """A10: a mark whose answer was lost goes again; had it arrived, the second is told that it is older."""
    desk.book.faults = [(when, 503)]
    receipt = desk.post(given=1, maximum=1)
    assert 1 == len({one["timestamp"] for one in desk.book.scores})
    assert 1 == desk.cell.score
    expected = (ReceiptState.SENT, "") if when == "before" else (ReceiptState.REFUSED, "score_superseded")
    assert expected == (receipt.state, receipt.reason)


def test_newer_score_of_somebody_else_wins(desk: Desk, stage: Stage) -> None:
    """A10: an older time is refused as superseded; the result can be read afresh; a known time leads on."""
    stage.clock.forward(hours=2)
    newer = desk.post(given=5, maximum=5)
    stage.clock.forward(hours=-2)
    late = Scores(desk.scores._calls.services, desk.place, ScoreTimes(stage.clock))
    score = Score(user_id="user-1", given=1, maximum=5)
    receipt = late.post(desk.column, score)
    assert (ReceiptState.REFUSED, "score_superseded") == (receipt.state, receipt.reason)
    (result,) = late.results(desk.column, user_id="user-1")
    assert (5, 5) == (result.score, result.maximum)
    assert ReceiptState.SENT is late.post(desk.column, score, after=newer.at).state


def test_one_who_left_stops_nobody(desk: Desk) -> None:
    """A11: each pupil has a receipt of their own."""
    who = ("user-1", "stranger", "user-2")
    receipts = desk.scores.post_all(desk.column, [Score(user_id=one, given=1, maximum=1) for one in who])
    assert ["", "not_in_course", ""] == [one.reason for one in receipts]
    assert {"user-1", "user-2"} == {user for _, user in desk.book.cells}


def test_results_are_read_page_after_page(desk: Desk) -> None:
    """A12: all pages, or one pupil by the platform's filter."""
    for user in ("user-1", "user-2", "user-3"):
        desk.post(user_id=user, given=1, maximum=4, comment="ok")
    assert ["user-1", "user-2", "user-3"] == [one.user_id for one in desk.scores.results(desk.column)]
    assert (Result(user_id="user-2", score=1.0, maximum=4.0, comment="ok"),) == desk.scores.results(
        desk.column, user_id="user-2"
    )


@pytest.mark.parametrize(
    ("given", "maximum"),
    [(1.0, None), (-1.0, 5.0), (float("nan"), 5.0), (float("inf"), 5.0), (1.0, 0.0), (1.0, float("nan"))],
    ids=["A5-no-maximum", "A5-negative", "A5-nan", "A5-infinite", "A5-zero", "A5-maximum-nan"],
)
def test_marks_that_are_none_are_never_sent(given: float, maximum: float | None) -> None:
    """A mark below 0, not finite or without a maximum does not even become a score."""
    with pytest.raises(ValueError, match="mark"):
        Score(user_id="user-1", given=given, maximum=maximum)


def test_mark_above_the_maximum_is_allowed() -> None:
    """A6: extra credit exists."""
    assert 12 == Score(user_id="user-1", given=12, maximum=10).given


def test_one_column_is_enough_for_a_score(stage: Stage, services: PlatformServices) -> None:
    """A1: with only a line item and the score right a mark works."""
    book = FakeGradebook(stage.platform)
    column = book.add()
    here = place(stage, book.claim("score", columns=False, column=column), CANVAS)
    scores = Scores(services, here, ScoreTimes(stage.clock))
    assert ReceiptState.SENT is scores.post(column, Score(user_id="user-1", given=1, maximum=1)).state
    assert [SCORE_SCOPE] == [one["scope"] for one in stage.platform.token_requests]


def test_without_the_right_to_read_nothing_is_cleared(stage: Stage, services: PlatformServices) -> None:
    """A7: where keeping the mark needs reading it and that is not granted, the word is not sent."""
    book = FakeGradebook(stage.platform)
    column = book.add()
    scores = Scores(services, place(stage, book.claim("score")), ScoreTimes(stage.clock))
    receipt = scores.post(column, Score(user_id="user-1", comment="Hello"))
    assert (ReceiptState.REFUSED, "scope_not_granted", []) == (receipt.state, receipt.reason, book.posted())
    with pytest.raises(ServiceRefused, match="scope_not_granted"):
        scores.results(column)


def test_busy_platform_did_nothing(desk: Desk) -> None:
    """N11: after three times "too many" nothing was sent, and later may work."""
    desk.book.faults = [("before", 429)] * 3
    receipt = desk.post(comment="Hello")
    assert (ReceiptState.REFUSED, "platform_silent", True) == (
        receipt.state,
        receipt.reason,
        receipt.retryable,
    )


def test_other_refusals_keep_their_code(desk: Desk) -> None:
    """A 410 is refused for good; a cell on another host is not called."""
    desk.book.faults = [("before", 410)]
    assert "platform_refused" == desk.post(given=1, maximum=1).reason
    receipt = desk.scores.post("http://127.0.0.1:1/c", Score(user_id="user-1", given=1, maximum=1))
    assert (ReceiptState.REFUSED, "columns_other_host") == (receipt.state, receipt.reason)


def test_results_in_odd_shapes(stage: Stage, services: PlatformServices) -> None:
    """A12: odd rows are passed over, odd numbers count as none; loops and what is no list are silence."""
    server = stage.platform.server
    rows = [
        "text",
        {"userId": 7},
        {"userId": "a", "resultScore": True, "resultMaximum": 0, "comment": 5},
        {"userId": "b", "resultScore": -1, "resultMaximum": "x", "comment": ""},
    ]
    server.expect_request("/odd/1/results").respond_with_json(rows)
    server.expect_request("/odd/2/results").respond_with_json({"results": []})
    server.expect_request("/odd/3/results").respond_with_json(
        [], headers={"Link": '<?limit=100>; rel="next"'}
    )
    claim = {"scope": [RESULT_SCOPE], "lineitem": server.url_for("/odd/1")}
    scores = Scores(services, place(stage, claim), ScoreTimes(stage.clock))
    assert (Result(user_id="a"), Result(user_id="b")) == scores.results(server.url_for("/odd/1"))
    for path, code in (("/odd/2", "results_shape"), ("/odd/3", "results_endless")):
        with pytest.raises(ServiceSilent, match=code):
            scores.results(server.url_for(path))


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("<b>Well</b> <img src=x onerror=y>done", "Well done"),
        ("3 < 5 and 7 > 2", "3 < 5 and 7 > 2"),
        ("a\r\nb\x00\x07\u009f", "a\nb"),
        ("x" * 10_000, "x" * 2000),
        (" \x00 ", None),
        (None, None),
    ],
    ids=["A14-tags", "A14-signs", "A14-control", "A14-long", "A14-empty", "A14-none"],
)
def test_comments_are_plain_text(text: str | None, clean: str | None) -> None:
    """No tags, no control characters, at most 2,000 characters."""
    assert clean == clean_comment(text)


def test_times_are_forgotten_after_an_hour(stage: Stage) -> None:
    """A4: a cell's last time is kept for an hour; then the clock is far enough ahead of it."""
    times = ScoreTimes(stage.clock)
    first = times.next("c", "u")
    assert "2026-11-24T15:00:00.001Z" == stamp(times.next("c", "u"))
    stage.clock.forward(hours=1, milliseconds=2)
    assert first + timedelta(hours=1, milliseconds=2) == times.next("c", "v")
    assert {("c", "v")} == set(times._last)
