"""Gradebook columns: found before made, changed only when ours, called only where the launch said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lti_app.doors.launch_offers import Gradebook
from lti_app.doors.lti.line_items import (
    COLUMN_READ_SCOPE,
    COLUMN_SCOPE,
    OUR_TAG,
    LineItems,
    Place,
    clean_label,
    under,
)
from lti_app.doors.lti.platforms import CANVAS, GENERIC, MOODLE, PlatformRules, rules_of
from lti_app.doors.lti.services import (
    TRIES,
    Call,
    PlatformServices,
    ServiceRefused,
    ServiceSilent,
    ServiceUnknown,
)
from lti_app.doors.parts import parts
from tests.contract.lti.conftest import Stage
from tests.contract.lti.gradebook import SCOPE, FakeGradebook

AGS_CLAIM = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"


@pytest.fixture
def services(stage: Stage) -> PlatformServices:
    """Services that do not really wait between tries."""
    return PlatformServices(
        keys=parts(stage.app).own_keys, clock=stage.clock, pause=lambda seconds: None, timeout_seconds=(5, 5)
    )


@pytest.fixture
def book(stage: Stage) -> FakeGradebook:
    """The platform's gradebook."""
    return FakeGradebook(stage.platform)


def place(stage: Stage, claim: dict[str, Any], rules: PlatformRules = GENERIC) -> Place:
    """Return the place a launch with this claim offered."""
    stage.launch(**{AGS_CLAIM: claim})
    gradebook = stage.wiring.arrivals.met[-1].offers.gradebook
    assert gradebook is not None
    return Place(
        registration=stage.platform.registration, deployment_id="dep-1", gradebook=gradebook, rules=rules
    )


def columns(stage: Stage, services: PlatformServices, book: FakeGradebook, *scopes: str) -> LineItems:
    """Return the columns of a launch that grants these scopes (by default all)."""
    return LineItems(services, place(stage, book.claim(*scopes)))


def test_columns_are_listed_page_after_page(
    stage: Stage, services: PlatformServices, book: FakeGradebook
) -> None:
    """A2: filters are the platform's, pages are followed, and what a platform does not filter we do."""
    urls = [book.add(tag=OUR_TAG, resourceId="check-in", label=f"No. {n}") for n in range(5)]
    book.add(tag="other")
    listed = columns(stage, services, book).listed(tag=OUR_TAG)
    assert urls == [item.url for item in listed]
    assert {"tag": OUR_TAG, "limit": "100"} == dict(book.requests[0].args)
    book.page_size = 50
    assert 6 == len(columns(stage, services, book).listed())


def test_column_is_made_once(stage: Stage, services: PlatformServices, book: FakeGradebook) -> None:
    """A2: the second wish for the same column finds the first one; the title is one clean line."""
    items = columns(stage, services, book)
    made = items.find_or_make(label="  Check-in\n ", resource_id="check-in")
    again = items.find_or_make(label="Another title", resource_id="check-in")
    assert made == again
    assert ("Check-in", "check-in", 1.0, True) == (
        made.label,
        made.resource_id,
        made.score_maximum,
        made.ours,
    )
    assert 1 == len(book.posted())


def test_two_workers_end_with_one_column(
    stage: Stage, services: PlatformServices, book: FakeGradebook
) -> None:
    """A2: two that made it at the same moment both keep the first and take the second away."""
    mine, theirs = columns(stage, services, book), columns(stage, services, book)
    seen = iter([()])
    theirs.listed = lambda **wanted: next(seen, None) or LineItems.listed(theirs, **wanted)  # type: ignore[method-assign]
    first = mine.find_or_make(label="Check-in", resource_id="check-in")
    second = theirs.find_or_make(label="Check-in", resource_id="check-in")
    assert first == second
    assert [first.url] == list(book.columns)


def test_made_column_of_canvas_asks_pupils_for_nothing(
    stage: Stage, services: PlatformServices, book: FakeGradebook
) -> None:
    """A2: where the product has a kind of column without work, ours is of it; a link's own is plain."""
    items = LineItems(services, place(stage, book.claim(), CANVAS))
    quiet = items.find_or_make(label="Check-in", resource_id="a")
    linked = items.find_or_make(label="Check-in", resource_id="b", resource_link_id="link-1")
    kind = "https://canvas.instructure.com/lti/submission_type"
    assert ({"type": "none"}, None) == (book.columns[quiet.url].get(kind), book.columns[linked.url].get(kind))
    assert "link-1" == linked.resource_link_id


def test_renaming_reads_first_and_keeps_everything_else(
    stage: Stage, services: PlatformServices, book: FakeGradebook
) -> None:
    """A13: what we do not know stays, the link it belongs to does not change."""
    url = book.add(
        tag=OUR_TAG, resourceLinkId="link-9", gradesReleased=True, endDateTime="2027-01-01T00:00:00Z"
    )
    renamed = columns(stage, services, book).rename(url, "New title")
    assert "New title" == renamed.label
    assert ("link-9", True, "2027-01-01T00:00:00Z") == tuple(
        book.columns[url][name] for name in ("resourceLinkId", "gradesReleased", "endDateTime")
    )
    assert ["GET", "PUT"] == [request.method for request in book.requests]


def test_foreign_columns_are_left_alone(
    stage: Stage, services: PlatformServices, book: FakeGradebook
) -> None:
    """A13: a teacher's own column is neither renamed nor deleted; ours is, and one that is gone is fine."""
    theirs, ours = book.add(tag="homework"), book.add(tag=OUR_TAG)
    items = columns(stage, services, book)
    for step in (lambda: items.rename(theirs, "x"), lambda: items.delete(theirs)):
        with pytest.raises(ServiceRefused, match="column_not_ours"):
            step()
    items.delete(ours)
    items.delete(ours)
    assert [theirs] == list(book.columns)
    book.faults = [("before", 403)]
    with pytest.raises(ServiceRefused, match="status=403"):
        items.delete(book.add(tag=OUR_TAG))


def test_one_column_only(stage: Stage, services: PlatformServices, book: FakeGradebook) -> None:
    """A1: without a container nothing is listed or made; the one column can be read."""
    url = book.add()
    items = LineItems(services, place(stage, book.claim(columns=False, column=url)))
    assert url == items.read(url).url
    with pytest.raises(ServiceRefused, match="no_columns"):
        items.listed()
    with pytest.raises(ServiceRefused, match="no_columns"):
        items.find_or_make(label="x", resource_id="x")


def test_rights_that_were_not_granted_are_not_tried(
    stage: Stage, services: PlatformServices, book: FakeGradebook
) -> None:
    """N12: a scope the administrator took away costs no request; reading asks for the smaller right."""
    items = columns(stage, services, book, "lineitem.readonly", "score")
    assert () == items.listed()
    with pytest.raises(ServiceRefused, match="scope_not_granted"):
        items.find_or_make(label="Check-in", resource_id="check-in")
    assert [SCOPE + "lineitem.readonly"] == [one["scope"] for one in stage.platform.token_requests]
    assert (SCOPE + "lineitem", SCOPE + "lineitem.readonly") == (COLUMN_SCOPE, COLUMN_READ_SCOPE)


def test_our_token_goes_nowhere_else(stage: Stage, services: PlatformServices, book: FakeGradebook) -> None:
    """S32: an address of another host is not called, whoever names it."""
    items = columns(stage, services, book)
    with pytest.raises(ServiceRefused, match="columns_other_host"):
        items.read("http://127.0.0.1:1/columns/1")
    book.page_size = 0
    book.add()
    with pytest.raises(ServiceSilent, match="columns_endless"):
        items.listed()


@pytest.mark.parametrize("body", [{"columns": []}, "text", 7], ids=["A2-object", "A2-text", "A2-number"])
def test_answers_that_are_no_list(stage: Stage, services: PlatformServices, body: Any) -> None:
    """What is not a list of columns is silence, never an empty list."""
    stage.platform.server.expect_request("/odd/columns").respond_with_json(body)
    url = stage.platform.server.url_for("/odd/columns")
    items = LineItems(services, place(stage, {"scope": [COLUMN_SCOPE], "lineitems": url}))
    with pytest.raises(ServiceSilent, match="columns_shape"):
        items.listed()
    with pytest.raises(ServiceSilent, match="columns_shape"):
        LineItems.read(items, url) if body != {"columns": []} else items.listed()


def test_odd_rows_are_read_with_care(stage: Stage, services: PlatformServices, book: FakeGradebook) -> None:
    """A row without an address is passed over; a maximum that is none counts as 1."""
    url = book.add(scoreMaximum=-3, label=None, tag=7)
    book.columns["x"] = {"label": "no address"}
    book.page_size = 9
    (item,) = columns(stage, services, book).listed()
    assert (url, "", 1.0, None, False) == (item.url, item.label, item.score_maximum, item.tag, item.ours)
    book.columns[url] = {"label": "no id"}
    assert url == columns(stage, services, book).read(url).url
    book.columns[url] = []  # type: ignore[assignment]
    with pytest.raises(ServiceSilent, match="columns_shape"):
        columns(stage, services, book).read(url)


@pytest.mark.parametrize("maximum", [0.0, -1.0, float("nan"), float("inf")])
def test_column_needs_a_maximum(
    stage: Stage, services: PlatformServices, book: FakeGradebook, maximum: float
) -> None:
    """A column without a maximum above 0 is not made."""
    with pytest.raises(ValueError, match="maximum"):
        columns(stage, services, book).find_or_make(label="x", resource_id="x", score_maximum=maximum)


def test_titles_are_one_line() -> None:
    """White space is folded, a long title is cut, an empty one is refused."""
    assert "a b" == clean_label(" a\n\tb ")
    assert 120 == len(clean_label("x" * 500))
    with pytest.raises(ValueError, match="title"):
        clean_label(" \n")


def test_cells_are_under_the_path() -> None:
    """A3: ``scores`` and ``results`` go into the path; the query stays where it is."""
    assert "https://lms/li/1/scores?type_id=3" == under("https://lms/li/1?type_id=3", "scores")
    assert "https://lms/li/1/results" == under("https://lms/li/1/", "results")


@pytest.mark.parametrize(
    ("family", "canvas", "rules"),
    [
        ("canvas", False, CANVAS),
        ("Moodle", False, MOODLE),
        ("sakai", True, GENERIC),
        (None, True, CANVAS),
        (None, False, GENERIC),
    ],
)
def test_products_are_told_by_their_own_word(family: str | None, canvas: bool, rules: PlatformRules) -> None:
    """The product family decides; without one, a field only Canvas fills in."""
    assert rules == rules_of(family, canvas=canvas)


def test_offer_of_a_launch(stage: Stage, book: FakeGradebook) -> None:
    """A1: addresses that are not https count as absent, odd scopes too; no claim is no gradebook."""
    stage.launch(
        **{AGS_CLAIM: {"scope": "all of them", "lineitems": "http://lms.example.edu/x", "lineitem": 7}}
    )
    assert Gradebook() == stage.wiring.arrivals.met[-1].offers.gradebook
    stage.launch(tool_platform={"guid": "g", "product_family_code": "Moodle"})
    met = stage.wiring.arrivals.met[-1].offers
    assert (None, "moodle") == (met.gradebook, met.family)


class TestWritingLaw:
    """What is tried again, and what never is."""

    def call(self, book: FakeGradebook, *, repeatable: bool) -> Call:
        body = b'{"scoreMaximum":1,"label":"x"}'
        media = "application/vnd.ims.lis.v2.lineitem+json"
        return Call(
            method="POST",
            url=book.url("/columns"),
            accept=media,
            body=body,
            content_type=media,
            repeatable=repeatable,
        )

    @pytest.mark.parametrize("when", ["before", "after"])
    @pytest.mark.parametrize("status", [0, 502, 503, 504], ids=["A8-cut", "A8-502", "A8-503", "A8-504"])
    def test_lost_answer_of_a_write(
        self, stage: Stage, services: PlatformServices, book: FakeGradebook, status: int, when: str
    ) -> None:
        """What may have been done is asked once and called unknown, unless doing it twice is harmless."""
        book.faults = [(when, status)]
        with pytest.raises(ServiceUnknown, match="platform_unknown"):
            services.write(
                stage.platform.registration, "dep-1", self.call(book, repeatable=False), (COLUMN_SCOPE,)
            )
        assert 1 == len(book.posted())
        book.faults = [(when, status)]
        answer = services.write(
            stage.platform.registration, "dep-1", self.call(book, repeatable=True), (COLUMN_SCOPE,)
        )
        assert (201, 3) == (answer.status_code, len(book.posted()))

    def test_busy_platform(self, stage: Stage, services: PlatformServices, book: FakeGradebook) -> None:
        """N11: 429 did nothing, so even a write goes again, three times in all."""
        book.faults = [("before", 429)] * (TRIES - 1)
        call = self.call(book, repeatable=False)
        assert 201 == services.write(stage.platform.registration, "dep-1", call, (COLUMN_SCOPE,)).status_code
        book.faults = [("before", 429)] * TRIES
        with pytest.raises(ServiceSilent):
            services.write(stage.platform.registration, "dep-1", call, (COLUMN_SCOPE,))

    def test_platform_that_is_not_there(
        self, stage: Stage, services: PlatformServices, book: FakeGradebook
    ) -> None:
        """N11: where no connection came about nothing was done, whatever the verb."""
        book.claim()
        gone = replace(self.call(book, repeatable=False), url="http://127.0.0.1:1/columns")
        with pytest.raises(ServiceSilent):
            services.write(stage.platform.registration, "dep-1", gone, (COLUMN_SCOPE,))

    def test_own_mistake_is_told_at_once(
        self, stage: Stage, services: PlatformServices, book: FakeGradebook
    ) -> None:
        """A 500 may have done something; a 400 and a redirect did nothing and are not repeated."""
        call = self.call(book, repeatable=True)
        for status, error in ((500, ServiceUnknown), (400, ServiceRefused), (302, ServiceRefused)):
            book.requests.clear()
            book.faults = [("before", status)]
            with pytest.raises(error):
                services.write(stage.platform.registration, "dep-1", call, (COLUMN_SCOPE,))
            assert 1 == len(book.posted())
