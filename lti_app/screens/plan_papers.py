"""Notices, consents and copies around a plan: who got what, who said yes to what, and when."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from iepcore.caseload import PlanPage
from iepcore.language import format_day
from iepcore.plan.document import (
    ConsentKind,
    CopyKind,
    CopySent,
    CopyWay,
    ParentConsent,
    ParentConsentState,
    SignatureMethod,
    WrittenNotice,
)
from lti_app.screens.findings import html
from lti_app.screens.page import Frame
from lti_app.screens.plan_words import written

Paper = tuple[Markup | str, Markup | str, str]
"""A name, a line about it, and where it can be opened ("" for nowhere)."""


def papers_of(frame: Frame, found: PlanPage, path: str) -> list[Paper]:
    """Return the papers, the newest of each kind first."""
    return [
        *(_notice(frame, one, path) for one in reversed(found.notices)),
        *(_consent(frame, found, one, path) for one in reversed(found.consents)),
        *_copies(frame, found),
    ]


def _notice(frame: Frame, notice: WrittenNotice, path: str) -> Paper:
    name = frame.words("Written notice")
    href = f"{path}/notice/{notice.id}"
    if notice.sent_on is None:
        return name, frame.words("Written, not sent yet"), href
    day = format_day(notice.sent_on, frame.lang)
    if notice.kept_in:
        return name, html(frame, "Sent on %(day)s in %(name)s", day=day, name=written(notice.kept_in)), href
    return name, frame.words("Sent on %(day)s", day=day), href


def consent_kind_words(frame: Frame, kind: ConsentKind) -> str:
    """Return what consent is asked for."""
    return {
        ConsentKind.INITIAL_EVALUATION: frame.words("Consent to the first evaluation"),
        ConsentKind.INITIAL_SERVICES: frame.words("Consent to the first services"),
        ConsentKind.REEVALUATION: frame.words("Consent to a new evaluation"),
        ConsentKind.EXCUSAL: frame.words("Agreement that a member need not attend"),
        ConsentKind.AGENCY_INVITATION: frame.words("Consent to inviting an agency"),
        ConsentKind.DISCLOSURE: frame.words("Consent to passing on records"),
        ConsentKind.PLAN: frame.words("Signature under the plan"),
    }[kind]


def consent_state_words(frame: Frame, state: ParentConsentState) -> str:
    """Return where a consent stands."""
    return {
        ParentConsentState.REQUESTED: frame.words("asked for"),
        ParentConsentState.GIVEN: frame.words("given"),
        ParentConsentState.REFUSED: frame.words("refused, which is a right"),
        ParentConsentState.NO_RESPONSE: frame.words("no answer after efforts on record"),
        ParentConsentState.REVOKED: frame.words("taken back"),
        ParentConsentState.EXPIRED: frame.words("its time is over"),
    }[state]


def method_words(frame: Frame, method: SignatureMethod) -> str:
    """Return how somebody signed."""
    return {
        SignatureMethod.IN_TOOL: frame.words("signed here"),
        SignatureMethod.PAPER: frame.words("signed on paper"),
        SignatureMethod.ELSEWHERE: frame.words("signed in the district’s own system"),
    }[method]


def _consent(frame: Frame, found: PlanPage, consent: ParentConsent, path: str) -> Paper:
    told = [
        frame.words(
            "%(state)s on %(day)s",
            state=consent_state_words(frame, consent.state),
            day=format_day(consent.revoked_on or consent.decided_on or consent.requested_on, frame.lang),
        )
    ]
    if consent.signature is not None:
        told.append(found.names.get(consent.signature.signer_id, ""))
        told.append(method_words(frame, consent.signature.method))
    elif consent.of_id is not None:
        told.append(found.names.get(consent.of_id, ""))
    is_open = consent.state is ParentConsentState.REQUESTED
    href = f"{path}/consent/{consent.id}" if found.may_ask and is_open else ""
    return consent_kind_words(frame, consent.kind), Markup(" · ").join(filter(None, told)), href


def copy_kind_words(frame: Frame, kind: CopyKind) -> str:
    """Return what was copied."""
    return {
        CopyKind.PLAN: frame.words("Copy of the plan"),
        CopyKind.NOTICE: frame.words("Copy of the written notice"),
        CopyKind.SAFEGUARDS: frame.words("Booklet about the family’s rights"),
        CopyKind.EVALUATION: frame.words("Copy of the evaluation"),
        CopyKind.MINUTES: frame.words("Copy of the minutes"),
        CopyKind.PROGRESS: frame.words("Copy of the progress report"),
    }[kind]


def copy_way_words(frame: Frame, way: CopyWay) -> str:
    """Return how a copy went."""
    return {
        CopyWay.IN_TOOL: frame.words("here"),
        CopyWay.BY_HAND: frame.words("by hand"),
        CopyWay.POST: frame.words("by post"),
        CopyWay.MAIL: frame.words("by e-mail"),
        CopyWay.ELSEWHERE: frame.words("by the district’s own system"),
    }[way]


def _copies(frame: Frame, found: PlanPage) -> Iterator[Paper]:
    for copy in sorted(found.copies, key=_sent_on, reverse=True):
        yield (
            copy_kind_words(frame, copy.kind),
            html(
                frame,
                "%(day)s, to %(name)s, %(way)s",
                day=format_day(copy.sent_on, frame.lang),
                name=written(found.names.get(copy.to_id, "")),
                way=copy_way_words(frame, copy.way),
            ),
            "",
        )


def _sent_on(copy: CopySent) -> str:
    return copy.sent_on.isoformat()
