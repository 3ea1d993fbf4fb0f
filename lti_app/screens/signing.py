"""Signing in the tool, in two steps: first all that is signed, in full; then yes or no, with one's name."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from flask import Blueprint, Response, make_response, request

from iepcore.caseload import SigningPage
from iepcore.errors import Conflict, NotFound
from iepcore.ids import ParentConsentId
from iepcore.language import format_day
from iepcore.plan.document import ConsentKind, ParentConsentState, differences, text_hash
from lti_app.screens.family_frame import reading_frame
from lti_app.screens.page import Frame, family_nav, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.plan_changes import change_lines
from lti_app.screens.plan_reading import Section, sections_of
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("signing", __name__)


@blueprint.get("/app/my/<uuid:student_id>/sign/<uuid:consent_id>")
def sign(student_id: UUID, consent_id: UUID) -> Response:
    """Show what is to be signed, in full."""
    return _show(student_id, consent_id, step="read")


@blueprint.post("/app/my/<uuid:student_id>/sign/<uuid:consent_id>")
def decide(student_id: UUID, consent_id: UUID) -> Response:
    """Go on to the second step; or keep a yes, a no, or that a yes is taken back."""
    viewer = current_viewer()
    caseload = caseload_of(viewer)
    act = request.form.get("act", "")
    if act == "next":
        return _show(student_id, consent_id, step="decide")
    found = _page(student_id, consent_id)
    frame = reading_frame(viewer, caseload)
    version, of = _given_version(), ParentConsentId(consent_id)
    try:
        if act == "sign":
            shown = shown_texts(frame, found)
            if request.form.get("shown", "") != text_hash(*shown):
                return _show(student_id, consent_id, step="read", changed=True)
            caseload.signing.sign(of, shown, version=version)
            said = "signed"
        elif act == "decline":
            caseload.signing.decline(of, version=version)
            said = "declined"
        elif act == "back":
            caseload.signing.take_back(of, version=version)
            said = "signature_back"
        else:
            raise NotFound("consent")
    except Conflict:
        return _show(student_id, consent_id, step="read", changed=True)
    return goto(f"/app/my/{student_id}/doc", said=said)


def shown_texts(frame: Frame, found: SigningPage) -> tuple[str, ...]:
    """Return everything that stands on the page to be signed, as text, in its order. Its hash is the one in
    the signature.
    """
    return tuple(_texts(frame, found))


def _texts(frame: Frame, found: SigningPage) -> Iterator[str]:
    if found.consent.text is not None:
        yield found.consent.text.text
    if found.version is None:
        return
    yield _period(frame, found)
    for section in sections_of(frame, found.version.contents):
        yield section.title
        for heading, pieces in section.groups:
            yield heading
            for piece in pieces:
                yield piece.title.striptags()
                for label, words in piece.facts:
                    yield label
                    yield words.striptags()


def _period(frame: Frame, found: SigningPage) -> str:
    version = found.version
    assert version is not None  # asked for a consent about a plan only
    return frame.words(
        "Plan from %(first)s to %(last)s",
        first=format_day(version.begins_on, frame.lang),
        last=format_day(version.ends_on, frame.lang),
    )


def _given_version() -> int:
    try:
        return int(request.form.get("version", ""))
    except ValueError:
        raise NotFound("consent") from None


def _page(student_id: UUID, consent_id: UUID) -> SigningPage:
    found = caseload_of(current_viewer()).signing.page(ParentConsentId(consent_id))
    if found.student.id != student_id:  # the address names two children
        raise NotFound("consent")
    return found


def _show(student_id: UUID, consent_id: UUID, *, step: str, changed: bool = False) -> Response:
    viewer = current_viewer()
    caseload = caseload_of(viewer)
    found = _page(student_id, consent_id)
    frame = reading_frame(viewer, caseload)
    consent, version = found.consent, found.version
    sections: list[Section] = sections_of(frame, version.contents) if version is not None else []
    changes = []
    if version is not None and found.before is not None:
        changes = change_lines(frame, differences(found.before.contents, version.contents))
    body = page(
        frame,
        "signing.html",
        title=frame.words("Your signature"),
        current="plan",
        nav=family_nav(frame),
        child=found.student.preferred_name,
        student_id=student_id,
        consent_id=consent_id,
        consent_version=consent.version,
        step=step if found.is_open else "",
        asked=frame.say(consent.text) if consent.text is not None else "",
        kind=kind_words(frame, consent.kind),
        period=_period(frame, found) if version is not None else "",
        sections=sections,
        changes=changes,
        signer=found.signer_name,
        shown=text_hash(*shown_texts(frame, found)),
        state=_state_words(frame, found),
        may_take_back=found.may_take_back,
        changed=changed,
    )
    return make_response(body, 409 if changed else 200)


def kind_words(frame: Frame, kind: ConsentKind) -> str:
    """Return what a signature is for, in plain words."""
    return {
        ConsentKind.INITIAL_EVALUATION: frame.words("The school asks to test your child for the first time."),
        ConsentKind.INITIAL_SERVICES: frame.words("The school asks to begin the help in this first plan."),
        ConsentKind.REEVALUATION: frame.words("The school asks to test your child again."),
        ConsentKind.EXCUSAL: frame.words("The school asks that somebody may be away from a meeting."),
        ConsentKind.AGENCY_INVITATION: frame.words("The school asks to invite another agency to a meeting."),
        ConsentKind.DISCLOSURE: frame.words("The school asks to show something of the record to others."),
        ConsentKind.PLAN: frame.words("The school asks for your yes to this plan."),
    }[kind]


def _state_words(frame: Frame, found: SigningPage) -> str:
    consent = found.consent
    if found.is_open:
        return ""
    if consent.state is ParentConsentState.GIVEN and consent.decided_on is not None:
        return frame.words("You signed on %(day)s.", day=format_day(consent.decided_on, frame.lang))
    return {
        ParentConsentState.REFUSED: frame.words("You said no."),
        ParentConsentState.REVOKED: frame.words("Your signature was taken back."),
        ParentConsentState.EXPIRED: frame.words("The time for this is over."),
        ParentConsentState.NO_RESPONSE: frame.words("The school waited for an answer and closed this."),
    }.get(consent.state, frame.words("You can read this. Another adult decides about it."))
