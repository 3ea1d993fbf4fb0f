"""What a notice says, when it went, who interprets, whom it asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.calendars import FEDERAL, DeadlineRules, state_profile
from iepcore.errors import InvalidValue
from iepcore.ids import ParentConsentId, new_uuid7
from iepcore.meetings import (
    ASKING_RULES,
    NOTICE_RULES,
    AskingGap,
    InterpreterBooking,
    InterpreterGap,
    InterpreterKind,
    Invited,
    NoticeGap,
    NoticeMode,
    TeamPart,
    asking_gaps,
    interpreter_gaps,
    notice_gaps,
    notice_timing,
)
from iepcore.plan.document import (
    ConsentKind,
    ParentConsent,
    Signature,
    SignatureMethod,
    give_consent,
    text_hash,
)
from iepcore.testing import words
from tests.unit.meetings.meetings import CHILD, MEETING_ON, a_notice, somebody

RULES = DeadlineRules(profile=FEDERAL)


def test_a_full_notice_lacks_nothing_and_an_empty_one_everything() -> None:
    """What M1 asks for at any age."""
    assert () == notice_gaps(a_notice())
    empty = a_notice(purpose=" ", starts_at=None, place="", attending=(), may_bring=False)
    gaps = notice_gaps(empty)
    assert tuple(NoticeGap)[:5] == gaps
    assert all(NOTICE_RULES[gap].startswith("34 CFR 300.322(b)") for gap in gaps)


def test_transition_part_c_and_agencies_are_told_where_they_apply() -> None:
    """From transition age the notice says so; a child from early intervention has one more right."""
    gaps = notice_gaps(a_notice(), transition=True, from_part_c=True, agencies=True)
    assert (NoticeGap.PART_C, NoticeGap.TRANSITION, NoticeGap.STUDENT, NoticeGap.AGENCIES) == gaps
    said = a_notice(tells_part_c=True, tells_transition=True, student_asked=True, agencies=("VR",))
    assert () == notice_gaps(said, transition=True, from_part_c=True, agencies=True)


def test_a_notice_told_aloud_is_checked_and_kept_in_writing() -> None:
    """For a language that is not written: understanding checked, evidence in writing."""
    aloud = a_notice(mode=NoticeMode.ALOUD)
    assert (NoticeGap.UNDERSTOOD, NoticeGap.EVIDENCE) == notice_gaps(aloud)
    assert () == notice_gaps(replace(aloud, understood_on=date(2027, 2, 16), evidence=words("said back")))


def test_a_start_has_its_zone() -> None:
    """A time without a zone is refused."""
    with pytest.raises(InvalidValue, match="notice_instant"):
        a_notice(starts_at=datetime(2027, 3, 9, 16))  # noqa: DTZ001


def test_the_days_of_a_notice_are_counted_and_short_ones_shown() -> None:
    """21 days; with 9 it is short, unless the parent said in writing that it is enough."""
    assert (21, date(2027, 2, 27), False) == (
        (found := notice_timing(a_notice(), MEETING_ON, RULES)).days,
        found.latest_on,
        found.is_short,
    )
    late = a_notice(sent_on=date(2027, 2, 28))
    assert notice_timing(late, MEETING_ON, RULES).is_short
    assert not notice_timing(replace(late, shortened_on=date(2027, 2, 28)), MEETING_ON, RULES).is_short
    unsent = notice_timing(a_notice(sent_on=None), MEETING_ON, RULES)
    assert (None, True) == (unsent.days, unsent.is_short)


def test_without_a_calendar_nothing_is_called_short() -> None:
    """School days cannot be counted, so nothing is said."""
    found = notice_timing(a_notice(sent_on=None), MEETING_ON, DeadlineRules(profile=state_profile("TX")))
    assert (None, False) == (found.latest_on, found.is_short)


@given(st.integers(-5, 60))
def test_a_notice_is_short_exactly_after_its_last_day(days: int) -> None:
    """The last day itself is early enough."""
    sent = MEETING_ON - timedelta(days=days)
    found = notice_timing(a_notice(sent_on=sent), MEETING_ON, RULES)
    assert (days, days < 10) == (found.days, found.is_short)


def test_an_interpreter_is_trained_booked_and_confirmed() -> None:
    """Nobody, a relative, a booking without a yes; then one who may."""
    needs = {(parent := somebody()): "mam"}

    def gaps(*bookings: InterpreterBooking) -> list[InterpreterGap]:
        return [gap for _, gap in interpreter_gaps(needs, bookings)]

    relative = InterpreterBooking(
        language="mam", kind=InterpreterKind.RELATIVE, confirmed_on=date(2027, 2, 1)
    )
    booked = InterpreterBooking(language="mam", kind=InterpreterKind.QUALIFIED, interpreter_id=somebody())
    assert [InterpreterGap.NONE_BOOKED] == gaps()
    assert [InterpreterGap.NONE_BOOKED] == gaps(replace(booked, language="es-GT"))
    assert [InterpreterGap.NOT_TRAINED] == gaps(relative)
    assert [InterpreterGap.NOT_CONFIRMED] == gaps(booked, relative)
    assert [] == gaps(replace(booked, confirmed_on=date(2027, 2, 1)), relative)
    assert {parent} == {adult for adult, _ in interpreter_gaps(needs, ())}


def test_a_language_is_met_by_its_own_kind() -> None:
    """Spanish of any land serves Spanish of Guatemala."""
    yes = InterpreterBooking(language="ES", kind=InterpreterKind.TRAINED_STAFF, confirmed_on=date(2027, 2, 1))
    assert () == interpreter_gaps({somebody(): "es-gt"}, [yes])


def _consent(given_on: date) -> ParentConsent:
    asked = ParentConsent(
        id=ParentConsentId(new_uuid7()),
        student_id=CHILD,
        kind=ConsentKind.AGENCY_INVITATION,
        requested_on=given_on,
    )
    signed = Signature(
        signer_id=somebody(),
        method=SignatureMethod.PAPER,
        at=datetime(2027, 2, 1, tzinfo=UTC),
        text_hash=text_hash("yes"),
    )
    return give_consent(asked, signed, on=given_on)


def test_an_agency_is_asked_only_with_the_consent_of_who_decides() -> None:
    """None, one given after the meeting, one by the parent of an adult student, one by the student."""
    given_on = MEETING_ON - timedelta(days=5)
    consent = _consent(given_on)
    agency = Invited(person_id=somebody(), parts=frozenset({TeamPart.OUTSIDE_AGENCY}), consent_id=consent.id)
    asked = [agency, Invited(person_id=CHILD, parts=frozenset({TeamPart.STUDENT}))]

    def gaps(*consents: ParentConsent, student_decides: bool = False, by: tuple[ParentConsentId, ...] = ()):  # type: ignore[no-untyped-def]
        return asking_gaps(
            asked,
            consents,
            meeting_on=MEETING_ON,
            transition=True,
            student_decides=student_decides,
            signed_by_student=by,
        )

    assert (AskingGap.AGENCY_CONSENT,) == gaps()
    assert (AskingGap.AGENCY_CONSENT,) == gaps(replace(consent, decided_on=MEETING_ON + timedelta(days=1)))
    assert () == gaps(consent)
    assert (AskingGap.AGENCY_SIGNER,) == gaps(consent, student_decides=True)
    assert () == gaps(consent, student_decides=True, by=(consent.id,))
    assert set(AskingGap) == set(ASKING_RULES)


def test_the_student_is_asked_when_transition_is_talked_about() -> None:
    """M5; without transition nobody has to ask the student."""
    only = [Invited(person_id=somebody(), parts=frozenset({TeamPart.PARENT}))]
    assert (AskingGap.STUDENT,) == asking_gaps(only, (), meeting_on=MEETING_ON, transition=True)
    assert () == asking_gaps(only, (), meeting_on=MEETING_ON, transition=False)
