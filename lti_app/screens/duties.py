"""Staff duties, child by child: what the plan asks of me, "got it" in one tap, who has not said so yet."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, request
from markupsafe import Markup, escape

from iepcore.caseload import DutiesPage, DutyRow, Knowing
from iepcore.caseload.duties import UNDO_WITHIN
from iepcore.errors import NotFound
from iepcore.ids import PlanVersionId
from iepcore.language import Phrase, format_day
from iepcore.plan import ServicePrescription
from iepcore.plan.document import Support, SupportKind
from lti_app.screens import plan_words as say
from lti_app.screens.bubbles import when_words
from lti_app.screens.findings import html
from lti_app.screens.page import Frame, frame_of, initials, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.plan_changes import change_lines
from lti_app.session.goto import goto
from lti_app.session.viewer import Viewer, current_viewer

blueprint = Blueprint("duties", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyView:
    """One child under one version. ``kinds`` are (heading, lines); a line is (words, small words)."""

    id: str
    student_id: str
    version_id: str
    name: str
    initials: str
    since: str
    changes: tuple[Markup, ...]
    kinds: tuple[tuple[str, tuple[tuple[Markup, tuple[Markup, ...]], ...]], ...]
    is_short: bool
    is_asked: bool
    got: str
    may_undo: bool
    opens: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowingView:
    """Who knows their duties for one child: a sentence, and those who have not said so yet."""

    student_id: str
    name: str
    initials: str
    words: str
    missing: tuple[tuple[str, str], ...]
    known: tuple[tuple[str, str], ...]


@blueprint.get("/app/duties")
def duties() -> str:
    """Show the duties of the viewer: the class they came from first, and what waits before what is done."""
    viewer = current_viewer()
    frame = frame_of(viewer)
    caseload = caseload_of(viewer)
    course = (viewer.source, viewer.context_id) if viewer.context_id is not None else None
    found = caseload.duties.page(course)
    return page(
        frame,
        "duties.html",
        title=frame.words("Duties"),
        current="duties",
        here=[_duty(frame, viewer, row) for row in found.here],
        others=[_duty(frame, viewer, row) for row in found.others],
        course=viewer.context_title or "",
        summary=_summary(frame, found),
        without=[one.preferred_name for one in found.without_plan],
        knowing=[_knowing(frame, one) for one in found.knowing],
        audience=frame.words("The child’s case manager sees that you said so, and when."),
        done={
            "duties_got": frame.words("Kept. The case manager sees it."),
            "duties_undone": frame.words("Undone."),
        }.get(request.args.get("said", ""), ""),
    )


@blueprint.post("/app/duties/got")
def got() -> Response:
    """Keep "got it" for one version."""
    version_id = _given_version()
    caseload_of(current_viewer()).duties.got_it(version_id)
    return goto(f"/app/duties#d-{version_id}", said="duties_got")


@blueprint.post("/app/duties/undo")
def undo() -> Response:
    """Take the tap back."""
    version_id = _given_version()
    caseload_of(current_viewer()).duties.undo(version_id)
    return goto(f"/app/duties#d-{version_id}", said="duties_undone")


def _given_version() -> PlanVersionId:
    try:
        return PlanVersionId(UUID(request.form.get("version", "")))
    except ValueError:
        raise NotFound("plan_version") from None


def _summary(frame: Frame, found: DutiesPage) -> str:
    rows = [*found.here, *found.others]
    if not rows:
        return ""
    if found.open_count:
        return frame.count_words(
            "%(number)s plan waits for your “got it”.",
            "%(number)s plans wait for your “got it”.",
            found.open_count,
        )
    if any(row.is_asked for row in rows):
        return frame.words("You have said “got it” to all of them.")
    return frame.words("Nothing here asks you to say “got it”.")


def _duty(frame: Frame, viewer: Viewer, row: DutyRow) -> DutyView:
    day = format_day(row.version.begins_on, frame.lang)
    since = (
        frame.words("Begins on %(day)s", day=day)
        if row.begins_later
        else frame.words("In effect since %(day)s", day=day)
    )
    now = caseload_of(viewer).desk.clock.now()
    return DutyView(
        id=f"d-{row.version.id}",
        student_id=str(row.student.id),
        version_id=str(row.version.id),
        name=row.student.preferred_name,
        initials=initials(row.student.preferred_name),
        since=since,
        changes=tuple(line.words for line in change_lines(frame, row.changes)),
        kinds=tuple((heading, lines) for heading, lines in _kinds(frame, row) if lines),
        is_short=row.duties.is_short,
        is_asked=row.is_asked,
        got=frame.words("Got it, %(when)s", when=when_words(frame, row.got_at)) if row.got_at else "",
        may_undo=row.got_at is not None and now - row.got_at <= UNDO_WITHIN,
        opens=not row.duties.is_short,
    )


def _kinds(
    frame: Frame, row: DutyRow
) -> tuple[tuple[str, tuple[tuple[Markup, tuple[Markup, ...]], ...]], ...]:
    duties = row.duties
    supports = (
        (SupportKind.ACCOMMODATION, duties.accommodations),
        (SupportKind.MODIFICATION, duties.modifications),
        (SupportKind.AID, duties.aids),
        (SupportKind.STAFF_SUPPORT, duties.staff_supports),
    )
    services = (
        (frame.words("Services I give"), duties.mine),
        (frame.words("Services for which nobody is named yet"), duties.unnamed),
        (frame.words("Talks with staff about the child"), duties.consults),
    )
    return (
        *(
            (say.support_kind_words(frame, kind), tuple(_support(frame, one) for one in held))
            for kind, held in supports
        ),
        *((heading, tuple(_service(frame, one) for one in held)) for heading, held in services),
    )


def _support(frame: Frame, support: Support) -> tuple[Markup, tuple[Markup, ...]]:
    small = [say.written(support.where)] if support.where else []
    if support.responsible:
        small.append(html(frame, "Who sees to it: %(who)s", who=say.written(support.responsible)))
    if support.in_state_tests:
        small.append(escape(frame.words("Also in state tests")))
    return frame.say(support.words), tuple(small)


def _service(frame: Frame, service: ServicePrescription) -> tuple[Markup, tuple[Markup, ...]]:
    small = [escape(say.service_words(frame, service))]
    if service.setting:
        small.append(say.written(service.setting))
    return say.written(service.service), tuple(small)


def _knowing(frame: Frame, one: Knowing) -> KnowingView:
    known = len(one.colleagues) - len(one.missing)
    day = format_day(one.version.begins_on, frame.lang)
    return KnowingView(
        student_id=str(one.student.id),
        name=one.student.preferred_name,
        initials=initials(one.student.preferred_name),
        words=frame.words(
            "%(known)s of %(all)s know their duties (plan from %(day)s)",
            known=known,
            all=len(one.colleagues),
            day=day,
        ),
        missing=tuple(
            (who.adult.name, frame.say(Phrase(key=f"role.{who.place.role.value}"))) for who in one.missing
        ),
        known=tuple(
            (who.adult.name, when_words(frame, who.got_at))
            for who in one.colleagues
            if who.got_at is not None
        ),
    )
