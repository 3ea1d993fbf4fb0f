"""What moves a decision besides the matrix: windows, another face, private notes, delegated goals, jobs."""

from __future__ import annotations

import pickle
from copy import copy, deepcopy
from datetime import UTC, datetime, timedelta

import pytest

from iepcore.access import (
    Action,
    Audience,
    Decision,
    Outcome,
    Party,
    Permitted,
    Person,
    Relations,
    Resource,
    ResourceKind,
    System,
    decide,
    event_bucket,
    require,
)
from iepcore.errors import NotPermitted
from iepcore.ids import AdultId, GoalId, StudentId, new_uuid7
from tests.unit.access.parties import CHILD, DAY, GOAL, ME, OTHER, PERSON, a_grant, a_thing, as_

K, P = ResourceKind, Party
DAY_LONG = timedelta(days=1)


@pytest.mark.parametrize(
    ("starts", "ends", "allowed"),
    [
        (0, 0, True),
        (-1, None, True),
        (0, None, True),
        (1, None, False),
        (-9, -1, False),
        (-9, 0, True),
        (0, -1, False),
    ],
)
def test_standing_counts_from_its_first_to_its_last_day(starts: int, ends: int | None, allowed: bool) -> None:
    """Both ends of a window are inside; an empty window opens nothing; the reason tells old from none."""
    grant = a_grant(
        P.CASE_MANAGER,
        starts_on=DAY + starts * DAY_LONG,
        ends_on=None if ends is None else DAY + ends * DAY_LONG,
    )
    decision = decide(PERSON, Action.READ, a_thing(K.GOAL), DAY, Relations(grants=(grant,)))

    assert allowed == decision.is_allowed
    assert ("case_manager" if allowed else "standing_not_current") == decision.reason


def test_somebody_without_any_standing_is_refused_with_its_own_reason() -> None:
    """Nothing at all is a different reason than something that is over; both are refusals."""
    assert "no_standing" == decide(PERSON, Action.READ, a_thing(K.GOAL), DAY, Relations()).reason


def test_standing_towards_one_child_opens_no_other() -> None:
    """A case manager of one child is a stranger to the next one, and to the site's things."""
    other_child = a_thing(K.GOAL, student_id=StudentId(new_uuid7()))

    assert not decide(PERSON, Action.READ, other_child, DAY, as_(P.CASE_MANAGER)).is_allowed
    assert not decide(
        PERSON, Action.READ, a_thing(K.ROSTER, student_id=None), DAY, as_(P.CASE_MANAGER)
    ).is_allowed


def test_site_standing_opens_no_childs_record() -> None:
    """A records officer, case manager or administrator of the site reads no child's record by that alone."""
    site = as_(P.SITE_RECORDS_OFFICER, P.SITE_CASE_MANAGER, P.SITE_ADMINISTRATOR)
    books = {K.RECORD_REQUEST, K.DISCLOSURE, K.OPENING}

    assert {Outcome.DENY} == {
        decide(PERSON, action, a_thing(kind), DAY, site).outcome
        for action in Action
        for kind in set(K) - books
    }


@pytest.mark.parametrize("parties", [(P.PARAPROFESSIONAL, P.CASE_MANAGER), (P.CASE_MANAGER, P.SUBSTITUTE)])
def test_of_several_standings_the_widest_decides(parties: tuple[Party, Party]) -> None:
    """Somebody with two places on a team may what the wider one allows, in whatever order they are listed."""
    decision = decide(PERSON, Action.WRITE, a_thing(K.GOAL), DAY, as_(*parties))

    assert (Outcome.ALLOW, P.CASE_MANAGER) == (decision.outcome, decision.party)


def test_order_of_the_decision_words_is_allow_own_redact_deny() -> None:
    """A substitute's redacted page gives way to a full one; one's own beats a redacted view."""
    page = a_thing(K.IEP, owner_id=ME)

    assert Outcome.REDACT is decide(PERSON, Action.READ, page, DAY, as_(P.SUBSTITUTE)).outcome
    assert (
        Outcome.ALLOW is decide(PERSON, Action.READ, page, DAY, as_(P.SUBSTITUTE, P.PARAPROFESSIONAL)).outcome
    )
    assert (
        Outcome.OWN_ONLY
        is decide(
            PERSON, Action.READ, a_thing(K.MESSAGE, owner_id=ME), DAY, as_(P.SUBSTITUTE, P.GEN_ED_TEACHER)
        ).outcome
    )


# ------------------------------------------------------------------------------ own only


@pytest.mark.parametrize(
    "mine",
    [
        {"owner_id": ME},
        {"of_adult_id": ME},
        {"participants": frozenset({ME, OTHER})},
    ],
)
def test_own_means_made_by_about_or_in_it(mine: dict[str, object]) -> None:
    """A parent's own words, own profile and own conversations are hers to read and to write."""
    thing = a_thing(K.MESSAGE, **mine)

    assert Outcome.OWN_ONLY is decide(PERSON, Action.READ, thing, DAY, as_(P.PARENT_RECORDS_ONLY)).outcome
    assert Outcome.OWN_ONLY is decide(PERSON, Action.WRITE, thing, DAY, as_(P.PARENT_RECORDS_ONLY)).outcome


@pytest.mark.parametrize(
    "theirs",
    [
        {"owner_id": OTHER},
        {"of_adult_id": OTHER},
        {"participants": frozenset({OTHER})},
        {"owner_id": OTHER, "participants": frozenset({OTHER})},
    ],
)
@pytest.mark.parametrize("party", [P.PARENT_RECORDS_AND_DECISIONS, P.PARENT_RECORDS_ONLY, P.GEN_ED_TEACHER])
@pytest.mark.parametrize("kind", [K.MESSAGE, K.TRANSLATION])
def test_another_adults_words_are_not_yours(theirs: dict[str, object], party: Party, kind: K) -> None:
    """Whatever their own rights, nobody whose row says "own" reads or writes in another's conversation."""
    for action in (Action.READ, Action.WRITE):
        decision = decide(PERSON, action, a_thing(kind, **theirs), DAY, as_(party))

        assert (Outcome.DENY, "not_yours") == (decision.outcome, decision.reason)


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("party", [P.PARENT_RECORDS_AND_DECISIONS, P.PARENT_RECORDS_ONLY])
def test_no_sharing_opens_one_households_profile_to_another(audience: Audience, party: Party) -> None:
    """What a family shares with the classroom is shared with staff, never with the other household."""
    profile = a_thing(K.FAMILY_PROFILE, of_adult_id=OTHER, owner_id=OTHER, audience=audience)

    assert not decide(PERSON, Action.READ, profile, DAY, as_(party)).is_allowed


@pytest.mark.parametrize(
    ("party", "seen"),
    [
        (P.GEN_ED_TEACHER, {Audience.SHARED}),
        (P.PARAPROFESSIONAL, {Audience.SHARED}),
        (P.SPECIAL_ED_TEACHER, {Audience.SHARED, Audience.TEAM}),
        (P.RELATED_SERVICE_PROVIDER, {Audience.SHARED, Audience.TEAM}),
        (P.ADMINISTRATOR, {Audience.SHARED, Audience.TEAM}),
        (P.CASE_MANAGER, {Audience.SHARED, Audience.TEAM, Audience.PARTICIPANTS}),
        (P.SUBSTITUTE, set()),
    ],
)
def test_profile_is_seen_as_far_as_the_family_shares_it(party: Party, seen: set[Audience]) -> None:
    """Aides and general teachers see what is marked for the classroom only; nobody writes it for a family."""
    found = {
        audience
        for audience in Audience
        if decide(
            PERSON,
            Action.READ,
            a_thing(K.FAMILY_PROFILE, of_adult_id=OTHER, owner_id=OTHER, audience=audience),
            DAY,
            as_(party),
        ).is_allowed
    }

    assert seen == found


# ------------------------------------------------------------------------------ private notes, other faces


@pytest.mark.parametrize("party", [party for party in Party if party is not P.PARENT_NO_RECORDS])
@pytest.mark.parametrize("kind", [kind for kind in K if kind is not K.EVENT])
def test_what_is_for_its_author_alone_is_never_anybody_elses(party: Party, kind: K) -> None:
    """A private note, or a thing still with its author, opens to no other role (34 CFR 99.3(b)(1))."""
    thing = a_thing(kind, party, owner_id=OTHER, audience=Audience.AUTHOR)
    for action in (Action.READ, Action.WRITE):
        assert not decide(PERSON, action, thing, DAY, as_(party)).is_allowed


def test_private_note_is_its_makers() -> None:
    """The maker reads and writes it, and the refusal of another names the rule."""
    mine, theirs = (a_thing(K.PRIVATE_NOTE, owner_id=one, audience=Audience.AUTHOR) for one in (ME, OTHER))

    assert decide(PERSON, Action.WRITE, mine, DAY, as_(P.CASE_MANAGER)).is_allowed
    assert "private_to_author" == decide(PERSON, Action.READ, theirs, DAY, as_(P.CASE_MANAGER)).reason


@pytest.mark.parametrize("party", Party)
@pytest.mark.parametrize("kind", K)
def test_another_face_never_writes_and_never_decides(party: Party, kind: K) -> None:
    """Under masquerade every write and every decision is refused, whoever's face it is."""
    worn = Person(adult_id=ME, masquerade=True)
    for action in (Action.WRITE, Action.DECIDE):
        decision = decide(worn, action, a_thing(kind, party, owner_id=ME), DAY, as_(party))

        assert (Outcome.DENY, "masquerade") == (decision.outcome, decision.reason)


@pytest.mark.parametrize("kind", K)
def test_another_face_reads_what_the_person_reads_but_not_what_is_theirs_alone(kind: K) -> None:
    """Support sees the screen the person sees; a private note or draft stays closed."""
    worn = Person(adult_id=ME, masquerade=True)
    thing = a_thing(kind, owner_id=ME)
    private = a_thing(kind, owner_id=ME, audience=Audience.AUTHOR)
    same = kind is not K.PRIVATE_NOTE

    face = decide(worn, Action.READ, thing, DAY, as_(P.CASE_MANAGER))

    assert same == (face == decide(PERSON, Action.READ, thing, DAY, as_(P.CASE_MANAGER)))
    assert not decide(worn, Action.READ, private, DAY, as_(P.CASE_MANAGER)).is_allowed


# ------------------------------------------------------------------------------ delegated goals, jobs


def test_delegated_goals_limit_a_standing_to_them() -> None:
    """An aide with one goal writes there, not on the child's other goals."""
    aide = Relations(grants=(a_grant(P.PARAPROFESSIONAL, goal_ids=frozenset({GOAL})),))
    theirs, another = (a_thing(K.DATA_POINT, goal_id=one) for one in (GOAL, GoalId(new_uuid7())))

    assert decide(PERSON, Action.WRITE, theirs, DAY, aide).is_allowed
    assert "goal_not_delegated" == decide(PERSON, Action.WRITE, another, DAY, aide).reason
    assert decide(PERSON, Action.READ, a_thing(K.STUDENT), DAY, aide).is_allowed


@pytest.mark.parametrize(
    "job",
    [
        "outbox",
        "idle_sets",
        "export",
        "import",
        "erase",
        "seed",
        "door",
        "backup",
        "restore",
        "standing",
        "legal_hold",
    ],
)
def test_named_job_may_and_says_which(job: str) -> None:
    """The product's own jobs act under their name, without any standing."""
    decision = decide(System(job=job), Action.WRITE, a_thing(K.DATA_POINT), DAY, Relations())

    assert (Outcome.ALLOW, f"system_{job}") == (decision.outcome, decision.reason)


@pytest.mark.parametrize("job", ["", "OUTBOX", "mail", "outbox "])
def test_unknown_job_is_refused_whatever_it_brings(job: str) -> None:
    """A job without a name in the list has no rights, even with a case manager's standing."""
    decision = decide(System(job=job), Action.READ, a_thing(K.GOAL), DAY, as_(P.CASE_MANAGER))

    assert (Outcome.DENY, "unknown_job") == (decision.outcome, decision.reason)


# ------------------------------------------------------------------------------ the proof


def _allowed() -> Decision:
    return Decision(outcome=Outcome.ALLOW, reason="test", citation="34 CFR 99.31")


def test_require_gives_the_proof_with_its_subject() -> None:
    """What was decided on is what the proof is about."""
    thing = a_thing(K.GOAL)
    permitted = require(_allowed(), thing)

    assert (thing, "test") == (permitted.subject, permitted.decision.reason)


def test_require_raises_the_refusal_with_its_citation() -> None:
    """A refusal carries the reason code and the rule, and no name of anybody."""
    refusal = decide(PERSON, Action.READ, a_thing(K.GOAL), DAY, Relations())
    with pytest.raises(NotPermitted) as refused:
        require(refusal, a_thing(K.GOAL))

    assert ("no_standing", refusal.citation) == (refused.value.code, refused.value.citation)
    assert str(CHILD) not in str(refused.value)


def test_proof_cannot_be_made_by_hand() -> None:
    """Only `require` makes one: not the constructor, not a changed copy, not a pickle of another."""
    thing = a_thing(K.GOAL)
    permitted = require(_allowed(), thing)
    for seal in (None, object(), True, "seal"):
        with pytest.raises(TypeError, match="require"):
            Permitted(seal, thing, _allowed())
    with pytest.raises(AttributeError):
        permitted.subject = a_thing(K.IEP)  # type: ignore[misc]
    with pytest.raises(AttributeError):
        permitted.decision = _allowed()  # type: ignore[misc]
    with pytest.raises(AttributeError):
        permitted.note = "more"  # type: ignore[attr-defined]
    with pytest.raises(TypeError):
        Permitted()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        pickle.loads(pickle.dumps(permitted))
    for made in (copy, deepcopy):
        with pytest.raises(TypeError):
            made(permitted)


def test_subclass_of_the_proof_is_refused() -> None:
    """Nobody gets around the constructor by inheriting from it."""
    with pytest.raises(TypeError):
        type("Forged", (Permitted,), {"__init__": lambda self, subject: None})


# ------------------------------------------------------------------------------ the trail


def test_reads_share_a_row_within_ten_minutes_and_no_longer() -> None:
    """The fold key is equal inside one span and differs by actor, child, thing and span."""
    at = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    first = event_bucket("a", "s", "goal", at, minutes=10)

    assert first == event_bucket("a", "s", "goal", at + timedelta(minutes=9, seconds=59), minutes=10)
    assert first != event_bucket("a", "s", "goal", at + timedelta(minutes=10), minutes=10)
    others = {
        event_bucket("b", "s", "goal", at, minutes=10),
        event_bucket("a", "t", "goal", at, minutes=10),
        event_bucket("a", "s", "team", at, minutes=10),
        event_bucket("a", "s", "goal", at, minutes=1440),
    }
    assert 4 == len(others - {first})


def test_resource_and_grant_hold_ids_only() -> None:
    """Nothing that access speaks of has room for a name or a note: it may stand in a log."""
    fields = set(Resource.__dataclass_fields__)

    assert {
        "kind",
        "student_id",
        "owner_id",
        "of_adult_id",
        "audience",
        "goal_id",
        "participants",
    } == fields


def test_decision_is_a_value() -> None:
    """Equal decisions are equal, and one cannot be turned into another."""
    assert _allowed() == _allowed()
    with pytest.raises(AttributeError):
        _allowed().outcome = Outcome.DENY  # type: ignore[misc]
    assert AdultId(ME) == PERSON.adult_id
