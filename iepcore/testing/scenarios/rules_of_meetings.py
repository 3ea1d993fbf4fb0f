"""Rules about meetings, interpreters, transfers and changes without a meeting, each with its bend."""

from __future__ import annotations

from typing import Any

from iepcore.ids import AdultId, ParentConsentId
from iepcore.meetings import (
    AmendingGap,
    AskingGap,
    InterpreterBooking,
    InterpreterGap,
    InterpreterKind,
    Invited,
    Meeting,
    NoticeGap,
    NoticeMode,
    TeamPart,
    amending_gaps,
    asking_gaps,
    interpreter_gaps,
    notice_gaps,
)
from iepcore.plan import TransferGap, transfer_gaps
from iepcore.plan.document import (
    ConsentKind,
    ParentConsent,
    PlanVersion,
    Signature,
    SignatureMethod,
    give_consent,
)
from iepcore.testing.scenarios.due import annual_review
from iepcore.testing.scenarios.form import FormError, noon
from iepcore.testing.scenarios.meetings import ground_of
from iepcore.testing.scenarios.site import Site, new_id

Raw = dict[str, Any]


# ------------------------------------------------------------------------------------------- outside agency


def _agency_consent(site: Site, sentence: str) -> bool:
    """A consent by a parent is not enough on the meeting's day, one by the student is."""
    del sentence
    meeting = _with_agency(site)
    parent, student = site.first_decider() or site.adults["manager"], site.adults["student"]
    for key, _, _ in site.family:
        if site.may_decide(key, meeting.on):
            return False
    found = []
    for signer in (parent, student):
        consent = _consent(site, signer)
        agency = next(one for one in meeting.invited if TeamPart.OUTSIDE_AGENCY in one.parts)
        asked = Invited(person_id=agency.person_id, parts=agency.parts, consent_id=consent.id)
        gaps = asking_gaps(
            [asked],
            [consent],
            meeting_on=meeting.on,
            transition=False,
            student_decides=site.may_decide("student", meeting.on),
            signed_by_student=[consent.id] if signer == student else [],
        )
        found.append(gaps)
    return found == [(AskingGap.AGENCY_SIGNER,), ()]


def _with_agency(site: Site) -> Meeting:
    for meeting in site.meetings.values():
        if any(TeamPart.OUTSIDE_AGENCY in one.parts for one in meeting.invited):
            return meeting
    raise FormError(f"{site.key}.meetings", "a meeting with an outside agency is needed")


def _consent(site: Site, signer: AdultId) -> ParentConsent:
    asked = ParentConsent(
        id=ParentConsentId(new_id()),
        student_id=site.student_id,
        kind=ConsentKind.AGENCY_INVITATION,
        requested_on=site.as_of,
    )
    signed = Signature(
        signer_id=signer, method=SignatureMethod.PAPER, at=noon(site.as_of, site.zone), text_hash=""
    )
    return give_consent(asked, signed, on=site.as_of)


def _a_year_younger(raw: Raw) -> None:
    born = raw["student"]["dob"]
    raw["student"]["dob"] = f"{int(born[:4]) + 1}{born[4:]}"


# ------------------------------------------------------------------------------------------------- transfer


def _comparable(site: Site, sentence: str) -> bool:
    del sentence
    gaps = _transfer(site)
    return not {TransferGap.SERVICES, TransferGap.LATE, TransferGap.PARENT} & set(gaps)


def _records(site: Site, sentence: str) -> bool:
    del sentence
    return not {TransferGap.ASK_RECORDS, TransferGap.RECORDS} & set(_transfer(site))


def _transfer(site: Site) -> tuple[TransferGap, ...]:
    if site.transfer is None:
        raise FormError(f"{site.key}.transfer", "is needed")
    return transfer_gaps(site.transfer, today=site.as_of, school=site.frame.rules.school)


def _services_later(raw: Raw) -> None:
    raw["transfer"]["comparable_services_from"] = raw["as_of"]


def _records_not_asked(raw: Raw) -> None:
    raw["transfer"].pop("records_requested", None)
    raw["transfer"].pop("records_received", None)


# ------------------------------------------------------------------------------------------------ amendment


def _amending(site: Site) -> tuple[PlanVersion, PlanVersion, tuple[AmendingGap, ...]]:
    with site.store.read() as uow:
        versions = uow.plans.versions_of(site.student_id)
        changed = [one for one in versions if one.amendment is not None and not one.may_be_written]
        if not changed:
            raise FormError(f"{site.key}.ieps", "an amended version is needed")
        after = changed[-1]
        before = next(one for one in versions if one.id == after.amendment.of)  # type: ignore[union-attr]
        notice = uow.plans.notice(after.notice_id) if after.notice_id is not None else None
        copies = uow.plans.copies_of(site.student_id)
    return before, after, amending_gaps(before, after, notice=notice, today=site.as_of, copies=copies)


def _review_stays(site: Site, sentence: str) -> bool:
    del sentence
    before, _, gaps = _amending(site)
    due = annual_review(site)
    first = site.frame.rules.annual_review(before.reviewed_on)
    return due is not None and due.due_on == first.due_on and AmendingGap.REVIEW_MOVED not in gaps


def _first_version_stays(site: Site, sentence: str) -> bool:
    """The version before is there, with its own words, and may not be written."""
    del sentence
    before, after, _ = _amending(site)
    return before.contents != after.contents and not before.may_be_written and bool(before.contents.goals)


def _team_told(site: Site, sentence: str) -> bool:
    del sentence
    return AmendingGap.TEAM not in _amending(site)[2]


def _copy_sent(site: Site, sentence: str) -> bool:
    del sentence
    _, after, gaps = _amending(site)
    asked = after.amendment is not None and after.amendment.copy_asked
    return asked and AmendingGap.COPY not in gaps


def _review_moved(raw: Raw) -> None:
    raw["ieps"][-1]["annual_review_meeting"] = raw["ieps"][-1]["amended_on"]


def _written_over(raw: Raw) -> None:
    raw["ieps"] = raw["ieps"][-1:]


def _nobody_told(raw: Raw) -> None:
    raw["ieps"][-1]["amendment"].pop("team_informed")


def _no_copy(raw: Raw) -> None:
    raw["ieps"][-1]["amendment"].pop("revised_copy_sent")


# --------------------------------------------------------------------------------------------- interpreters


def _team_meeting(site: Site) -> Meeting:
    for meeting in site.meetings.values():
        if meeting.kind.is_of_the_team:
            return meeting
    raise FormError(f"{site.key}.meetings", "a meeting of the team is needed")


def _interpreter(site: Site, sentence: str) -> bool:
    del sentence
    meeting = _team_meeting(site)
    needs = dict(ground_of(site, meeting).needs_interpreter)
    return bool(needs) and not interpreter_gaps(needs, meeting.interpreters)


def _told_aloud(site: Site, sentence: str) -> bool:
    del sentence
    notice = _team_meeting(site).notice
    if notice is None or notice.mode is not NoticeMode.ALOUD:
        return False
    return not {NoticeGap.UNDERSTOOD, NoticeGap.EVIDENCE} & set(notice_gaps(notice))


def _no_relatives(site: Site, sentence: str) -> bool:
    """Nobody of the family is booked, and one who were would not count."""
    del sentence
    meeting = _team_meeting(site)
    needs = dict(ground_of(site, meeting).needs_interpreter)
    kinds = (InterpreterKind.RELATIVE, InterpreterKind.CHILD)
    booked = any(one.kind in kinds for one in meeting.interpreters)
    refused = all(
        gap is InterpreterGap.NOT_TRAINED
        for kind in kinds
        for _, gap in interpreter_gaps(needs, [_family(language, kind, site) for language in needs.values()])
    )
    return bool(needs) and refused and not booked


def _family(language: str, kind: InterpreterKind, site: Site) -> InterpreterBooking:
    return InterpreterBooking(language=language, kind=kind, confirmed_on=site.as_of)


def _nobody_booked(raw: Raw) -> None:
    raw["meetings"][0].pop("interpreter")


def _no_evidence(raw: Raw) -> None:
    raw["meetings"][0]["notice_mode"] = "oral translation"


def _brother_interprets(raw: Raw) -> None:
    brother = {
        **raw["people"][0],
        "id": "brother",
        "name": "Brother",
        "relation": "brother",
        "needs_interpreter": False,
        "rights": {"records": False, "decisions": False, "basis": "a relative without rights"},
    }
    raw["people"].append(brother)
    raw["meetings"][0]["interpreter"] = "brother"


ALL = (
    (
        "agency consent",
        r"outside agency .*consent must come from",
        _agency_consent,
        _a_year_younger,
        "the student is a year younger",
    ),
    (
        "comparable services",
        r"comparable services start",
        _comparable,
        _services_later,
        "services begin on the scenario's day",
    ),
    (
        "records of a transfer",
        r"records: reasonable steps",
        _records,
        _records_not_asked,
        "nobody asked for the records",
    ),
    (
        "review stays",
        r"amendment does not move the annual review",
        _review_stays,
        _review_moved,
        "the amended version rests on the day it was amended",
    ),
    (
        "versions stay",
        r"version 1 stays readable",
        _first_version_stays,
        _written_over,
        "version 1 is not there any more",
    ),
    ("team is told", r"team is (notified|informed)", _team_told, _nobody_told, "nobody told the team"),
    ("revised copy", r"revised copy on request", _copy_sent, _no_copy, "the copy was not sent"),
    (
        "interpreter",
        r"interpreter must be (arranged|provided)",
        _interpreter,
        _nobody_booked,
        "no interpreter is booked",
    ),
    (
        "told aloud",
        r"translated orally",
        _told_aloud,
        _no_evidence,
        "told aloud without evidence of it",
    ),
    (
        "no relatives interpret",
        r"(relatives|children).* not used as interpreters",
        _no_relatives,
        _brother_interprets,
        "a brother interprets",
    ),
)
