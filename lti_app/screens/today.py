"""Today: who waits for an answer, how each child's goals stand, what was seen at home, what needs a look."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request

from iepcore.errors import InvalidValue
from iepcore.ids import OutboxId
from iepcore.people import SiteRole
from lti_app.screens import due_words, today_rows
from lti_app.screens.openings import told_lines
from lti_app.screens.page import frame_of, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.said import said_words
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("today", __name__)

_OFFICE = frozenset({SiteRole.RECORDS_OFFICER, SiteRole.ADMINISTRATOR})

FIRST_ROWS = 8
"""How many children stand on Today before one asks for all of them."""

SEEN_ROWS = 5
QUIET_ROWS = 4


@blueprint.get("/app/today")
def today() -> str:
    """Show the first screen of a member of staff."""
    viewer = current_viewer()
    frame = frame_of(viewer)
    caseload = caseload_of(viewer)
    found = caseload.today.page()
    show = request.args.get("show", "")
    rows = [row for row in found.children if show in {"", today_rows.ALL} or show in today_rows.kinds_of(row)]
    shown = rows if show else rows[:FIRST_ROWS]
    return page(
        frame,
        "today.html",
        title=frame.words("Today"),
        current="today",
        greeting=today_rows.greeting(frame, caseload.desk.clock.now(), found),
        summary=today_rows.summary(frame, found),
        children=[today_rows.child_of(frame, row) for row in shown],
        hidden=len(rows) - len(shown),
        total=len(found.children),
        choices=today_rows.choices_of(frame, found.children, show),
        filtered=bool(show),
        waiting=[today_rows.waiting_of(frame, row, found.day) for row in found.waiting],
        plan_said=[today_rows.plan_said_of(frame, row) for row in caseload.answering.waiting()],
        duties_open=caseload.duties.waiting_count(),
        seen=[today_rows.seen_of(frame, row) for row in found.seen],
        sees_home=found.sees_home,
        seen_rows=SEEN_ROWS,
        looks=today_rows.looks_of(frame, found),
        quiet=[today_rows.quiet_of(frame, row) for row in found.quiet],
        quiet_rows=QUIET_ROWS,
        quiet_days=found.quiet_days,
        due=due_words.due_groups(frame, found.dues, found.day),
        coming=due_words.coming_lines(frame, found.dues, found.day),
        lacking=[(one.preferred_name, f"/app/c/{one.id}/dates") for one in found.dues.lacking],
        no_calendar=bool(found.children) and not found.dues.has_calendar,
        may_record=found.may_record,
        may_add=SiteRole.CASE_MANAGER in found.site_roles,
        may_staff=SiteRole.RECORDS_OFFICER in found.site_roles,
        may_open=bool(_OFFICE & set(found.site_roles)),
        opened=told_lines(frame, caseload.openings.told()),
        asked_to_see=caseload.requests.waiting(),
        is_interpreter=found.is_interpreter,
        open_tasks=found.open_tasks,
        unmatched=caseload.unmatched.count(),
        said_sentence=said_words(frame, request.args.get("said", "")),
    )


@blueprint.post("/app/today/again")
def send_again() -> Response:
    """Queue a notice again that may or may not have arrived, because a person looked and decided so.

    Raises:
        InvalidValue: ``unknown_notice`` when the form names none.
    """
    caseload = caseload_of(current_viewer())
    try:
        item_id = OutboxId(UUID(request.form.get("item", "")))
    except ValueError:
        raise InvalidValue("unknown_notice", field="item") from None
    caseload.delivery.send_again(item_id)
    return goto("/app/today", said="notice_queued")
