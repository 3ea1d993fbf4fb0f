"""The forms of services, supports and the five factors of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, ServiceId, new_uuid7
from iepcore.plan import Delivery, Interval, ServicePrescription
from iepcore.plan.document import FactorAnswer, SpecialFactor, Support, SupportKind
from lti_app.screens.plan_fields import PartForm, Typed, words_of


def read_factors(
    typed: Typed, form: PartForm, before: Mapping[SpecialFactor, FactorAnswer]
) -> dict[SpecialFactor, FactorAnswer | None] | None:
    """Return the five answers; one that is not answered is None."""
    found: dict[SpecialFactor, FactorAnswer | None] = {}
    for factor in SpecialFactor:
        answer = typed.get(f"{factor.value}_needed", "")
        old = before.get(factor)
        words = form.text(typed, f"{factor.value}_words", old.words if old else None)
        found[factor] = (
            FactorAnswer(factor=factor, is_needed=answer == "yes", words=words)
            if answer in {"yes", "no"}
            else None
        )
    return None if form.errors else found


def typed_factors(answers: Mapping[SpecialFactor, FactorAnswer]) -> dict[str, str]:
    """Return the five answers as fields."""
    typed = {}
    for factor, answer in answers.items():
        typed[f"{factor.value}_needed"] = "yes" if answer.is_needed else "no"
        typed[f"{factor.value}_words"] = words_of(answer.words)
    return typed


def typed_service(value: object) -> dict[str, str]:
    """Return a service as fields."""
    assert isinstance(value, ServicePrescription)
    return {
        "service": value.service,
        "delivery": value.delivery.value,
        "frequency": str(value.frequency),
        "interval": value.interval.value,
        "minutes": str(value.minutes),
        "begins_on": value.begins_on.isoformat(),
        "ends_on": value.ends_on.isoformat(),
        "setting": value.setting,
        "in_group": "1" if value.in_group else "",
        "is_extended_year": "1" if value.is_extended_year else "",
        "provider": str(value.provider_id or ""),
    }


def read_service(typed: Typed, form: PartForm) -> object | None:
    """Return a service as typed."""
    old = form.before if isinstance(form.before, ServicePrescription) else None
    delivery, interval = form.code(typed, "delivery", Delivery), form.code(typed, "interval", Interval)
    frequency, minutes = form.whole(typed, "frequency"), form.whole(typed, "minutes")
    begins_on, ends_on = form.day(typed, "begins_on"), form.day(typed, "ends_on")
    if delivery is None or interval is None or frequency is None or minutes is None:
        return None
    if begins_on is None or ends_on is None:
        return None
    fresh = ServiceId(_new_id(typed))
    provider = typed.get("provider", "")
    return ServicePrescription(
        id=old.id if old else fresh,
        line_id=old.line_id if old else fresh,
        student_id=form.student_id,
        service=" ".join(typed.get("service", "").split()),
        delivery=delivery,
        frequency=frequency,
        interval=interval,
        minutes=minutes,
        begins_on=begins_on,
        ends_on=ends_on,
        setting=typed.get("setting", "").strip(),
        in_group=typed.get("in_group") == "1",
        is_extended_year=typed.get("is_extended_year") == "1",
        provider_id=AdultId(_uuid(provider)) if provider else None,
    )


def _new_id(typed: Typed) -> UUID:
    """Return the id that the form was opened with, so that a second send is the same service."""
    try:
        return UUID(typed.get("new_id", ""))
    except ValueError:
        return new_uuid7()


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise InvalidValue("not_an_id", field="provider") from None


def typed_support(value: object) -> dict[str, str]:
    """Return a support as fields."""
    assert isinstance(value, Support)
    return {
        "kind": value.kind.value,
        "words": value.words.text,
        "where": value.where,
        "responsible": value.responsible,
        "in_state_tests": "1" if value.in_state_tests else "",
    }


def read_support(typed: Typed, form: PartForm) -> object | None:
    """Return a support as typed."""
    old = form.before if isinstance(form.before, Support) else None
    kind = form.code(typed, "kind", SupportKind)
    words = form.needed(typed, "words", old.words if old else None)
    if kind is None or words is None:
        return None
    return Support(
        kind=kind,
        words=words,
        where=typed.get("where", "").strip(),
        responsible=typed.get("responsible", "").strip(),
        in_state_tests=typed.get("in_state_tests") == "1",
    )
