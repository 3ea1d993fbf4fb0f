"""The record of access for the records officer: who outside got what of a record, and by what right."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, request

from iepcore.access import Disclosure, DisclosureBasis, DisclosureSeal
from iepcore.caseload import Caseload, NewDisclosure
from iepcore.errors import InvalidValue, NotPermitted
from iepcore.ids import DisclosureId, StudentId
from iepcore.language import format_day
from lti_app.screens.page import Frame, advice, frame_of, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.request_words import basis_words
from lti_app.screens.requests import given_day, word_of
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("disclosures", __name__)

Answer = str | Response | tuple[str, int]
PATH = "/app/disclosures"


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureLine:
    """One line in words."""

    id: str
    day: str
    party: str
    what: str
    why: str
    basis: str
    citation: str
    given: bool
    seal: str
    is_corrected: bool
    corrects: bool
    consent: str
    told_to_keep: bool


@blueprint.get(PATH)
def children() -> Answer:
    """Show the children of the site: a line is about one of them (records officers)."""
    frame = frame_of(current_viewer())
    found = caseload_of(current_viewer()).disclosures.children()
    return page(
        frame,
        "disclosures.html",
        title=frame.words("Who outside got what"),
        current="disclosures",
        children=[(one.preferred_name, f"{PATH}/{one.id}") for one in found],
    )


@blueprint.get(f"{PATH}/<uuid:student_id>")
def disclosures(student_id: UUID) -> Answer:
    """Show one child's record of access."""
    return _page(caseload_of(current_viewer()), StudentId(student_id))


@blueprint.post(f"{PATH}/<uuid:student_id>")
def note(student_id: UUID) -> Answer:
    """Write down a line, or one that corrects another."""
    caseload = caseload_of(current_viewer())
    if not caseload.disclosures.may_note():
        raise NotPermitted("no_standing")
    form = request.form
    try:
        on = given_day("on")
        if on is None:
            raise InvalidValue("date_needed", field="on")
        corrects = form.get("corrects", "")
        new = NewDisclosure(
            on=on,
            party=form.get("party", ""),
            what=form.get("what", ""),
            why=form.get("why", ""),
            basis=word_of(DisclosureBasis, "basis"),
            given=form.get("given", "yes") == "yes",
            consent_paper=form.get("consent_paper", ""),
            told_to_keep="told_to_keep" in form,
            seal=word_of(DisclosureSeal, "seal"),
            corrects=DisclosureId(UUID(corrects)) if corrects else None,
        )
        caseload.disclosures.note(StudentId(student_id), new)
    except InvalidValue as refused:
        return _page(caseload, StudentId(student_id), refused=refused), 422
    return goto(f"{PATH}/{student_id}", said="noted")


def _page(caseload: Caseload, student_id: StudentId, *, refused: InvalidValue | None = None) -> str:
    frame = frame_of(current_viewer())
    found = caseload.disclosures.page(student_id)
    begin = next((one for one in found.lines if str(one.id) == request.args.get("correct", "")), None)
    typed = dict(request.form) if refused is not None else _of_line(begin)
    return page(
        frame,
        "disclosures_child.html",
        title=frame.words("Who outside got what"),
        current="disclosures",
        child=found.student.preferred_name,
        path=f"{PATH}/{student_id}",
        lines=[_line(frame, one, found.corrected) for one in found.lines],
        bases=[(one.value, basis_words(frame, one)) for one in DisclosureBasis],
        seals=[(one.value, *_seal_words(frame, one)) for one in DisclosureSeal],
        may_note=found.may_note,
        today=found.today.isoformat(),
        typed=typed,
        is_typed=bool(typed),
        error=advice(refused, frame) if refused is not None else "",
        wrong=refused.field if refused is not None else "",
        said_sentence=frame.words("Written down.") if request.args.get("said") == "noted" else "",
    )


def _of_line(line: Disclosure | None) -> dict[str, str]:
    """Return the form filled with a line that is to be corrected."""
    if line is None:
        return {}
    filled = {
        "on": line.on.isoformat(),
        "party": line.party,
        "what": line.what,
        "why": line.why,
        "basis": line.basis.value,
        "given": "yes" if line.given else "no",
        "consent_paper": line.consent_paper,
        "seal": line.seal.value,
        "corrects": str(line.id),
    }
    return {**filled, "told_to_keep": "1"} if line.told_to_keep else filled


def _line(frame: Frame, one: Disclosure, corrected: frozenset[DisclosureId]) -> DisclosureLine:
    return DisclosureLine(
        id=str(one.id),
        day=format_day(one.on, frame.lang),
        party=one.party,
        what=one.what,
        why=one.why,
        basis=basis_words(frame, one.basis),
        citation=one.citation,
        given=one.given,
        seal="" if one.seal is DisclosureSeal.OPEN else _seal_words(frame, one.seal)[0],
        is_corrected=one.id in corrected,
        corrects=one.corrects is not None,
        consent=one.consent_paper,
        told_to_keep=one.told_to_keep,
    )


def _seal_words(frame: Frame, seal: DisclosureSeal) -> tuple[str, str]:
    return {
        DisclosureSeal.OPEN: (frame.words("The family sees it"), frame.words("This is the rule.")),
        DisclosureSeal.SEALED: (
            frame.words("Sealed"),
            frame.words("An order says that nobody may learn of it."),
        ),
        DisclosureSeal.PROTECTED: (
            frame.words("Protects somebody"),
            frame.words("It would show where a protected person is, or who helps them."),
        ),
    }[seal]
