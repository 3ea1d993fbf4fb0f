"""For any standing, day and thing: deny by default, and nobody else's standing ever changes mine."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from iepcore.access import (
    Action,
    Actor,
    Audience,
    Basis,
    Decision,
    Grant,
    Outcome,
    Party,
    Person,
    Relations,
    Resource,
    ResourceKind,
    System,
    decide,
)
from iepcore.caseload.desk import Judge
from iepcore.caseload.standing import relations_of
from iepcore.ids import GoalId, SiteId, StudentId, new_uuid7
from iepcore.memory import MemoryStore
from iepcore.people import Adult, Assignment, Relationship, StaffRole
from iepcore.testing import a_parent, a_student, an_adult, an_assignment
from tests.unit.access.parties import CHILD, DAY, GOAL, ME, OTHER

CHILDREN = (CHILD, StudentId(new_uuid7()))
GOALS = (GOAL, GoalId(new_uuid7()))
PEOPLE = (ME, OTHER)
ZONE = ZoneInfo("UTC")
NOON = datetime(DAY.year, DAY.month, DAY.day, 12, 0, tzinfo=UTC)
days = st.integers(-40, 40).map(lambda offset: DAY + timedelta(days=offset))
moments = st.integers(-40, 40).map(lambda hours: NOON + timedelta(hours=hours))
grants = st.builds(
    Grant,
    party=st.sampled_from(Party),
    basis=st.sampled_from(Basis),
    student_id=st.sampled_from([*CHILDREN, None]),
    starts_on=days,
    ends_on=st.none() | days,
    goal_ids=st.none() | st.frozensets(st.sampled_from(GOALS)),
    kinds=st.none() | st.frozensets(st.sampled_from(ResourceKind)),
    opens_at=st.none() | moments,
    closes_at=st.none() | moments,
    stands_in_for=st.none() | st.sampled_from(PEOPLE),
    shares_signing=st.booleans(),
)
OF_EVERYBODY = {ResourceKind.EVENT, ResourceKind.ATTENDANCE}
"""Workshops and support groups hold nothing of a record: no standing towards a child opens or closes them."""
resources = st.builds(
    Resource,
    kind=st.sampled_from([kind for kind in ResourceKind if kind not in OF_EVERYBODY]),
    student_id=st.sampled_from([*CHILDREN, None]),
    owner_id=st.sampled_from([*PEOPLE, None]),
    of_adult_id=st.sampled_from([*PEOPLE, None]),
    audience=st.sampled_from(Audience),
    goal_id=st.sampled_from([*GOALS, None]),
    participants=st.frozensets(st.sampled_from(PEOPLE)),
)
relations = st.lists(grants, max_size=5).map(lambda held: Relations(grants=tuple(held)))
actions = st.sampled_from(Action)
persons = st.builds(Person, adult_id=st.just(ME), masquerade=st.booleans())
STRENGTH = (Outcome.DENY, Outcome.REDACT, Outcome.OWN_ONLY, Outcome.ALLOW)


def _strength(decision: Decision) -> int:
    return STRENGTH.index(decision.outcome)


def _speaks_of(one: Grant, thing: Resource) -> bool:
    """Tell whether a standing is about the thing: of the same child, or one of the two named exceptions."""
    books = {ResourceKind.RECORD_REQUEST, ResourceKind.DISCLOSURE, ResourceKind.OPENING}
    calendars = {ResourceKind.CALENDAR, ResourceKind.SITE_CHOICES}
    return (
        one.student_id == thing.student_id
        or (thing.kind in books and one.student_id is None)
        or (thing.kind in calendars and thing.student_id is None and one.basis is Basis.ASSIGNMENT)
    )


@given(persons, actions, resources, days, relations)
def test_without_a_current_standing_everything_is_denied(
    actor: Actor, action: Action, thing: Resource, on: date, held: Relations
) -> None:
    """Whatever the thing: no standing towards this very child in force that day, no access."""
    current = [one for one in held.grants if _speaks_of(one, thing) and one.holds_on(on, None)]
    decision = decide(actor, action, thing, on, held)
    if not current:
        assert Outcome.DENY is decision.outcome
    if decision.is_allowed:
        assert decision.party in {one.party for one in current}


@given(persons, actions, resources, days, relations)
def test_standings_towards_other_children_or_days_never_matter(
    actor: Actor, action: Action, thing: Resource, on: date, held: Relations
) -> None:
    """Leaving out what is not about this child today changes no word (only, perhaps, why it is no)."""
    about = Relations(grants=tuple(one for one in held.grants if _speaks_of(one, thing) and one.holds_on(on)))

    assert decide(actor, action, thing, on, about).outcome == decide(actor, action, thing, on, held).outcome


@given(persons, actions, resources, days, st.none() | moments, relations)
def test_windows_that_are_not_open_never_allow(
    actor: Actor, action: Action, thing: Resource, on: date, at: datetime | None, held: Relations
) -> None:
    """Leaving out every grant that is over, to come, or closed at this moment changes no word."""
    open_now = Relations(grants=tuple(one for one in held.grants if one.holds_on(on, at)))
    decision = decide(actor, action, thing, on, held, at=at)

    assert decide(actor, action, thing, on, open_now, at=at).outcome == decision.outcome
    if not open_now.grants:
        assert not decision.is_allowed


@given(persons, actions, resources, days, moments, relations, grants)
def test_unrelated_standing_never_widens(
    actor: Actor, action: Action, thing: Resource, on: date, at: datetime, held: Relations, more: Grant
) -> None:
    """A standing towards another child, or one that is not open now, gives nothing towards this one."""
    unrelated = not _speaks_of(more, thing) or not more.holds_on(on, at)
    with_more = Relations(grants=(*held.grants, more))
    before = decide(actor, action, thing, on, held, at=at)

    if unrelated:
        assert before.outcome == decide(actor, action, thing, on, with_more, at=at).outcome


@given(persons, actions, resources, days, moments, relations)
def test_a_list_is_never_left(
    actor: Actor, action: Action, thing: Resource, on: date, at: datetime, held: Relations
) -> None:
    """Where every standing has a list, what is on none of them is denied; deciding is not a thing to list."""
    listed = Relations(
        grants=tuple(one for one in held.grants if one.kinds is not None and thing.kind not in one.kinds)
    )
    if action is not Action.DECIDE:
        assert not decide(actor, action, thing, on, listed, at=at).is_allowed


@given(persons, actions, resources, days, relations, grants)
def test_another_standing_never_takes_away(
    actor: Actor, action: Action, thing: Resource, on: date, held: Relations, more: Grant
) -> None:
    """One more standing of the same person allows as much or more, in whatever order they are listed."""
    before = decide(actor, action, thing, on, held)
    after = decide(actor, action, thing, on, Relations(grants=(more, *held.grants)))

    assert _strength(before) <= _strength(after)
    assert after.outcome == decide(actor, action, thing, on, Relations(grants=(*held.grants, more))).outcome


@given(actions, resources, days, relations)
def test_another_face_never_gets_more(action: Action, thing: Resource, on: date, held: Relations) -> None:
    """Wearing somebody's face gives at most what that somebody has, and never a write."""
    real = decide(Person(adult_id=ME), action, thing, on, held)
    worn = decide(Person(adult_id=ME, masquerade=True), action, thing, on, held)

    assert _strength(worn) <= _strength(real)
    assert action is Action.READ or not worn.is_allowed


@given(st.text(max_size=12), actions, resources, days, relations)
def test_jobs_need_a_known_name(job: str, action: Action, thing: Resource, on: date, held: Relations) -> None:
    """No random name is a job, and no standing makes it one."""
    known = {"outbox", "idle_sets", "export", "import", "erase", "seed", "door"}
    known |= {"backup", "restore", "standing", "legal_hold"}

    assert (job in known) == decide(System(job=job), action, thing, on, held).is_allowed


# ------------------------------------------------------------------------------ standings as they are stored


STUDENTS = tuple(a_student() for _ in range(2))
ADULTS = tuple(an_adult(name=name) for name in ("Rosa Example", "Carl Example", "Theo Example"))


@st.composite
def stored_rights(draw: st.DrawFn) -> tuple[Adult, Relationship | Assignment]:
    """Return an adult and one row of theirs: a relationship with any flags, or a place on a team."""
    adult, student = draw(st.sampled_from(ADULTS)), draw(st.sampled_from(STUDENTS))
    starts = draw(days)
    ends = draw(st.none() | st.integers(0, 60).map(lambda length: starts + timedelta(days=length)))
    if draw(st.booleans()):
        return adult, a_parent(
            student,
            adult,
            may_access_records=draw(st.booleans()),
            may_decide=draw(st.booleans()),
            valid_from=starts,
            valid_to=ends,
        )
    role = draw(st.sampled_from(StaffRole))
    return adult, an_assignment(student, adult, role=role, starts_on=starts, ends_on=ends)


def _store(rows: list[tuple[Adult, Relationship | Assignment]]) -> MemoryStore:
    store = MemoryStore(SiteId(new_uuid7()))
    with store.write() as uow:
        uow.archive.restore([*ADULTS, *STUDENTS, *(row for _, row in rows)])
    return store


def _words(store: MemoryStore, adult: Adult, on: date) -> list[Outcome]:
    """Return the word for every action and kind of thing of every child, mine or my neighbour's."""
    actor = Person(adult_id=adult.id)
    with store.read() as uow:
        judge = Judge(actor=actor, day=on, standing=relations_of(uow, actor, ZONE))
    other = next(one.id for one in ADULTS if one != adult)
    return [
        judge.decide(action, Resource(kind=kind, student_id=student.id, owner_id=owner)).outcome
        for student in STUDENTS
        for action in Action
        for kind in ResourceKind
        for owner in (adult.id, other, None)
    ]


@given(st.lists(stored_rights(), max_size=5), st.sampled_from(ADULTS), days)
def test_other_peoples_rights_never_change_mine(
    rows: list[tuple[Adult, Relationship | Assignment]], me: Adult, on: date
) -> None:
    """A parent never gains or loses by another adult's flags, places or papers, of this child or another."""
    mine = [row for row in rows if row[0] == me]

    assert _words(_store(mine), me, on) == _words(_store(rows), me, on)


@given(st.booleans(), st.booleans(), days)
def test_flags_choose_the_row(records: bool, decisions: bool, on: date) -> None:
    """Without the records flag nothing opens and nothing may be decided; deciding needs both."""
    adult, student = ADULTS[0], STUDENTS[0]
    row = a_parent(student, adult, may_access_records=records, may_decide=decisions, valid_from=DAY)
    store = _store([(adult, row)])
    actor = Person(adult_id=adult.id)
    with store.read() as uow:
        judge = Judge(actor=actor, day=on, standing=relations_of(uow, actor, ZONE))
    reads = judge.may(Action.READ, Resource(kind=ResourceKind.IEP, student_id=student.id))
    decides = judge.may(Action.DECIDE, Resource(kind=ResourceKind.CONSENT, student_id=student.id))

    assert (records and on >= DAY) == reads
    assert (records and decisions and on >= DAY) == decides
