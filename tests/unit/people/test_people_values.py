"""People: what a value refuses, what it puts in order, and on which days a right holds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.errors import InvalidValue
from iepcore.people import (
    AddressKind,
    Adult,
    Appointment,
    Assignment,
    ChannelAddress,
    Identity,
    PersonKind,
    Relationship,
    told_address,
    told_name,
)
from iepcore.testing import TODAY, a_parent, a_student, an_adult, an_appointment, an_assignment

ONE = timedelta(days=1)


@pytest.mark.parametrize("field", ["legal_name", "preferred_name"])
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "name_empty"),
        (" \t", "name_empty"),
        ("x" * 121, "name_too_long"),
        ("Ma\nya", "name_form"),
        ("Ma\0ya", "name_form"),
        ("Maya\r", "name_form"),
    ],
)
def test_students_name_must_be_a_name(field: str, name: str, code: str) -> None:
    """Empty, endless or broken names are refused with the field; nothing of the name is repeated."""
    with pytest.raises(InvalidValue) as refused:
        a_student(**{field: name})

    assert (code, field) == (refused.value.code, refused.value.field)


@pytest.mark.parametrize("name", ["x" * 120, "Zoë", "مایا", "李", "O'Brien-Ruiz 3rd"])
def test_real_names_are_kept_as_written(name: str) -> None:
    """Every script, hyphens and marks stay; 120 characters fit."""
    assert (name, name) == (a_student(preferred_name=name).preferred_name, an_adult(name=name).name)


def test_adult_is_named_too() -> None:
    """An adult needs a name as well."""
    with pytest.raises(InvalidValue, match="name_empty"):
        an_adult(name="")


def test_languages_are_put_in_their_usual_form() -> None:
    """Tags are written one way; who says nothing of talk speaks what they read."""
    adult = an_adult(reads="ES-mx", speaks="")

    assert ("es-MX", "es-MX") == (adult.reads, adult.speaks)
    assert "prs" == a_student(home_language="PRS").home_language
    with pytest.raises(InvalidValue, match="unknown_language"):
        a_student(home_language="klingon!")


@pytest.mark.parametrize("kind", ["student", "adult", "relationship", "assignment"])
def test_version_starts_at_one(kind: str) -> None:
    """Version 0 is nobody's."""
    make = {"student": a_student, "adult": an_adult, "relationship": a_parent, "assignment": an_assignment}
    with pytest.raises(InvalidValue, match="version_range"):
        make[kind](version=0)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (AddressKind.MAIL, ""),
        (AddressKind.MAIL, "rosa"),
        (AddressKind.MAIL, "rosa@a@b"),
        (AddressKind.MAIL, "ro sa@example.org"),
        (AddressKind.MAIL, "rosa@example.org\r\nBcc: all@example.org"),
        (AddressKind.MAIL, "rosa@example.org\0"),
        (AddressKind.MAIL, "x" * 251 + "@a.b"),
        (AddressKind.CANVAS, "12a"),
        (AddressKind.CANVAS, "-1"),
        (AddressKind.CANVAS, "٤٢"),
        (AddressKind.CANVAS, " "),
    ],
)
def test_address_of_another_form_is_refused(kind: AddressKind, value: str) -> None:
    """A header's line break, a second at sign or a name for a number never becomes an address."""
    with pytest.raises(InvalidValue, match="address_form") as refused:
        ChannelAddress(kind=kind, value=value)

    assert value.strip() == "" or value not in str(refused.value)


def test_adults_address_is_the_first_of_its_kind() -> None:
    """The order is the adult's own; a road that is not there is None."""
    mails = [ChannelAddress(kind=AddressKind.MAIL, value=f"{name}@example.org") for name in ("a", "b")]
    adult = an_adult(addresses=tuple(mails))

    assert mails[0] == adult.address(AddressKind.MAIL)
    assert adult.address(AddressKind.CANVAS) is None


@pytest.mark.parametrize(("source", "subject"), [("", "s"), ("p", ""), ("p" * 256, "s"), ("p", "s" * 256)])
def test_identity_needs_source_and_subject(source: str, subject: str) -> None:
    """Both are there and fit a column; joined by name is never possible."""
    with pytest.raises(InvalidValue, match="identity_form"):
        Identity(source=source, subject=subject, kind=PersonKind.ADULT, person_id=an_adult().id)


def test_relationship_rests_on_something() -> None:
    """A confirmation without a basis, or one that ends two days before it begins, is refused."""
    with pytest.raises(InvalidValue, match="basis_empty"):
        a_parent(basis="  ")
    with pytest.raises(InvalidValue, match="dates_reversed"):
        a_parent(valid_from=TODAY, valid_to=TODAY - 2 * ONE)


def test_place_taken_back_on_its_first_day_is_kept_as_an_empty_window() -> None:
    """It holds on no day at all, and still cannot end two days before it began."""
    empty = an_assignment(starts_on=TODAY, ends_on=TODAY - ONE)

    assert not any(empty.holds_on(TODAY + days * ONE) for days in range(-3, 4))
    with pytest.raises(InvalidValue, match="dates_reversed"):
        an_assignment(starts_on=TODAY, ends_on=TODAY - 2 * ONE)


days = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(days, st.none() | st.integers(0, 400), days)
def test_right_holds_from_its_first_to_its_last_day(start: date, length: int | None, day: date) -> None:
    """One rule for relationships, places and appointments, checked against counting days."""
    end = None if length is None else start + timedelta(days=length)
    held: list[Relationship | Assignment | Appointment] = [
        a_parent(valid_from=start, valid_to=end),
        an_assignment(starts_on=start, ends_on=end),
        an_appointment(starts_on=start, ends_on=end),
    ]
    expected = (day - start).days >= 0 and (length is None or (day - start).days <= length)

    assert {expected} == {one.holds_on(day) for one in held}


def test_being_listed_gives_no_right() -> None:
    """An adult has no field that could be one; having come as staff is only whom an officer is shown."""
    assert {
        "id",
        "name",
        "reads",
        "speaks",
        "needs_interpreter",
        "addresses",
        "zone",
        "created_at",
        "came_as_staff",
        "version",
    } == set(Adult.__dataclass_fields__)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("Rosa Example", "Rosa Example"),
        ("  Rosa \n Example\0", "Rosa Example"),
        ("x" * 300, "x" * 120),
        (None, "Account subject-"),
        (" \r\n", "Account subject-"),
    ],
)
def test_name_a_platform_tells_is_kept_in_a_form_we_can_keep(told: str | None, kept: str) -> None:
    """A strange or missing name closes no door: what is left of it is a name."""
    assert kept == an_adult(name=told_name(told, "subject-of-platform")).name


@given(st.none() | st.text(max_size=300), st.text(min_size=1, max_size=40))
def test_any_name_and_subject_make_an_adult(told: str | None, subject: str) -> None:
    """Whatever a platform sends, an adult can be made of it."""
    assert an_adult(name=told_name(told, subject)).name


@given(st.sampled_from(AddressKind), st.none() | st.text(max_size=300))
def test_address_a_platform_tells_is_usable_or_none(kind: AddressKind, value: str | None) -> None:
    """No form of an address raises; one that is kept is as it was told."""
    address = told_address(kind, value)

    assert address is None or value == address.value
