"""Scores and results: what goes into one pupil's cell of a column, by Assignment and Grade Services 2.0, 3.3
and 3.4.

A score replaces the one before it: what is left out is cleared. So a word without a mark takes care of the
mark that is there, and a comment is never sent twice where the platform adds comments up.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from threading import Lock
from typing import Any
from urllib.parse import urljoin

from iepcore.errors import ConnectorError
from iepcore.notices import Receipt, ReceiptState
from lti_app.doors.lti.line_items import AGS, GradebookCalls, Place, under, with_query
from lti_app.doors.lti.services import (
    Call,
    PlatformServices,
    ServiceRefused,
    ServiceSilent,
    ServiceUnknown,
    read_json,
)

SCORE_SCOPE, RESULT_SCOPE = AGS + "score", AGS + "result.readonly"
SCORE_MEDIA = "application/vnd.ims.lis.v1.score+json"
RESULTS_MEDIA = "application/vnd.ims.lis.v2.resultcontainer+json"
LONGEST_COMMENT = 2000
MOST_PAGES = 200
_TICK = timedelta(milliseconds=1)
_TAG = re.compile(r"</?[A-Za-z!][^<>]{0,500}>")
_ABSENT = frozenset({403, 404, 422})


class Activity(StrEnum):
    """How far the pupil is (AGS 3.4.7)."""

    IN_PROGRESS = "InProgress"
    COMPLETED = "Completed"


class Grading(StrEnum):
    """How far the mark is (AGS 3.4.8). A platform may hide a score that is not ``FullyGraded``."""

    PENDING = "Pending"
    FULLY_GRADED = "FullyGraded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One pupil's cell. ``given`` of ``maximum`` is a mark (more than the maximum is allowed); without one
    the mark that is there stays. ``comment`` is plain text.

    Raises:
        ValueError: a mark below 0, not finite, or without a maximum above 0: nothing of it is sent.
    """

    user_id: str
    given: float | None = None
    maximum: float | None = None
    comment: str | None = None

    def __post_init__(self) -> None:
        if self.given is not None:
            if not math.isfinite(self.given) or self.given < 0:
                raise ValueError("a mark is a number from 0")
            if self.maximum is None or not math.isfinite(self.maximum) or self.maximum <= 0:
                raise ValueError("a mark needs a maximum above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What the gradebook shows for one pupil now; ``maximum`` is 1 where the platform names none."""

    user_id: str
    score: float | None = None
    maximum: float = 1.0
    comment: str | None = None


class ScoreTimes:
    """Times for scores that never repeat: for one cell each is later than the one before (AGS 3.4.9)."""

    KEEP_FOR = timedelta(hours=1)

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._last: dict[tuple[str, str], datetime] = {}
        self._lock = Lock()

    def next(self, column: str, user_id: str, *, after: datetime | None = None) -> datetime:
        """Return a time for one cell: now, or a millisecond later than the last one, or than ``after``."""
        with self._lock:
            now = _whole_milliseconds(self._clock())
            known = [one for one in (self._last.get((column, user_id)), after) if one is not None]
            at = max([now, *(_whole_milliseconds(one) + _TICK for one in known)])
            self._last = {key: one for key, one in self._last.items() if now - one < self.KEEP_FOR}
            self._last[column, user_id] = at
            return at


class Scores:
    """The cells of one place's columns."""

    def __init__(self, services: PlatformServices, place: Place, times: ScoreTimes) -> None:
        self._place = place
        known = place.gradebook.column_url or place.gradebook.columns_url or ""
        self._calls = GradebookCalls(services=services, place=place, known=known)
        self._times = times

    def post(self, column: str, score: Score, *, after: datetime | None = None) -> Receipt:
        """Send one score and say what became of it. ``after`` is the time of the last one, if we know it.

        With a comment nothing is ever sent again by itself: a lost answer is ``unknown``, and a person looks.
        Without one the same score may go again, under the same time. Never raises for a platform's refusal:
        ``score_superseded`` (something newer is there), ``not_in_course``, ``scope_not_granted`` and
        ``platform_silent`` (nothing was sent; ``retryable``) are reasons of the receipt.
        """
        at = self._times.next(column, score.user_id, after=after)
        try:
            body = self._body(column, score, at)
            call = Call(
                method="POST",
                url=self._calls.near(under(column, "scores")),
                accept="application/json",
                body=json.dumps(body, ensure_ascii=False, allow_nan=False).encode(),
                content_type=SCORE_MEDIA,
                repeatable=score.comment is None,
            )
            self._calls.send(call, SCORE_SCOPE)
        except ServiceRefused as refusal:
            status = refusal.params.get("status")
            return Receipt(state=ReceiptState.REFUSED, at=at, reason=self._reason(refusal.code, status))
        except ServiceUnknown as lost:
            return Receipt(state=ReceiptState.UNKNOWN, at=at, reason=lost.code)
        except ConnectorError as silence:
            return Receipt(state=ReceiptState.REFUSED, at=at, reason=silence.code, retryable=True)
        return Receipt(state=ReceiptState.SENT, at=at)

    def post_all(self, column: str, scores: Iterable[Score]) -> tuple[Receipt, ...]:
        """Send several; one pupil who is not in the course stops no other."""
        return tuple(self.post(column, score) for score in scores)

    def results(self, column: str, *, user_id: str | None = None) -> tuple[Result, ...]:
        """Return what the column shows now, page after page, for everybody or one pupil.

        Raises:
            ServiceRefused: no, or ``scope_not_granted``. ServiceSilent: no answer, no list, endless pages.
        """
        query = {"user_id": user_id} if user_id is not None else {}
        if self._place.rules.page_size is not None:
            query["limit"] = str(self._place.rules.page_size)
        found: dict[str, Result] = {}
        for row in self._pages(with_query(under(column, "results"), query)):
            result = _result(row)
            if result is not None and user_id in (None, result.user_id):
                found[result.user_id] = result
        return tuple(found.values())

    def _body(self, column: str, score: Score, at: datetime) -> dict[str, Any]:
        given, maximum, comment = score.given, score.maximum, clean_comment(score.comment)
        rules = self._place.rules
        extension: dict[str, Any] = {}
        if given is None and rules.keeps_score:
            extension = dict(rules.keeps_score)
        elif not rules.keeps_comments and (given is None or comment is None):
            standing = next(iter(self.results(column, user_id=score.user_id)), None)
            if standing is not None:
                if given is None and standing.score is not None:
                    given, maximum = standing.score, standing.maximum
                comment = comment or standing.comment
        body: dict[str, Any] = {
            "userId": score.user_id,
            "timestamp": stamp(at),
            "activityProgress": (Activity.IN_PROGRESS if given is None else Activity.COMPLETED).value,
            "gradingProgress": (Grading.PENDING if given is None else Grading.FULLY_GRADED).value,
            **extension,
        }
        if given is not None:
            body |= {"scoreGiven": given, "scoreMaximum": maximum}
        if comment:
            body["comment"] = comment
        return body

    def _reason(self, code: str, status: object) -> str:
        if status in self._place.rules.stale:
            return "score_superseded"
        return "not_in_course" if status in _ABSENT else code

    def _pages(self, first: str) -> Iterator[Any]:
        url: str | None = first
        seen: set[str] = set()
        while url is not None:
            if url in seen or len(seen) >= MOST_PAGES:
                raise ServiceSilent("results_endless")
            seen.add(url)
            answer = self._calls.send(
                Call(method="GET", url=self._calls.near(url), accept=RESULTS_MEDIA), RESULT_SCOPE
            )
            rows = read_json(answer)
            if not isinstance(rows, list):
                raise ServiceSilent("results_shape")
            yield from rows
            following = answer.links.get("next", {}).get("url")
            url = urljoin(url, following) if following else None


def clean_comment(text: str | None) -> str | None:
    """Return a comment as plain text of at most 2,000 characters: no tags, no control characters."""
    if text is None:
        return None
    plain = _TAG.sub("", text.replace("\r\n", "\n"))
    kept = "".join(
        letter for letter in plain if letter == "\n" or unicodedata.category(letter) not in ("Cc", "Cs")
    )
    return kept.strip()[:LONGEST_COMMENT].strip() or None


def stamp(at: datetime) -> str:
    """Return a time as AGS wants it: ISO 8601, UTC, milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _whole_milliseconds(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _result(row: Any) -> Result | None:
    if not isinstance(row, dict) or not isinstance(row.get("userId"), str):
        return None
    score, maximum = _number(row.get("resultScore")), _number(row.get("resultMaximum"))
    comment = row.get("comment")
    return Result(
        user_id=row["userId"],
        score=score if score is not None and score >= 0 else None,
        maximum=maximum if maximum is not None and maximum > 0 else 1.0,
        comment=comment if isinstance(comment, str) and comment else None,
    )


def _number(value: Any) -> float | None:
    usable = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if usable else None
