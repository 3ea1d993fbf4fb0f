"""Signing in the tool: by who may decide, for the words shown, with their hash; no is a right."""

from __future__ import annotations

import pytest

from iepcore.calendars import OfficialPlan
from iepcore.caseload import ConsentAsked
from iepcore.errors import Conflict, IllegalMove, NotFound, NotPermitted
from iepcore.ids import ParentConsentId, new_uuid7
from iepcore.language import Phrase
from iepcore.plan.document import (
    ConsentKind,
    ParentConsent,
    ParentConsentState,
    PlanVersion,
    SignatureMethod,
    text_hash,
)
from tests.unit.caseload.plan_town import PlanTown, said

ASKED = "Do you agree to speech twice a week?"
SHOWN = (ASKED, "Speech", "twice a week")


@pytest.fixture
def town() -> PlanTown:
    """A town in memory that keeps its plans here."""
    return PlanTown()


def ask(town: PlanTown, *, of: str | None = None, version: PlanVersion | None = None) -> ParentConsent:
    """Ask for the first services."""
    asked = ConsentAsked(
        kind=ConsentKind.INITIAL_SERVICES,
        text=said(ASKED),
        of_id=town.id(of) if of else None,
        version_id=version.id if version else None,
    )
    return town.manager.agreeing.ask(town.maya.id, asked)


def test_signature_keeps_who_when_and_the_words(town: PlanTown) -> None:
    """The hash is that of everything shown, in its order."""
    asked = ask(town)
    page = town.caseload("mother").signing.page(asked.id)
    assert (asked, "Mother Person", True, False) == (
        page.consent,
        page.signer_name,
        page.is_open,
        page.may_take_back,
    )
    given = town.caseload("mother").signing.sign(asked.id, SHOWN, version=asked.version)
    assert given.signature is not None
    assert (town.id("mother"), SignatureMethod.IN_TOOL, town.clock.now(), text_hash(*SHOWN)) == (
        given.signature.signer_id,
        given.signature.method,
        given.signature.at,
        given.signature.text_hash,
    )
    assert (ParentConsentState.GIVEN, town.today) == (given.state, given.decided_on)
    assert (given,) == town.caseload("mother").signing.of_child(town.maya.id)


def test_words_that_are_asked_stand_among_those_shown(town: PlanTown) -> None:
    """A signature for other words, or for none, is none."""
    asked = ask(town)
    for shown in ((), ("Something else",)):
        with pytest.raises(IllegalMove, match="nothing_to_sign"):
            town.caseload("mother").signing.sign(asked.id, shown, version=asked.version)


def test_only_who_may_decide_signs(town: PlanTown) -> None:
    """Records alone sign nothing; staff sign for nobody; a worn face signs nothing; no right sees nothing."""
    asked = ask(town)
    for who in ("father", "revoked", "stranger", "manager", "ivos_mother"):
        with pytest.raises(NotPermitted):
            town.caseload(who).signing.sign(asked.id, SHOWN, version=asked.version)
    worn = town.caseload("mother", masquerade=True).signing
    with pytest.raises(NotPermitted):
        worn.sign(asked.id, SHOWN, version=asked.version)
    for who in ("revoked", "stranger", "manager"):
        with pytest.raises(NotPermitted):
            town.caseload(who).signing.page(asked.id)
        with pytest.raises(NotPermitted):
            town.caseload(who).signing.of_child(town.maya.id)


def test_asked_of_one_is_no_one_elses(town: PlanTown) -> None:
    """Who is not asked finds nothing; what another has signed is theirs."""
    town.set_rights("father", records=True, decides=True)
    mothers, anybodys = ask(town, of="mother"), ask(town)
    father = town.caseload("father").signing
    with pytest.raises(NotFound):
        father.page(mothers.id)
    with pytest.raises(NotFound):
        father.sign(mothers.id, SHOWN, version=1)
    assert (anybodys,) == father.of_child(town.maya.id)
    town.caseload("mother").signing.sign(anybodys.id, SHOWN, version=1)
    assert () == father.of_child(town.maya.id)
    with pytest.raises(NotFound):
        father.page(anybodys.id)
    with pytest.raises(NotFound):
        father.page(ParentConsentId(new_uuid7()))
    page = town.caseload("mother").answering.page(town.maya.id)
    assert [mothers.id] == [one.id for one in page.asked]


def test_no_is_kept_with_who_said_it(town: PlanTown) -> None:
    """It cannot be turned into a yes by a second tap; the school asks again if it wants to."""
    asked = ask(town)
    refused = town.caseload("mother").signing.decline(asked.id, version=asked.version)
    assert (ParentConsentState.REFUSED, town.id("mother")) == (refused.state, refused.of_id)
    with pytest.raises(IllegalMove, match="consent_state"):
        town.caseload("mother").signing.sign(asked.id, SHOWN, version=refused.version)
    page = town.caseload("mother").signing.page(asked.id)
    assert (False, False) == (page.is_open, page.may_take_back)


def test_changed_meanwhile_is_not_signed(town: PlanTown) -> None:
    """The version on the page is the one that is signed."""
    asked = ask(town)
    with pytest.raises(Conflict):
        town.caseload("mother").signing.sign(asked.id, SHOWN, version=asked.version + 1)


def test_yes_is_taken_back_before_it_begins(town: PlanTown) -> None:
    """Proposed: back by a tap. In effect: the school sends its notice first, so the family writes to it."""
    version = town.proposed()
    asked = ask(town, version=version)
    mother = town.caseload("mother").signing
    given = mother.sign(asked.id, SHOWN, version=asked.version)
    page = mother.page(asked.id)
    assert (True, version) == (page.may_take_back, page.version)
    back = mother.take_back(asked.id, version=given.version)
    assert (ParentConsentState.REVOKED, town.today) == (back.state, back.revoked_on)
    again = ask(town, version=version)
    given = mother.sign(again.id, SHOWN, version=again.version)
    town.go_to(version.begins_on)
    town.manager.proposing.take_effect(version.id)
    assert not mother.page(again.id).may_take_back
    with pytest.raises(IllegalMove, match="taken_back_too_late"):
        mother.take_back(again.id, version=given.version)
    without_plan = ask(town)
    given = mother.sign(without_plan.id, SHOWN, version=1)
    with pytest.raises(IllegalMove, match="taken_back_too_late"):
        mother.take_back(without_plan.id, version=given.version)


def test_signing_page_shows_what_a_change_changes(town: PlanTown) -> None:
    """The version before stands beside the one that is signed."""
    first = town.in_effect()
    draft = town.manager.drafting.amend(first.student_id, town.amendment())
    version = town.proposed(draft)
    page = town.caseload("mother").signing.page(ask(town, version=version).id)
    assert page.before is not None
    assert first.id == page.before.id


def test_elsewhere_one_signs_there(town: PlanTown) -> None:
    """Beside the district's own system nothing is signed here, and nobody is told to."""
    town.keep_plans(official_plan=OfficialPlan(name="Old System"))
    before = len(town.messages())
    asked = ask(town)
    assert before == len(town.messages())
    mother = town.caseload("mother")
    assert not mother.signing.page(asked.id).is_open
    assert () == mother.answering.page(town.maya.id).asked
    with pytest.raises(IllegalMove, match="plan_kept_elsewhere"):
        mother.signing.sign(asked.id, SHOWN, version=asked.version)


@pytest.mark.parametrize(("of", "told"), [(None, {"mother"}), ("mother", {"mother"})])
def test_who_is_asked_is_told(town: PlanTown, of: str | None, told: set[str]) -> None:
    """In the tool, and outside it only that the school has written; a parent who only reads is not asked."""
    ask(town, of=of)
    (message,) = town.messages()
    assert {town.id(one) for one in told} == message.recipient_ids
    assert ["plan.told_sign"] == [part.key for part in message.parts if isinstance(part, Phrase)]
    card = town.caseload("mother").answering.card(town.maya.id)
    assert card is not None
    assert 1 == card.to_sign
