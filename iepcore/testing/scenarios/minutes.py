"""Services as the plan promises them, and the sessions that were held: one line per child."""

from __future__ import annotations

from collections.abc import Sequence

from iepcore.ids import ServiceId, SessionId, StudentId
from iepcore.minutes import MissedReason, SessionLog
from iepcore.plan import Delivery, Interval, ServicePrescription
from iepcore.testing.scenarios.form import Facts, FormError
from iepcore.testing.scenarios.site import Site, new_id

_REASONS = {reason.value: reason for reason in MissedReason}
_GIVEN = frozenset({"delivered", "partial", "makeup"})


def build_services(site: Site) -> None:
    """Read the services. ``continues`` names the one that a service takes up after an amendment."""
    for one in site.facts.each("services"):
        with site.reading.leaving(one.path):
            _service(site, one)


def _service(site: Site, one: Facts) -> None:
    key = one.text("id")
    before = one.text("continues", None)
    if before is not None and before not in site.services:
        raise FormError(f"{one.path}.continues", f"there is no service {before} before it")
    own = ServiceId(new_id())
    provider = one.text("provider", None)
    child = one.text("student", "student")
    if child not in site.students:
        raise FormError(f"{one.path}.student", f"no child here is called {child}")
    one.leave("comparable_to", "what a comparable service compares to is in words only")
    site.services[key] = ServicePrescription(
        id=own,
        line_id=own if before is None else site.services[before].line_id,
        student_id=site.students[child],
        service=one.text("type"),
        delivery=Delivery(_choice(one, "delivery", list(Delivery), "direct")),
        frequency=one.whole("frequency"),
        interval=Interval(_choice(one, "interval", list(Interval), "week")),
        minutes=one.whole("minutes_per_session"),
        begins_on=one.needed_day("begin"),
        ends_on=one.needed_day("end"),
        setting=one.text("setting", "") or "",
        in_group=one.flag("group"),
        is_extended_year=one.flag("esy"),
        provider_id=site.adult(provider, f"{one.path}.provider") if provider is not None else None,
    )


def build_sessions(site: Site) -> None:
    """Read the sessions. A session of a group is one line for each child the site knows."""
    listed = list(site.facts.each("sessions"))
    ids = {one.text("id"): SessionId(new_id()) for one in listed}
    for one in listed:
        with site.reading.leaving(one.path):
            _session(site, one, ids)


def _session(site: Site, one: Facts, ids: dict[str, SessionId]) -> None:
    key, name = one.text("id"), one.text("service")
    if name not in site.services:
        raise FormError(f"{one.path}.service", f"there is no service {name}")
    replaced = one.text("makeup_for", None)
    if replaced is not None and replaced not in ids:
        raise FormError(f"{one.path}.makeup_for", f"there is no session {replaced}")
    one.leave("note", "a note that names several children is not kept: each child has a line")
    one.leave("with", "with whom a consultation was is not kept with its minutes")
    own_lines = one.inner("service_of")
    for place, student_id in enumerate(_children(site, one, name)):
        site.sessions.append(
            SessionLog(
                id=ids[key] if not place else SessionId(new_id()),
                student_id=student_id,
                service_line_id=_line_of(site, own_lines, student_id, name),
                on=one.needed_day("date"),
                scheduled=one.whole("scheduled"),
                delivered=one.whole("delivered"),
                reason=_reason(one),
                makes_up=ids[replaced] if replaced is not None else None,
            )
        )
        site.session_rows.setdefault(key, []).append(site.sessions[-1].id)


def _line_of(site: Site, own: Facts | None, student_id: StudentId, name: str) -> ServiceId:
    """Return the service of a child in a group: the one ``service_of`` names for it, else the session's."""
    if own is not None:
        for key in own.raw:
            if site.students.get(key) == student_id:
                name = own.text(key)
        if name not in site.services:
            raise FormError(own.path, f"there is no service {name}")
    return site.services[name].line_id


def _reason(one: Facts) -> MissedReason | None:
    status = one.text("status", "delivered")
    if status in _REASONS:
        return _REASONS[status]
    if status not in _GIVEN:
        raise FormError(f"{one.path}.status", f"{status} is neither given nor a reason")
    return None


def _children(site: Site, one: Facts, service: str) -> list[StudentId]:
    """Return the children of a session, by their first names or keys."""
    named = one.texts("students")
    if not named:
        return [site.services[service].student_id]
    found = []
    with site.store.read() as uow:
        known = {child.preferred_name: child.id for child in uow.people.students(set(site.students.values()))}
    for name in named:
        student_id = known.get(name) or site.students.get(name)
        if student_id is None:
            site.reading.leave(f"{one.path}.students", f"{name} has no record here")
            site.left_out.add(one.text("id"))
        else:
            found.append(student_id)
    return found


def _choice(one: Facts, key: str, known: Sequence[str], default: str) -> str:
    told: str = one.text(key, default)
    if told not in known:
        raise FormError(f"{one.path}.{key}", f"{told} is not known")
    return told
