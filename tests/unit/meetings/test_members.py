"""Who must be there, and who may stay away."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.errors import InvalidValue
from iepcore.meetings import (
    EXCUSAL_RULES,
    REQUIRED_PARTS,
    Excusal,
    ExcusalGap,
    Invited,
    TeamPart,
    excusal_gaps,
    excused_parts,
    missing_parts,
)
from tests.unit.meetings.meetings import MEETING_ON, somebody

DAYS = st.none() | st.integers(-20, 20).map(lambda days: MEETING_ON + timedelta(days=days))


def an_excusal(**changes: object) -> Excusal:
    """Return an excusal of a teacher whose area is discussed, with nothing else yet."""
    values: dict[str, object] = {
        "member_id": somebody(),
        "part": TeamPart.REGULAR_TEACHER,
        "area_discussed": True,
    }
    return Excusal(**(values | changes))  # type: ignore[arg-type]


def test_all_five_are_asked_for_and_one_person_may_have_two_parts() -> None:
    """Nobody asked: five are missing. The teacher who also reads results fills two."""
    assert REQUIRED_PARTS == missing_parts(())
    asked = [
        Invited(person_id=somebody(), parts=frozenset({TeamPart.PARENT})),
        Invited(person_id=somebody(), parts=frozenset({TeamPart.SPECIAL_TEACHER, TeamPart.RESULTS})),
        Invited(person_id=somebody(), parts=frozenset({TeamPart.AGENCY})),
    ]
    assert (TeamPart.REGULAR_TEACHER,) == missing_parts(asked)
    assert () == missing_parts(asked, in_regular_class=False)
    assert () == missing_parts(asked, excused=[TeamPart.REGULAR_TEACHER])


def test_a_parent_is_never_excused_away() -> None:
    """A parent's absence has its own rule, attempts; an excusal does not replace it."""
    assert TeamPart.PARENT in missing_parts((), excused=list(REQUIRED_PARTS))
    assert (ExcusalGap.NOT_EXCUSABLE,) == excusal_gaps(an_excusal(part=TeamPart.PARENT), MEETING_ON)


def test_who_is_asked_has_a_part() -> None:
    """A person without a part is refused."""
    with pytest.raises(InvalidValue, match="invited_without_part"):
        Invited(person_id=somebody(), parts=frozenset())


def test_a_member_whose_area_is_discussed_needs_consent_and_input() -> None:
    """E2: both answers and the written input, all before the day."""
    day_before = MEETING_ON - timedelta(days=1)
    full = an_excusal(parent_on=day_before, agency_on=day_before, input_on=day_before)
    assert () == excusal_gaps(full, MEETING_ON)
    assert frozenset({TeamPart.REGULAR_TEACHER}) == excused_parts([full], MEETING_ON)
    assert (ExcusalGap.PARENT_CONSENT, ExcusalGap.AGENCY, ExcusalGap.INPUT) == excusal_gaps(
        an_excusal(), MEETING_ON
    )
    late = an_excusal(parent_on=day_before, agency_on=day_before, input_on=MEETING_ON)
    assert (ExcusalGap.INPUT,) == excusal_gaps(late, MEETING_ON)


def test_a_member_whose_area_is_not_discussed_needs_an_agreement() -> None:
    """E1: two agreements in writing, no input."""
    day_before = MEETING_ON - timedelta(days=1)
    agreed = an_excusal(area_discussed=False, parent_on=day_before, agency_on=day_before)
    assert () == excusal_gaps(agreed, MEETING_ON)
    assert (ExcusalGap.PARENT_AGREEMENT, ExcusalGap.AGENCY) == excusal_gaps(
        an_excusal(area_discussed=False), MEETING_ON
    )


def test_a_member_who_is_not_required_needs_nothing() -> None:
    """Nothing to agree, and no required part is released by it."""
    other = an_excusal(part=None, area_discussed=False)
    assert (False, (), frozenset()) == (
        other.is_needed,
        excusal_gaps(other, MEETING_ON),
        excused_parts([other], MEETING_ON),
    )


@given(parent=DAYS, agency=DAYS, written=DAYS, discussed=st.booleans())
def test_an_excusal_holds_exactly_when_each_paper_is_dated_before(
    parent: date | None, agency: date | None, written: date | None, discussed: bool
) -> None:
    """No order of days makes up for a missing or late paper, and each gap has its citation."""
    excusal = an_excusal(parent_on=parent, agency_on=agency, input_on=written, area_discussed=discussed)
    needed = [parent, agency, *([written] if discussed else [])]
    gaps = excusal_gaps(excusal, MEETING_ON)
    assert all(day is not None and day < MEETING_ON for day in needed) == (not gaps)
    assert all(EXCUSAL_RULES[gap].startswith("34 CFR 300.321") for gap in gaps)
