"""Who of several address books is one person: numbers and verified addresses decide, names never do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, StudentId
from iepcore.people import (
    CourseListing,
    CourseRoster,
    Doubt,
    Enrollment,
    GuardianLink,
    KnownPerson,
    Match,
    MatchBasis,
    PersonKind,
    PersonMatch,
    RosterPerson,
    RosterStanding,
    ToldAccount,
    folded_mail,
    kind_of,
    match_people,
    told_accounts,
)

MAYA, OMAR = StudentId(UUID(int=1)), StudentId(UUID(int=2))
REED = AdultId(UUID(int=3))
STUDENT, ADULT = PersonKind.STUDENT, PersonKind.ADULT


def told(
    source: str,
    subject: str,
    *,
    kind: PersonKind | None = STUDENT,
    sis: Sequence[str] = (),
    mails: Sequence[str] = (),
    names: Sequence[str] = (),
) -> ToldAccount:
    """Return an account as a source tells it."""
    return ToldAccount(
        source=source,
        subject=subject,
        kind=kind,
        sis_ids=frozenset(sis),
        mails=frozenset(mails),
        names=frozenset(names),
    )


def knows(person_id: StudentId | AdultId, *accounts: ToldAccount, names: Sequence[str] = ()) -> KnownPerson:
    """Return somebody whom the site knows."""
    kind = ADULT if person_id == REED else STUDENT
    return KnownPerson(person_id=person_id, kind=kind, accounts=accounts, names=frozenset(names))


def only(told_of: Sequence[ToldAccount], *known: KnownPerson) -> PersonMatch:
    """Return the one answer there must be."""
    [found] = match_people(told_of, known)
    return found


def test_a_kept_account_is_the_same_person() -> None:
    """Whatever it tells now; somebody decided it once."""
    kept = told("canvas", "7", sis=["S1"])
    now = told("canvas", "7", sis=["S2"], names=["Another Name"])
    found = only([now], knows(MAYA, kept))
    assert (Match.SAME, (MAYA,), (MatchBasis.IDENTITY,)) == (found.match, found.person_ids, found.bases)


@pytest.mark.parametrize(
    ("new", "basis"),
    [
        (told("oneroster", "u1", sis=[" S1 "]), MatchBasis.SIS_ID),
        (told("oneroster", "u1", mails=["Maya@School.Example.Org"]), MatchBasis.VERIFIED_MAIL),
    ],
)
def test_the_schools_number_or_a_verified_address_makes_the_same(new: ToldAccount, basis: MatchBasis) -> None:
    """Spaces around a number and capitals in an address do not matter."""
    kept = told("canvas", "7", sis=["S1"], mails=["maya@school.example.org"])
    found = only([new], knows(MAYA, kept), knows(OMAR))
    assert (Match.SAME, (MAYA,), (basis,)) == (found.match, found.person_ids, found.bases)
    assert STUDENT is found.kind


def test_a_student_of_several_sources_who_is_new_is_one() -> None:
    """Two sources that tell the same number tell one new person, not two."""
    found = only([told("canvas", "7", sis=["S1"]), told("oneroster", "u1", sis=["S1"])])
    assert (Match.NEW, (("canvas", "7"), ("oneroster", "u1"))) == (found.match, found.accounts)
    assert ((MatchBasis.SIS_ID,), ()) == (found.bases, found.person_ids)


def test_a_kept_account_that_tells_a_number_brings_others_to_its_person() -> None:
    """The number was not known when the account was kept."""
    kept = told("canvas", "7")
    now = [told("canvas", "7", sis=["S1"]), told("oneroster", "u1", sis=["S1"])]
    first, second = match_people(now, [knows(MAYA, kept)])
    assert ((MAYA,), (MAYA,)) == (first.person_ids, second.person_ids)
    assert Match.SAME is second.match


def test_an_equal_name_is_a_hint_and_no_more() -> None:
    """New, with the namesake beside it; another kind of person is no namesake."""
    maya = knows(MAYA, names=["Maya  Thompson"])
    assert (MAYA,) == only([told("canvas", "7", names=["maya thompson"])], maya).namesakes
    teacher = only([told("canvas", "7", kind=ADULT, names=["Maya Thompson"])], maya)
    assert (Match.NEW, ()) == (teacher.match, teacher.namesakes)


@pytest.mark.parametrize(
    ("new", "people", "doubts"),
    [
        (
            [told("one", "u", mails=["home@example.org"])],
            [
                knows(MAYA, told("canvas", "7", mails=["home@example.org"])),
                knows(OMAR, told("canvas", "8", mails=["home@example.org"])),
            ],
            {Doubt.MAIL_OF_SEVERAL},
        ),
        (
            [told("one", "u", sis=["S1"])],
            [knows(MAYA, told("canvas", "7", sis=["S1"])), knows(OMAR, told("canvas", "8", sis=["S1"]))],
            {Doubt.SIS_ID_OF_SEVERAL},
        ),
        (
            [told("one", "u", sis=["S1"], mails=["omar@example.org"])],
            [
                knows(MAYA, told("canvas", "7", sis=["S1"])),
                knows(OMAR, told("canvas", "8", mails=["omar@example.org"])),
            ],
            {Doubt.SIS_ID_AND_MAIL_DISAGREE},
        ),
        (
            [told("one", "u", kind=ADULT, sis=["S1"])],
            [knows(MAYA, told("canvas", "7", sis=["S1"]))],
            {Doubt.ADULT_AND_PUPIL},
        ),
        (
            [told("one", "u", sis=["S1"]), told("two", "v", kind=ADULT, sis=["S1"])],
            [],
            {Doubt.ADULT_AND_PUPIL},
        ),
        (
            [told("canvas", "7", kind=ADULT)],
            [knows(MAYA, told("canvas", "7"))],
            {Doubt.ADULT_AND_PUPIL},
        ),
        ([told("one", "u", kind=None)], [], {Doubt.KIND_UNCLEAR}),
        (
            [told("one", "u", kind=None, sis=["S1"])],
            [knows(MAYA, told("canvas", "7", sis=["S1"]))],
            {Doubt.KIND_UNCLEAR},
        ),
        (
            [told("one", "u", sis=["S1"]), told("one", "v", sis=["S1"])],
            [],
            {Doubt.SECOND_ACCOUNT},
        ),
        (
            [told("canvas", "9", sis=["S1"])],
            [knows(MAYA, told("canvas", "7", sis=["S1"]))],
            {Doubt.SECOND_ACCOUNT},
        ),
    ],
    ids=[
        "mail-of-two",
        "number-of-two",
        "number-and-mail-disagree",
        "adult-with-a-pupils-number",
        "two-sources-disagree-on-kind",
        "kept-account-changes-kind",
        "kind-unknown",
        "kind-unknown-of-a-number-known",
        "one-source-twice",
        "second-account-of-a-source",
    ],
)
def test_what_is_not_clear_goes_to_a_person(
    new: list[ToldAccount], people: list[KnownPerson], doubts: set[Doubt]
) -> None:
    """With its reasons, and everybody it might be."""
    found = only(new, *people)
    assert (Match.DOUBTFUL, doubts) == (found.match, set(found.doubts))
    assert {one.person_id for one in people} == set(found.person_ids)
    assert () == found.namesakes


def test_addresses_fold_ascii_only() -> None:
    """The Kelvin sign is no k: an address that only looks alike is another one."""
    assert "kate@example.org" == folded_mail(" KATE@Example.org ")
    assert folded_mail("\u212aate@example.org") != folded_mail("kate@example.org")


@pytest.mark.parametrize(
    ("standings", "kind"),
    [
        ({RosterStanding.PUPIL}, STUDENT),
        ({RosterStanding.PUPIL, RosterStanding.OBSERVER}, STUDENT),
        ({RosterStanding.PUPIL, RosterStanding.TEACHER}, None),
        ({RosterStanding.PUPIL, RosterStanding.HELPER}, None),
        ({RosterStanding.TEACHER, RosterStanding.OBSERVER}, ADULT),
        ({RosterStanding.OTHER}, None),
        (set(), None),
    ],
)
def test_kind_follows_standing(standings: set[RosterStanding], kind: PersonKind | None) -> None:
    """What is not clear is not guessed."""
    assert kind is kind_of(standings)


def test_accounts_gather_what_all_courses_tell() -> None:
    """Each account once; an address that is not verified is left out; a link tells who is the adult."""
    at = datetime(2026, 11, 2, 8, tzinfo=UTC)
    people = (
        RosterPerson(subject="p", name="Maya T", sis_id="S1", email="m@example.org", email_verified=True),
        RosterPerson(subject="g", name="Grace T", email="g@example.org"),
        RosterPerson(subject="x"),
    )
    first = CourseRoster(
        course=CourseListing(id="1"),
        pulled_at=at,
        people=people,
        enrollments=(Enrollment(subject="p", section_id="1", standing=RosterStanding.PUPIL),),
        guardians=(GuardianLink(guardian_subject="g", student_subject="p"),),
    )
    again = replace(first, course=CourseListing(id="2"), people=people[:1], guardians=())
    assert (
        told("one", "g", kind=ADULT, names=["Grace T"]),
        told("one", "p", sis=["S1"], mails=["m@example.org"], names=["Maya T"]),
        told("one", "x", kind=None),
    ) == told_accounts("one", [again, first])


@pytest.mark.parametrize(("source", "subject"), [("", "a"), ("a", ""), ("a", "b" * 256)])
def test_accounts_have_a_form(source: str, subject: str) -> None:
    """An empty id would be everybody's."""
    with pytest.raises(InvalidValue, match="identity_form"):
        told(source, subject)


SIS = st.lists(st.sampled_from(["S1", "S2", "S3"]), max_size=1)
MAILS = st.lists(st.sampled_from(["a@x.example", "b@x.example", "A@X.example"]), max_size=2)
NAMES = st.lists(st.sampled_from(["Maya T", "Omar H", ""]), max_size=2)
ACCOUNTS = st.builds(
    told,
    st.sampled_from(["canvas", "google", "oneroster"]),
    st.sampled_from(["1", "2", "3"]),
    kind=st.sampled_from([STUDENT, ADULT, None]),
    sis=SIS,
    mails=MAILS,
    names=NAMES,
)


@st.composite
def towns(draw: st.DrawFn) -> tuple[list[ToldAccount], list[KnownPerson]]:
    """Return told accounts and known people, each kept account of one person only."""
    ids = (MAYA, OMAR, REED)
    kept = draw(st.lists(ACCOUNTS, max_size=5, unique_by=lambda one: one.key))
    owner = [draw(st.sampled_from(ids)) for _ in kept]
    people = [
        knows(one, *(a for a, who in zip(kept, owner, strict=True) if who == one), names=draw(NAMES))
        for one in ids
    ]
    return draw(st.lists(ACCOUNTS, max_size=6)), people


@given(towns(), st.randoms(use_true_random=False))
def test_no_order_matters(town: tuple[list[ToldAccount], list[KnownPerson]], chance: object) -> None:
    """Accounts and people may come in any order, and twice."""
    new, people = town
    mixed, shuffled = [*new, *new[:2]], list(people)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert match_people(new, people) == match_people(mixed, shuffled)


@given(towns())
def test_each_account_is_answered_once(town: tuple[list[ToldAccount], list[KnownPerson]]) -> None:
    """Nobody is passed over and nobody is two."""
    new, people = town
    answered = [key for one in match_people(new, people) for key in one.accounts]
    assert sorted({one.key for one in new}) == sorted(answered)


@given(towns())
def test_names_decide_nothing(town: tuple[list[ToldAccount], list[KnownPerson]]) -> None:
    """Without any name the answers are the same but for the hints."""
    new, people = town

    def nameless(one: ToldAccount) -> ToldAccount:
        return replace(one, names=frozenset())

    plain = match_people(
        map(nameless, new),
        [replace(one, names=frozenset(), accounts=tuple(map(nameless, one.accounts))) for one in people],
    )
    assert plain == tuple(replace(one, namesakes=()) for one in match_people(new, people))


@given(towns())
def test_the_same_has_a_basis_and_the_doubtful_a_reason(
    town: tuple[list[ToldAccount], list[KnownPerson]],
) -> None:
    """One person, of the same kind, by something else than a name; or reasons; or nobody at all."""
    new, people = town
    kinds = {one.person_id: one.kind for one in people}
    for one in match_people(new, people):
        assert (one.match is Match.DOUBTFUL) == bool(one.doubts)
        if one.match is Match.SAME:
            assert one.bases
            assert [one.kind] == [kinds[each] for each in one.person_ids]
        if one.match is Match.NEW:
            assert () == one.person_ids
            assert one.kind is not None


@given(ACCOUNTS, ACCOUNTS)
def test_same_is_the_same_both_ways(first: ToldAccount, second: ToldAccount) -> None:
    """If one is found when the other is known, then the other when the one is."""
    if first.key == second.key or None in {first.kind, second.kind}:
        return

    def known_as(account: ToldAccount) -> KnownPerson:
        return knows(REED if account.kind is ADULT else MAYA, account)

    assert only([first], known_as(second)).match is only([second], known_as(first)).match
