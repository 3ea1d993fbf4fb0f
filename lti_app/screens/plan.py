"""The plan as staff read it: what is in force, what waits, what is missing, the timeline, two versions
compared.
"""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from flask import Blueprint, request
from markupsafe import Markup

from iepcore.caseload import PlanPage, VersionPage
from iepcore.errors import NotFound
from iepcore.ids import PlanVersionId, StudentId
from iepcore.language import format_day
from iepcore.plan.document import (
    AnswerKind,
    PartAnswer,
    PlanComment,
    PlanContents,
    PlanState,
    PlanVersion,
    differences,
)
from lti_app.screens import plan_versions as versions
from lti_app.screens.findings import html
from lti_app.screens.page import Frame, frame_of, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.plan_changes import change_lines, since_words
from lti_app.screens.plan_papers import papers_of
from lti_app.screens.plan_reading import sections_of
from lti_app.screens.plan_routes import OpenVersion, lacking_rows, open_versions, plan_path
from lti_app.screens.plan_words import plan_state_words, written
from lti_app.screens.said import said_words
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("plan", __name__)

Said = dict[tuple[str, str], list[dict[str, object]]]


@blueprint.get("/app/c/<uuid:student_id>/doc")
def plan(student_id: UUID) -> str:
    """Show what is in force today, with what waits beside it."""
    viewer = current_viewer()
    frame = frame_of(viewer)
    found = caseload_of(viewer).plans.page(StudentId(student_id))
    return _page(frame, found, found.current)


@blueprint.get("/app/c/<uuid:student_id>/doc/v/<uuid:version_id>")
def version(student_id: UUID, version_id: UUID) -> str:
    """Show one version, whatever its state."""
    viewer = current_viewer()
    frame = frame_of(viewer)
    plans = caseload_of(viewer).plans
    one = plans.version(PlanVersionId(version_id))
    if one.student.id != student_id:
        raise NotFound("plan_version")
    return _page(frame, plans.page(StudentId(student_id)), one.version, one)


@blueprint.get("/app/c/<uuid:student_id>/doc/compare")
def compare(student_id: UUID) -> str:
    """Show what differs between two versions; without a choice, the newest and the one it changes."""
    viewer = current_viewer()
    frame = frame_of(viewer)
    plans = caseload_of(viewer).plans
    found = plans.page(StudentId(student_id))
    all_of_them = [line.version for line in found.timeline]
    after = _chosen(all_of_them, "b") or (all_of_them[0] if all_of_them else None)
    if after is None:
        raise NotFound("plan_version")
    before = _chosen(all_of_them, "a") or versions.before_of(after, all_of_them)
    lines = change_lines(frame, differences(before.contents if before else PlanContents(), after.contents))
    choices = [
        (str(one.id), f"{versions.version_name(frame, one)} ({versions.days_of(frame, one)})")
        for one in all_of_them
    ]
    return page(
        frame,
        "plan_compare.html",
        title=frame.words("What changed"),
        child=found.student.preferred_name,
        path=plan_path(found.student.id),
        lead=_between(frame, before, after),
        versions=choices,
        a=str(before.id) if before is not None else "",
        b=str(after.id),
        parts=versions.by_part(frame, lines),
    )


def _chosen(found: list[PlanVersion], name: str) -> PlanVersion | None:
    wanted = request.args.get(name, "")
    if not wanted:
        return None
    one = next((one for one in found if str(one.id) == wanted), None)
    if one is None:
        raise NotFound("plan_version")
    return one


def _between(frame: Frame, before: PlanVersion | None, after: PlanVersion) -> Markup:
    since = since_words(frame, after)
    if before is None:
        return html(frame, "%(after)s, %(since)s", after=versions.version_name(frame, after), since=since)
    return html(
        frame,
        "%(before)s beside %(after)s, %(since)s",
        before=versions.version_name(frame, before),
        after=versions.version_name(frame, after),
        since=since,
    )


def _page(frame: Frame, found: PlanPage, shown: PlanVersion | None, one: VersionPage | None = None) -> str:
    path = plan_path(found.student.id)
    everything = [line.version for line in found.timeline]
    waiting: list[OpenVersion] = open_versions(frame, found) if one is None else []
    return page(
        frame,
        "plan.html",
        title=frame.words("Plan"),
        child=found.student.preferred_name,
        student_id=str(found.student.id),
        path=path,
        lead=_lead(frame, shown),
        shown=shown,
        sections=sections_of(frame, shown.contents) if shown is not None else [],
        remarks=_said(frame, found, shown),
        actions=_actions(frame, found, one),
        open_versions=waiting,
        lacking=lacking_rows(frame, found) if one is None else [],
        papers=papers_of(frame, found, path),
        steps=versions.rows_of(frame, everything, path=path, shown=shown),
        copy_line=_copy_line(frame, found, shown),
        overdue=_overdue(frame, found),
        may_write=found.may_step,
        refused="",
        said_sentence=said_words(frame, request.args.get("said", "")),
    )


def _lead(frame: Frame, shown: PlanVersion | None) -> str:
    if shown is None:
        return ""
    return frame.words(
        "%(name)s · %(state)s · %(days)s",
        name=versions.version_name(frame, shown),
        state=plan_state_words(frame, shown.state),
        days=versions.days_of(frame, shown),
    )


def _actions(frame: Frame, found: PlanPage, one: VersionPage | None) -> list[tuple[str, str]]:
    """Return what can be begun here; what waits already has its own card."""
    path = plan_path(found.student.id)
    if one is not None:
        return [(frame.words("Plan in force today"), path)]
    if not found.may_step or found.draft is not None:
        return []
    if found.current is None:
        return []
    actions = [(frame.words("Change the plan"), f"{path}/amend")]
    if found.current.state is PlanState.TRANSFERRED_IN:
        actions = [(frame.words("Adopt it as our own"), f"{path}/v/{found.current.id}/adopt")]
    actions.append((frame.words("Next yearly plan"), f"{path}/begin"))
    return [*actions, (frame.words("End the plan"), f"{path}/end")]


def _copy_line(frame: Frame, found: PlanPage, shown: PlanVersion | None) -> Markup | str:
    official = found.rules.choices.official_plan
    if official is None:
        return ""
    name = written(official.name) if official.name else frame.words("the district’s own system")
    if shown is not None and shown.as_of is not None:
        day = format_day(shown.as_of, frame.lang)
        words = html(
            frame,
            "This is a working copy as of %(day)s. The official plan is kept in %(name)s.",
            day=day,
            name=name,
        )
    else:
        words = html(frame, "The official plan is kept in %(name)s; here stands a working copy.", name=name)
    if official.link:
        link = Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>')
        words = Markup("{} {}").format(words, link.format(official.link, frame.words("Open it there")))
    return words


def _overdue(frame: Frame, found: PlanPage) -> str:
    """A plan whose review is overdue stays in force, and says so."""
    if found.review is None or found.review.due_on is None or found.review.due_on >= found.today:
        return ""
    return frame.words(
        "The yearly review was due on %(day)s. The plan stays in force and services go on.",
        day=format_day(found.review.due_on, frame.lang),
    )


def _said(frame: Frame, found: PlanPage, shown: PlanVersion | None) -> Said:
    """Return remarks and answers to the version on the page by the piece they are about."""
    said: Said = defaultdict(list)
    if shown is None:
        return said
    for answer in found.answers:
        if answer.version_id == shown.id:
            said[answer.part.value, answer.about].append(_answer(frame, found, answer))
    for remark in found.comments:
        if remark.version_id == shown.id:
            key = (remark.part.value if remark.part is not None else "", remark.about)
            said[key].append(_remark(frame, found, remark))
    return said


def _answer(frame: Frame, found: PlanPage, answer: PartAnswer) -> dict[str, object]:
    return {
        "author": found.names.get(answer.adult_id, ""),
        "when": format_day(frame.local(answer.answered_at).date(), frame.lang),
        "answer": answer_words(frame, answer.answer),
        "kind": "done" if answer.answer is AnswerKind.ACCEPTED else "open",
        "words": frame.say(answer.words) if answer.words is not None else "",
    }


def answer_words(frame: Frame, answer: AnswerKind) -> str:
    """Return an answer to a part of a plan."""
    words = {
        "accepted": frame.words("Accepted"),
        "not_accepted": frame.words("Not accepted"),
        "question": frame.words("A question"),
    }
    return words.get(answer.value) or frame.words("Answer taken back")


def _remark(frame: Frame, found: PlanPage, remark: PlanComment) -> dict[str, object]:
    return {
        "author": found.names.get(remark.author_id, ""),
        "when": format_day(frame.local(remark.said_at).date(), frame.lang),
        "answer": "",
        "kind": "",
        "words": frame.say(remark.words),
    }
