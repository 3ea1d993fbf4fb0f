"""A plan as the Ed-Fi Data Standard tells it (6.1, Special Education domain), read for a person to confirm.

Early access: the standard itself says that this domain may change, and its drafts name fields differently.
Each known name is looked for; a field nobody here knows is left out and named, its value is not kept. The
standard has no baseline, criterion or daily data: they are read from a goal's words, or stay to be filled in.

Source: Ed-Fi Data Standard 6.1, Special Education Data Model domain: ``studentIEPs``, ``studentIEPGoals``,
``studentIEPServicePrescriptions``, as lists under these names.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from iepcore.errors import InvalidRows, InvalidValue
from iepcore.plan import Delivery, Interval
from iepcore.plan.document import SupportKind
from iepcore.plan.incoming import (
    GoalDoubt,
    PastedGoal,
    PastedPlan,
    PastedService,
    PastedSupport,
    ServiceDoubt,
    goal_of,
)
from iepcore.plan.services import MOST_MINUTES, MOST_TIMES

PLANS, GOALS, SERVICES = "studentIEPs", "studentIEPGoals", "studentIEPServicePrescriptions"
MOST_CHARACTERS = 2_000_000
_INTERVALS = {
    "week": Interval.WEEK,
    "weekly": Interval.WEEK,
    "month": Interval.MONTH,
    "monthly": Interval.MONTH,
}
_KNOWN: dict[str, set[str]] = {
    PLANS: {
        "iepBeginDate",
        "iepEndDate",
        "iepFinalizedDate",
        "iepAmendedDate",
        "accommodations",
        "iepAccommodations",
    },
    GOALS: {
        "iepGoalDetails",
        "iepGoalDescriptor",
        "iepGoalID",
        "iepGoalId",
        "goalAchievementPeriod",
        "goalAchievementPeriodBeginDate",
        "goalAchievementPeriodEndDate",
    },
    SERVICES: {
        "beginDate",
        "endDate",
        "servicePrescriptionDescriptor",
        "servicePrescriptionDate",
        "durationMinutes",
        "duration",
        "durationInterval",
        "durationPeriodDescriptor",
        "frequencyValue",
        "frequency",
        "frequencyInterval",
        "frequencyPeriodDescriptor",
        "serviceLocationTypeDescriptor",
    },
}
_REFERENCES = {"id", "studentReference", "studentIEPReference", "educationOrganizationReference", "_etag",
               "_lastModifiedDate", "link", "iepServicingEducationOrganizationReference"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class EdFiPlan:
    """What a file holds of one child's newest plan. ``left_out`` are names of fields that were not read, and
    ``older`` how many records belong to an earlier version.
    """

    plan: PastedPlan
    begins_on: date | None = None
    ends_on: date | None = None
    left_out: tuple[str, ...] = field(default=())
    older: int = 0


def is_ed_fi(text: str) -> bool:
    """Tell whether a text looks like such a file."""
    return text.lstrip().startswith("{") and any(name in text for name in (PLANS, GOALS, SERVICES))


def read_ed_fi(text: str) -> EdFiPlan:
    """Return the newest plan of the one child in a file.

    Raises:
        InvalidValue: ``paste_too_long``, ``ed_fi_form`` for something else, ``ed_fi_one_child``.
        InvalidRows: every record that cannot be read, with its place (``studentIEPGoals 3: iepGoalDetails``).
    """
    if len(text) > MOST_CHARACTERS:
        raise InvalidValue("paste_too_long", field="text", params={"most": MOST_CHARACTERS})
    records = _records(text)
    children = {_child(one) for many in records.values() for one in many} - {""}
    if len(children) > 1:
        raise InvalidValue("ed_fi_one_child", field="file", params={"children": len(children)})
    newest = max((_finalized(one) for one in (*records[PLANS], *records[GOALS])), default="")
    current = {
        name: [one for one in many if _finalized(one) in {"", newest}] for name, many in records.items()
    }
    problems: list[tuple[str, InvalidValue]] = []
    goals = [goal for at, one in _placed(GOALS, current) if (goal := _goal(one, at, problems)) is not None]
    services = [
        made for at, one in _placed(SERVICES, current) if (made := _service(one, at, problems)) is not None
    ]
    plan = max(current[PLANS], key=_finalized, default={})
    begins_on = _day(plan, "iepBeginDate", f"{PLANS} 1", problems)
    ends_on = _day(plan, "iepEndDate", f"{PLANS} 1", problems)
    if problems:
        raise InvalidRows(problems)
    return EdFiPlan(
        plan=PastedPlan(goals=tuple(goals), services=tuple(services), supports=tuple(_supports(plan))),
        begins_on=begins_on,
        ends_on=ends_on,
        left_out=tuple(sorted(set(_left_out(records)))),
        older=sum(len(many) - len(current[name]) for name, many in records.items()),
    )


def _records(text: str) -> dict[str, list[Mapping[str, Any]]]:
    try:
        told = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        raise InvalidValue("ed_fi_form", field="file") from None
    if not isinstance(told, dict):
        raise InvalidValue("ed_fi_form", field="file")
    found: dict[str, list[Mapping[str, Any]]] = {}
    for name in (PLANS, GOALS, SERVICES):
        many = told.get(name, [])
        if not isinstance(many, list) or not all(isinstance(one, dict) for one in many):
            raise InvalidValue("ed_fi_form", field="file")
        found[name] = many
    if not any(found.values()):
        raise InvalidValue("ed_fi_form", field="file")
    return found


def _placed(
    name: str, records: Mapping[str, Sequence[Mapping[str, Any]]]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for number, one in enumerate(records[name], 1):
        yield f"{name} {number}", one


def _child(record: Mapping[str, Any]) -> str:
    for holder in (record.get("studentReference"), record.get("studentIEPReference"), record):
        if isinstance(holder, dict) and isinstance(holder.get("studentUniqueId"), str):
            return str(holder["studentUniqueId"])
    return ""


def _finalized(record: Mapping[str, Any]) -> str:
    """Return the day that tells versions apart: an amendment is a record of its own."""
    reference = record.get("studentIEPReference")
    holder = reference if isinstance(reference, dict) else record
    return str(holder.get("iepFinalizedDate") or "")


def _goal(record: Mapping[str, Any], at: str, problems: list[tuple[str, InvalidValue]]) -> PastedGoal | None:
    words = record.get("iepGoalDetails")
    if not isinstance(words, str) or not words.strip():
        problems.append((f"{at}: iepGoalDetails", InvalidValue("text_empty", field="iepGoalDetails")))
        return None
    period = record.get("goalAchievementPeriod")
    holder = period if isinstance(period, dict) else record
    name = "endDate" if isinstance(period, dict) else "goalAchievementPeriodEndDate"
    by = _day(holder, name, at, problems)
    made = goal_of(" ".join(words.split()))
    if by is None:
        return made
    settled = {GoalDoubt.NO_DATE, GoalDoubt.SEVERAL_DATES, GoalDoubt.DATE_MONTH_FIRST}
    return replace(made, by=by, doubts=tuple(one for one in made.doubts if one not in settled))


def _service(
    record: Mapping[str, Any], at: str, problems: list[tuple[str, InvalidValue]]
) -> PastedService | None:
    name = _code(record.get("servicePrescriptionDescriptor"))
    minutes = _whole(record, ("durationMinutes", "duration"), at, problems)
    unit = _code(record.get("durationInterval") or record.get("durationPeriodDescriptor")).lower()
    if minutes is not None and unit.startswith("hour"):
        minutes *= 60
    frequency = _whole(record, ("frequencyValue", "frequency"), at, problems)
    each = _code(record.get("frequencyInterval") or record.get("frequencyPeriodDescriptor"))
    interval = _INTERVALS.get(each.lower())
    begins_on, ends_on = _day(record, "beginDate", at, problems), _day(record, "endDate", at, problems)
    doubts = {
        ServiceDoubt.NO_NAME: not name,
        ServiceDoubt.NO_TIMES: frequency is None,
        ServiceDoubt.NO_MINUTES: minutes is None,
        ServiceDoubt.NO_INTERVAL: not each,
        ServiceDoubt.INTERVAL_UNKNOWN: bool(each) and interval is None,
        ServiceDoubt.NO_DATES: begins_on is None or ends_on is None,
        ServiceDoubt.OUT_OF_RANGE: (frequency or 1) > MOST_TIMES or (minutes or 1) > MOST_MINUTES,
    }
    setting = _code(record.get("serviceLocationTypeDescriptor"))
    return PastedService(
        lines=(),
        words=" · ".join(part for part in (name, f"{frequency} x {minutes}", each, setting) if part),
        service=name,
        delivery=Delivery.CONSULT if "consult" in name.lower() else Delivery.DIRECT,
        frequency=frequency,
        interval=interval,
        minutes=minutes,
        begins_on=begins_on,
        ends_on=ends_on,
        setting=setting,
        is_extended_year="extended" in name.lower() or "esy" in name.lower().split(),
        doubts=tuple(doubt for doubt, is_so in doubts.items() if is_so),
    )


def _supports(plan: Mapping[str, Any]) -> Iterator[PastedSupport]:
    """Yield accommodations; the standard has no modifications."""
    many = plan.get("accommodations") or plan.get("iepAccommodations") or []
    for one in many if isinstance(many, list) else []:
        words = _code(one.get("accommodationDescriptor")) if isinstance(one, dict) else _code(one)
        if words:
            yield PastedSupport(lines=(), kind=SupportKind.ACCOMMODATION, words=words)


def _code(value: object) -> str:
    """Return the words of a descriptor: what stands behind the last # of its address, else all of it."""
    return " ".join(value.rsplit("#", 1)[-1].split())[:200] if isinstance(value, str) else ""


def _whole(
    record: Mapping[str, Any], names: Sequence[str], at: str, problems: list[tuple[str, InvalidValue]]
) -> int | None:
    name = next((one for one in names if record.get(one) is not None), None)
    if name is None:
        return None
    value = record[name]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    # The range first: it leaves out what has no whole number (an endless one, none at all).
    if not is_number or not 1 <= value <= 100_000 or value != int(value):
        problems.append((f"{at}: {name}", InvalidValue("not_whole", field=name)))
        return None
    return int(value)


def _day(
    record: Mapping[str, Any], name: str, at: str, problems: list[tuple[str, InvalidValue]]
) -> date | None:
    value = record.get(name)
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        problems.append((f"{at}: {name}", InvalidValue("not_a_date", field=name)))
        return None


def _left_out(records: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[str]:
    for name, many in records.items():
        for record in many:
            yield from (f"{name}.{one}" for one in record if one not in _KNOWN[name] | _REFERENCES)
