"""Consent, signatures and prior written notice: what stands when, and what is refused with its rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.errors import IllegalMove, InvalidValue
from iepcore.ids import AdultId, ParentConsentId, StudentId, WrittenNoticeId
from iepcore.plan.document import (
    NOTICE_PARTS,
    ConsentKind,
    NoticeParts,
    ParentConsent,
    ParentConsentState,
    Signature,
    SignatureMethod,
    WrittenNotice,
    expire_consent,
    give_consent,
    no_response,
    refuse_consent,
    revoke_consent,
    send_notice,
    text_hash,
)
from tests.unit.plan.document.plans import words

ASKED, GIVEN, BACK = date(2026, 9, 1), date(2026, 9, 10), date(2027, 1, 27)
SIGNED = Signature(
    signer_id=AdultId(UUID(int=3)),
    method=SignatureMethod.IN_TOOL,
    at=datetime(2026, 9, 10, 15, tzinfo=UTC),
    text_hash=text_hash("words"),
)


def asked(state: ParentConsentState = ParentConsentState.REQUESTED) -> ParentConsent:
    """Return a consent to initial services that was asked for."""
    return ParentConsent(
        id=ParentConsentId(UUID(int=1)),
        student_id=StudentId(UUID(int=2)),
        kind=ConsentKind.INITIAL_SERVICES,
        requested_on=ASKED,
        state=state,
    )


def test_consent_holds_from_its_day_until_it_is_taken_back() -> None:
    """Not before, and not from the day of revocation on; what was in between stays as it was."""
    consent = give_consent(asked(), SIGNED, on=GIVEN)
    assert (False, True, True) == tuple(map(consent.held_on, (ASKED, GIVEN, BACK)))
    gone = revoke_consent(consent, on=BACK, in_writing=True)
    assert (True, False) == (gone.held_on(date(2027, 1, 26)), gone.held_on(BACK))
    over = expire_consent(consent, on=BACK)
    assert (ParentConsentState.EXPIRED, False) == (over.state, over.held_on(BACK))
    assert not asked().held_on(GIVEN)
    assert (SIGNED, 2) == (consent.signature, consent.version)


def test_refusing_and_not_answering_are_states_of_their_own() -> None:
    """Neither holds on any day; silence needs an effort on record."""
    assert not refuse_consent(asked(), on=GIVEN).held_on(GIVEN)
    assert not no_response(asked(), on=GIVEN, attempts=2).held_on(GIVEN)
    with pytest.raises(IllegalMove, match="efforts_missing"):
        no_response(asked(), on=GIVEN, attempts=0)


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (lambda one: give_consent(one, SIGNED, on=date(2026, 8, 31)), "consent_before_request"),
        (lambda one: revoke_consent(one, on=BACK, in_writing=True), "consent_state"),
        (
            lambda one: revoke_consent(give_consent(one, SIGNED, on=GIVEN), on=BACK, in_writing=False),
            "in_writing",
        ),
        (
            lambda one: revoke_consent(give_consent(one, SIGNED, on=GIVEN), on=ASKED, in_writing=True),
            "revocation_before_consent",
        ),
        (lambda one: expire_consent(one, on=BACK), "consent_state"),
    ],
)
def test_steps_against_the_rule_are_refused_with_it(step: object, code: str) -> None:
    """The refusal names the paragraph where there is one."""
    with pytest.raises(IllegalMove, match=code):
        step(asked())  # type: ignore[operator]


@given(
    state=st.sampled_from(ParentConsentState),
    step=st.sampled_from(["give", "refuse", "silence", "revoke", "expire"]),
)
def test_a_consent_goes_only_the_ways_there_are(state: ParentConsentState, step: str) -> None:
    """Asked to given, refused or unanswered; given to revoked or expired; every other pair is refused."""
    consent = replace(asked(state), decided_on=GIVEN)
    steps = {
        "give": lambda: give_consent(consent, SIGNED, on=GIVEN),
        "refuse": lambda: refuse_consent(consent, on=GIVEN),
        "silence": lambda: no_response(consent, on=GIVEN, attempts=1),
        "revoke": lambda: revoke_consent(consent, on=BACK, in_writing=True),
        "expire": lambda: expire_consent(consent, on=BACK),
    }
    from_request = step in {"give", "refuse", "silence"}
    allowed = state is (ParentConsentState.REQUESTED if from_request else ParentConsentState.GIVEN)
    if allowed:
        assert state is not steps[step]().state
    else:
        with pytest.raises(IllegalMove, match="consent_state"):
            steps[step]()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"at": datetime(2026, 9, 10, 15)}, "signature_instant"),  # noqa: DTZ001
        ({"text_hash": "abc"}, "signature_hash"),
        ({"text_hash": "Z" * 64}, "signature_hash"),
    ],
)
def test_a_signature_has_an_instant_and_a_hash(change: dict[str, object], code: str) -> None:
    """Without them it shows neither when nor what."""
    with pytest.raises(InvalidValue, match=code):
        replace(SIGNED, **change)  # type: ignore[arg-type]


@given(first=st.lists(st.text(), max_size=4), second=st.lists(st.text(), max_size=4))
def test_two_texts_have_one_hash_only_when_they_are_the_same(first: list[str], second: list[str]) -> None:
    """Words moved over a border make another text."""
    clean = [[one.encode(errors="replace").decode() for one in texts] for texts in (first, second)]
    assert (clean[0] == clean[1]) == (text_hash(*clean[0]) == text_hash(*clean[1]))


def test_a_notice_has_seven_parts_and_is_sent_once() -> None:
    """From then on its words stand."""
    assert 7 == len(NOTICE_PARTS)
    parts = NoticeParts(**{name: words(name) for name in NOTICE_PARTS})
    notice = WrittenNotice(
        id=WrittenNoticeId(UUID(int=1)), student_id=StudentId(UUID(int=2)), parts=parts, language="mam",
        written_by=AdultId(UUID(int=3)), told_aloud_on=GIVEN, evidence_of_telling=words("interpreter's note"),
    )  # fmt: skip
    sent = send_notice(notice, on=GIVEN)
    assert (True, False, False) == (
        sent.was_sent_before(BACK), sent.was_sent_before(GIVEN), notice.was_sent_before(BACK),
    )  # fmt: skip
    with pytest.raises(IllegalMove, match="notice_sent"):
        send_notice(sent, on=BACK)
    with pytest.raises(InvalidValue, match="telling_without_evidence"):
        replace(notice, evidence_of_telling=None)
