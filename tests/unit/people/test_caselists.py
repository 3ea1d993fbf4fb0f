"""A case manager's list: who is found, who is a question, what a grade and a name look like."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.people import (
    RosterMember,
    RosterStanding,
    RowMatch,
    WantedPupil,
    grade_of,
    listed_pupils,
    match_list,
)
from iepcore.people.caselists import folded_name
from iepcore.testing.store_values import a_member


def _pupil(subject: str, name: str | None, **changes: object) -> RosterMember:
    return a_member(subject, name=name, **changes)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("03", "3"),
        ("3", "3"),
        ("3rd", "3"),
        ("Grade 11", "11"),
        ("12TH", "12"),
        ("KG", "K"),
        ("Kindergarten", "K"),
        ("TK", "K"),
        ("PK", "PK"),
        ("pre-k", "PK"),
        ("13", "18+"),
        ("18+", "18+"),
        ("0", ""),
        ("14", ""),
        ("Other", ""),
        ("", ""),
        (None, ""),
        ("٣", ""),
    ],
)
def test_grades_are_read_as_people_and_files_write_them(written: str | None, read: str) -> None:
    """OneRoster's codes and plain words become the grades of our forms, all else nothing."""
    assert read == grade_of(written)


@pytest.mark.parametrize(
    ("left", "right"),
    [("Marín Duarte, Lucía", "lucia  marin duarte"), ("O'Neil Bo", "o'neil bo"), ("Zoë", "ZOE")],
)
def test_names_are_compared_without_their_dress(left: str, right: str) -> None:
    """Case, accents, spaces and "last, first" make no difference."""
    assert folded_name(left) == folded_name(right)


def test_a_number_whose_bearer_is_called_otherwise_is_a_question() -> None:
    """A mistyped number must not open a record for another child."""
    pupils = listed_pupils([_pupil("p1", "Ada Zee", sis_id="1"), _pupil("p2", None, sis_id="2")])
    rows = match_list(
        [
            WantedPupil(name="Ada", sis_id="1"),
            WantedPupil(name="Bo Young", sis_id="1"),
            WantedPupil(name="Bo Young", sis_id="2"),
            WantedPupil(name="", sis_id="1"),
        ],
        pupils,
    )
    assert [RowMatch.SURE, RowMatch.CHOOSE, RowMatch.SURE, RowMatch.SURE] == [one.match for one in rows]


def test_a_number_of_one_and_the_address_of_another_is_a_question() -> None:
    """Both pupils are shown; an address nobody vouches for finds nobody."""
    pupils = listed_pupils(
        [
            _pupil("p1", "Ada Zee", sis_id="1"),
            _pupil("p2", "Ada Young", email="a@example.org", email_verified=True),
            _pupil("p3", "Cleo", email="c@example.org"),
        ]
    )
    rows = match_list(
        [
            WantedPupil(name="Ada", sis_id="1", mail="A@example.org"),
            WantedPupil(name="X", mail="c@example.org"),
        ],
        pupils,
    )
    assert (RowMatch.CHOOSE, 2) == (rows[0].match, len(rows[0].pupils))
    assert RowMatch.NEW == rows[1].match


def test_staff_observers_and_those_who_left_are_no_pupils() -> None:
    """Only active pupils can be chosen; what no source tells is empty."""
    lines = [
        _pupil("t", "T", standing=RosterStanding.TEACHER),
        _pupil("o", "O", standing=RosterStanding.OBSERVER),
        _pupil("g", "G", active=False),
        _pupil("p", None, context_title=""),
    ]
    pupils = listed_pupils(lines)
    assert [("", "", ())] == [(one.name, one.grade, one.courses) for one in pupils]


@given(st.lists(st.sampled_from(["ada", "bo", "cleo"]), max_size=5), st.randoms(use_true_random=False))
def test_each_pupil_is_listed_once_in_any_order(subjects: list[str], random) -> None:  # type: ignore[no-untyped-def]
    """Lines of several courses are one pupil; the order of the lines does not matter."""
    lines = [
        _pupil(subject, subject.title(), context_id=f"c{place}") for place, subject in enumerate(subjects)
    ]
    shuffled = list(lines)
    random.shuffle(shuffled)
    together = [[("platform-1", "ada"), ("platform-1", "bo")]]
    found = listed_pupils(lines, together)
    assert [one.accounts for one in found] == [one.accounts for one in listed_pupils(shuffled, together)]
    assert len(found) == len({"ada" if one == "bo" else one for one in subjects})
