"""A plan of the Ed-Fi standard: the newest of one child, what it says, what is left out, what is wrong."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.errors import InvalidRows, InvalidValue
from iepcore.plan import Delivery, Interval
from iepcore.plan.incoming import GoalDoubt, ServiceDoubt
from iepcore.progress import MeasureKind
from iepcore.schemas import is_ed_fi, read_ed_fi

IEP = {"studentUniqueId": "604823", "iepFinalizedDate": "2026-10-14"}
OLD = {"studentUniqueId": "604823", "iepFinalizedDate": "2025-10-14"}


def bundle(**changes: Any) -> dict[str, Any]:
    """A child's plan with one goal and one service, and the year before's."""
    whole: dict[str, Any] = {
        "studentIEPs": [
            {
                "studentReference": {"studentUniqueId": "604823"},
                "iepFinalizedDate": "2026-10-14",
                "iepBeginDate": "2026-10-15",
                "iepEndDate": "2027-10-13",
                "accommodations": [
                    {"accommodationDescriptor": "uri://ed-fi.org/AccommodationDescriptor#Extended Time"},
                    {"other": 1},
                ],
                "citizenshipStatusDescriptor": "uri://ed-fi.org/CitizenshipStatusDescriptor#X",
            },
            {"studentReference": {"studentUniqueId": "604823"}, "iepFinalizedDate": "2025-10-14"},
        ],
        "studentIEPGoals": [
            {
                "studentIEPReference": IEP,
                "iepGoalDetails": "Given a passage, she will read aloud at 92 words correct per minute.",
                "iepGoalDescriptor": "uri://ed-fi.org/IEPGoalDescriptor#Academic Achievement",
                "goalAchievementPeriod": {"beginDate": "2026-10-15", "endDate": "2027-10-13"},
            },
            {"studentIEPReference": OLD, "iepGoalDetails": "An older goal."},
        ],
        "studentIEPServicePrescriptions": [
            {
                "studentIEPReference": IEP,
                "servicePrescriptionDescriptor": "uri://x#Speech Therapy",
                "beginDate": "2026-10-15",
                "endDate": "2027-06-04",
                "duration": 1,
                "durationInterval": "uri://ed-fi.org/DurationIntervalDescriptor#Hours",
                "frequency": 2,
                "frequencyInterval": "uri://ed-fi.org/FrequencyIntervalDescriptor#Week",
                "serviceLocationTypeDescriptor": "uri://x#Resource Room",
            }
        ],
    }
    return {**whole, **changes}


def read(**changes: Any) -> Any:
    """The bundle, read."""
    return read_ed_fi(json.dumps(bundle(**changes)))


def test_the_newest_plan_is_read_for_a_person_to_confirm() -> None:
    """Days, goal by its words, service in minutes a time, accommodations; an amendment's elder stays out."""
    found = read()
    assert (date(2026, 10, 15), date(2027, 10, 13), 2) == (found.begins_on, found.ends_on, found.older)
    [goal] = found.plan.goals
    assert (MeasureKind.CBM, 92, date(2027, 10, 13)) == (goal.kind, goal.target, goal.by)
    assert GoalDoubt.NO_BASELINE in goal.doubts  # the standard has none
    assert GoalDoubt.NO_DATE not in goal.doubts
    [service] = found.plan.services
    assert ("Speech Therapy", 2, Interval.WEEK, 60) == (
        service.service,
        service.frequency,
        service.interval,
        service.minutes,
    )
    assert ("Resource Room", Delivery.DIRECT, ()) == (service.setting, service.delivery, service.doubts)
    assert ["Extended Time"] == [one.words for one in found.plan.supports]


def test_what_nobody_may_ask_is_named_and_not_kept() -> None:
    """Citizenship and every other unknown field: the name of the field, never its value."""
    found = read()
    assert ("studentIEPs.citizenshipStatusDescriptor",) == found.left_out
    assert "#X" not in repr(found)


def test_other_names_of_the_drafts_are_known_too() -> None:
    """The names differ between drafts of this domain."""
    service = {
        "servicePrescriptionDescriptor": "Consultation OT",
        "durationMinutes": 30,
        "frequencyValue": 1,
        "frequencyPeriodDescriptor": "#Quarter",
    }
    goal = {"iepGoalDetails": "She will smile.", "goalAchievementPeriodEndDate": "2027-05-01"}
    found = read(studentIEPs=[], studentIEPGoals=[goal], studentIEPServicePrescriptions=[service])
    [made] = found.plan.services
    assert (Delivery.CONSULT, 30, 1, None) == (made.delivery, made.minutes, made.frequency, made.interval)
    assert (ServiceDoubt.INTERVAL_UNKNOWN, ServiceDoubt.NO_DATES) == made.doubts
    assert date(2027, 5, 1) == found.plan.goals[0].by
    assert (None, ()) == (found.begins_on, found.plan.supports)
    empty = read(studentIEPs=[], studentIEPGoals=[], studentIEPServicePrescriptions=[{}])
    assert ServiceDoubt.NO_NAME in empty.plan.services[0].doubts
    bare = read(studentIEPGoals=[{"iepGoalDetails": "She will smile."}])
    assert None is bare.plan.goals[0].by if bare.plan.goals else True


def test_every_wrong_record_is_told_at_once() -> None:
    """With its list, its number and its field; nothing is returned then."""
    service = bundle()["studentIEPServicePrescriptions"][0]
    with pytest.raises(InvalidRows) as refused:
        read(
            studentIEPGoals=[{"studentIEPReference": IEP, "iepGoalDetails": " "}],
            studentIEPServicePrescriptions=[
                {**service, "duration": 1.5, "frequency": True, "endDate": "soon"}
            ],
        )
    assert [
        "studentIEPGoals 1: iepGoalDetails",
        "studentIEPServicePrescriptions 1: duration",
        "studentIEPServicePrescriptions 1: frequency",
        "studentIEPServicePrescriptions 1: endDate",
    ] == [place for place, _ in refused.value.problems]


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"studentIEPs": 1}', '{"studentIEPs": [1]}', "{}", '{"studentIEPGoals": []}']
)
def test_something_else_is_refused(text: str) -> None:
    """No such file."""
    with pytest.raises(InvalidValue, match="ed_fi_form"):
        read_ed_fi(text)


@pytest.mark.parametrize("number", ["1e999", "-1", "true", "1e9", '"2"', "1" * 400])
def test_numbers_nobody_means_are_refused(number: str) -> None:
    """Without an end, below one, no number at all."""
    text = f'{{"studentIEPServicePrescriptions": [{{"frequency": {number}}}]}}'
    with pytest.raises(InvalidRows):
        read_ed_fi(text)


def test_two_children_in_a_file_are_refused() -> None:
    """One child at a time; and a file has a limit."""
    other = {"studentReference": {"studentUniqueId": "2"}, "iepGoalDetails": "x"}
    with pytest.raises(InvalidValue, match="ed_fi_one_child"):
        read(studentIEPGoals=[*bundle()["studentIEPGoals"], other])
    with pytest.raises(InvalidValue, match="paste_too_long"):
        read_ed_fi(" " * 2_000_001)


def test_such_a_file_is_known_by_its_lists() -> None:
    """Anything else is words."""
    assert is_ed_fi(json.dumps(bundle()))
    assert not is_ed_fi("By 2027 she will read.")
    assert not is_ed_fi('{"a": 1}')


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.dictionaries(
        st.sampled_from(sorted(bundle())),
        _JSON
        | st.lists(
            st.dictionaries(
                st.sampled_from(
                    [
                        "iepGoalDetails",
                        "duration",
                        "frequency",
                        "endDate",
                        "accommodations",
                        "studentIEPReference",
                        "iepEndDate",
                    ]
                ),
                _JSON,
                max_size=4,
            ),
            max_size=3,
        ),
    )
)
def test_no_file_does_anything_but_refuse(told: dict[str, Any]) -> None:
    """Whatever a file holds: a plan to confirm, or a refusal of ours."""
    code = ""
    try:
        read_ed_fi(json.dumps(told))
    except InvalidValue as refused:
        code = refused.code
    assert code in {"", "ed_fi_form", "ed_fi_one_child", "invalid_rows"}
