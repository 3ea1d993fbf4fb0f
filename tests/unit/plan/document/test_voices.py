"""What people say to a plan, forms half written, copies of plans kept elsewhere: the newest word counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from iepcore.errors import IllegalMove, InvalidValue
from iepcore.ids import StudentId
from iepcore.plan.document import (
    AnswerKind,
    Lack,
    PlanState,
    RawField,
    SignatureMethod,
    Voice,
    head_of,
    record_copy,
    standing_answers,
    standing_wishes,
    version_lacks,
)
from iepcore.testing.document_values import (
    a_copy,
    a_line,
    a_notice,
    a_part_answer,
    a_part_draft,
    a_plan_version,
    a_signature,
    a_wish,
)
from iepcore.testing.people_values import NOW, words
from tests.unit.plan.document.plans import BEGINS, ENDS, RULES, contents, goal, speech, version

CHILD = StudentId(UUID(int=5))
HOUR = timedelta(hours=1)


def test_the_newest_wish_of_every_voice_stands() -> None:
    """Of the same author a later one takes the place of the one before; taken back, none stands."""
    first = a_wish(CHILD)
    newer = replace(first, words=words("Two books."), said_at=NOW + HOUR)
    student = a_wish(CHILD, author_id=first.author_id, voice=Voice.STUDENT, said_at=NOW - HOUR)
    assert (student, newer) == standing_wishes([newer, first, student])
    back = replace(newer, words=None, said_at=NOW + 2 * HOUR)
    assert (student,) == standing_wishes([newer, first, student, back])
    with pytest.raises(InvalidValue, match="wish_of_staff"):
        a_wish(CHILD, voice=Voice.STAFF)


def test_the_newest_answer_to_a_part_stands() -> None:
    """Each adult has one to each part; what is taken back counts no more; a question has words."""
    plan = a_plan_version(CHILD)
    yes = a_part_answer(plan)
    no = replace(yes, answer=AnswerKind.NOT_ACCEPTED, answered_at=NOW + HOUR)
    other = a_part_answer(plan, about="x", answered_at=NOW - HOUR)
    assert (other, no) == standing_answers([no, other, yes])
    back = replace(no, answer=AnswerKind.TAKEN_BACK, answered_at=NOW + 2 * HOUR)
    assert (other,) == standing_answers([no, back, other, yes])
    with pytest.raises(InvalidValue, match="question_empty"):
        a_part_answer(plan, answer=AnswerKind.QUESTION)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"fields": (RawField(name="a", value=""),) * 401}, "too_many_fields"),
        ({"form": ""}, "text_form"),
        ({"about": "a\0"}, "text_form"),
        ({"version": 0}, "version_range"),
    ],
)
def test_a_form_has_its_limits(changes: dict[str, object], code: str) -> None:
    """So that nobody fills the store with one."""
    with pytest.raises(InvalidValue, match=code):
        a_part_draft(CHILD, **changes)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [("", "", "text_form"), ("a", "\0", "text_form"), ("a", "b" * 20_001, "text_too_long")],
)
def test_a_field_has_its_limits(name: str, value: str, code: str) -> None:
    """A name, no NUL, and no more than a long page."""
    with pytest.raises(InvalidValue, match=code):
        RawField(name=name, value=value)


def test_a_copy_says_where_and_as_of_when() -> None:
    """Both or neither; it is taken in as it took effect there, in the place of the one before."""
    with pytest.raises(InvalidValue, match="copy_without_day"):
        version(kept_in="SEIS")
    with pytest.raises(IllegalMove, match="copy_only"):
        record_copy(version(), before=None)
    first, nothing = record_copy(version(kept_in="SEIS", as_of=BEGINS), before=None)
    assert (PlanState.IN_EFFECT, None) == (first.state, nothing)
    with pytest.raises(IllegalMove, match="plan_state"):
        record_copy(first, before=None)
    later = version(2, date(2027, 1, 11), kept_in="SEIS", as_of=BEGINS)
    second, ended = record_copy(later, before=first)
    assert ended is not None
    assert (PlanState.SUPERSEDED, date(2027, 1, 10)) == (ended.state, ended.ended_on)
    assert (True, False) == (second.was_in_force(date(2027, 1, 11)), ended.was_in_force(date(2027, 1, 11)))
    assert ended.was_in_force(BEGINS) == head_of(ended).was_in_force(BEGINS)


def test_the_words_of_a_notice_may_lie_in_the_other_system() -> None:
    """Then it says which system, and when it was sent; otherwise the seven parts are here."""
    with pytest.raises(InvalidValue, match="notice_parts"):
        a_notice(CHILD, parts=None)
    with pytest.raises(InvalidValue, match="notice_parts"):
        a_notice(CHILD, parts=None, kept_in="SEIS")
    assert a_notice(CHILD, parts=None, kept_in="SEIS", sent_on=BEGINS).parts is None


def test_only_a_signature_in_the_tool_needs_the_hash_of_its_words() -> None:
    """On paper and elsewhere the words lie where they were signed."""
    signer = a_wish(CHILD).author_id
    assert "" == a_signature(signer, method=SignatureMethod.PAPER, text_hash="").text_hash
    with pytest.raises(InvalidValue, match="signature_hash"):
        a_signature(signer, text_hash="")
    with pytest.raises(InvalidValue, match="signature_hash"):
        a_signature(signer, method=SignatureMethod.PAPER, text_hash="x")


def test_a_copy_that_went_has_a_language() -> None:
    """As a tag that every part of the tool writes in the same way."""
    assert "pt-BR" == a_copy(CHILD, language="PT-br").language


def test_a_version_lacks_what_its_contents_its_goals_and_its_days_lack() -> None:
    """A goal without a line that does not live; a last day after the next review; a service from before the
    plan, unless the plan began earlier than this version of it."""

    def lacking(one: object, **more: object) -> list[Lack]:
        found = version_lacks(one, born_on=None, rules=RULES, **{"living_goals": (), **more})  # type: ignore[arg-type]
        return [missing.lack for missing in found]

    plain = version()
    assert [Lack.LINE] == lacking(plain)
    assert [] == lacking(plain, living_goals={goal().goal_id})
    measured = version(contents=contents(goals=(goal(line=a_line()),)))
    assert [] == lacking(measured)
    late = replace(measured, ends_on=date(2027, 9, 30))
    assert [Lack.ENDS_LATE] == lacking(late)
    amended = replace(measured, begins_on=date(2026, 12, 7))
    assert [Lack.SERVICE_OUTSIDE] == lacking(amended)
    assert [] == lacking(amended, services_from=BEGINS)
    long = replace(measured, contents=replace(measured.contents, services=(speech(ends_on=ENDS + 40 * DAY),)))
    assert [Lack.SERVICE_OUTSIDE] == lacking(long)


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"baseline": 120.0}, "out_of_scale"),
        ({"target": 10.0}, "wrong_direction"),
        ({"skill_key": None}, "skill_missing"),
        ({"skill_key": "flying"}, "skill_missing"),
    ],
)
def test_a_line_is_one_its_measure_can_have(changes: dict[str, object], code: str) -> None:
    """The same rules hold as for a living goal."""
    with pytest.raises(InvalidValue, match=code):
        a_line(**changes)
