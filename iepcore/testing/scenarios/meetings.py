"""Meetings of a scenario as values, each brought to its state by the steps and rules of the library."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from iepcore.calendars import TimelineKind
from iepcore.errors import IllegalMove
from iepcore.ids import AdultId, MeetingId, StudentId
from iepcore.meetings import (
    Excusal,
    InterpreterBooking,
    InterpreterKind,
    Invited,
    Meeting,
    MeetingGround,
    MeetingKind,
    MeetingNotice,
    MeetingState,
    NoticeMode,
    TeamPart,
    attempt_record,
    attempts_of,
    move_meeting,
    notice_gaps,
)
from iepcore.testing.scenarios.events import record
from iepcore.testing.scenarios.form import Facts, FormError, noon
from iepcore.testing.scenarios.site import Site, new_id, said

_PARTS = {
    "case_manager": TeamPart.SPECIAL_TEACHER,
    "special_ed_teacher": TeamPart.SPECIAL_TEACHER,
    "gen_ed_teacher": TeamPart.REGULAR_TEACHER,
    "administrator": TeamPart.AGENCY,
    "school_psychologist": TeamPart.RESULTS,
    "evaluator": TeamPart.RESULTS,
    "interpreter": TeamPart.INTERPRETER,
}
_KINDS = {
    "iep_amendment": MeetingKind.REVIEW,
    "iep_review": MeetingKind.REVIEW,
    "504": MeetingKind.SECTION_504,
}
_STATES = {
    "scheduled": MeetingState.PLANNED,
    "open": MeetingState.PLANNED,
    "planned": MeetingState.PLANNED,
    "invited": MeetingState.INVITED,
    "confirmed": MeetingState.CONFIRMED,
    "held": MeetingState.HELD,
    "held_without_parent": MeetingState.HELD_WITHOUT_PARENT,
    "minutes_final": MeetingState.MINUTES_FINAL,
    "rescheduled": MeetingState.RESCHEDULED,
    "cancelled": MeetingState.CANCELLED,
}
_ROADS = {
    MeetingState.INVITED: (MeetingState.INVITED,),
    MeetingState.CONFIRMED: (MeetingState.INVITED, MeetingState.CONFIRMED),
    MeetingState.HELD: (MeetingState.INVITED, MeetingState.CONFIRMED, MeetingState.HELD),
    MeetingState.HELD_WITHOUT_PARENT: (MeetingState.INVITED, MeetingState.HELD_WITHOUT_PARENT),
    MeetingState.RESCHEDULED: (MeetingState.INVITED, MeetingState.RESCHEDULED),
    MeetingState.CANCELLED: (MeetingState.CANCELLED,),
}
"""The shortest way to each state that the machine has."""


def build_meetings(site: Site) -> None:
    """Build every meeting; its steps are taken at the end, when the contacts are in the log."""
    for one in site.facts.each("meetings"):
        with site.reading.leaving(one.path):
            _build(site, one)


def _build(site: Site, one: Facts) -> None:
    key = one.text("id")
    kind = _kind(one)
    meeting = Meeting(
        id=MeetingId(new_id()),
        student_id=site.student_id if kind.is_about_a_child else None,
        kind=kind,
        on=one.needed_day("date"),
        invited=_invited(site, one, kind),
        notice=_notice(site, one, kind),
        interpreters=_interpreters(site, one),
        excusals=tuple(_excusal(site, excusal) for excusal in one.each("excusals")),
        attended=frozenset(site.adult(name, one.path) for name in one.texts("attendees")),
        languages=one.texts("languages"),
        copy_sent_on=one.day("iep_copy_sent"),
    )
    site.meetings[key] = meeting
    if kind is MeetingKind.TRANSITION_CONFERENCE:
        record(site, TimelineKind.PART_C, meeting.on)
    if kind.is_of_the_team and meeting.on > site.as_of:
        record(site, TimelineKind.MEETING_PLANNED, meeting.on)
    one.label("attendance_private", "title", "agency_consent_needed", "note", "documents_before")
    one.leave("child_care", "what a workshop offers beside it has no field yet")
    one.leave("alternative_offered", "what was offered instead stands in the contact log's words")
    _walk_later(site, one, key, _state(one))


def _kind(one: Facts) -> MeetingKind:
    told = one.text("kind")
    if told in _KINDS:
        return _KINDS[told]
    if told not in set(MeetingKind):
        raise FormError(f"{one.path}.kind", f"{told} is no kind of meeting")
    return MeetingKind(told)


def _state(one: Facts) -> MeetingState:
    told = one.text("state")
    if told not in _STATES:
        raise FormError(f"{one.path}.state", f"{told} is no state of a meeting")
    state = _STATES[told]
    absent = one.value("parent_present", None) is False
    return MeetingState.HELD_WITHOUT_PARENT if state is MeetingState.HELD and absent else state


def _invited(site: Site, one: Facts, kind: MeetingKind) -> tuple[Invited, ...]:
    """Return who is asked: whom the meeting names, else the staff on the team and who decides."""
    if not kind.is_about_a_child:
        return ()
    named = [*one.texts("required"), *one.texts("invited"), *one.texts("attendees")]
    staff = site.staff
    keys = list(dict.fromkeys(named)) or [
        *_deciders(site),
        *(k for k, v in site.adults.items() if v in staff),
    ]
    if not named:
        site.reading.assume(one.path, "asked: the staff of the scenario and who decides for the child")
    found = []
    for key in keys:
        person: AdultId | StudentId = site.adult(key, one.path)
        role = staff.get(site.adults[key], "")
        part = TeamPart.PART_C if role == "outside_agency" else _PARTS.get(role, TeamPart.KNOWLEDGE)
        found.append(Invited(person_id=person, parts=frozenset({part if role else TeamPart.PARENT})))
    agency = one.text("outside_agency", None)
    if agency is not None:
        consent = one.text("agency_consent", None)
        site.adults.setdefault(agency, AdultId(new_id()))
        found.append(
            Invited(
                person_id=site.adults[agency],
                parts=frozenset({TeamPart.OUTSIDE_AGENCY}),
                consent_id=site.consents.get(consent) if consent else None,
            )
        )
    if one.flag("student_invited"):
        found.append(Invited(person_id=site.student_id, parts=frozenset({TeamPart.STUDENT})))
    return tuple(found)


def _deciders(site: Site) -> list[str]:
    return [key for key, _, rights in site.family if rights.get("decisions") is True]


def _notice(site: Site, one: Facts, kind: MeetingKind) -> MeetingNotice | None:
    sent = one.day("notice_sent")
    mode = one.text("notice_mode", "") or ""
    language = one.text("notice_language", "en") or "en"
    if sent is None:
        if _state(one) in {MeetingState.PLANNED, MeetingState.CANCELLED} or not kind.is_of_the_team:
            return None
        sent = site.frame.rules.meeting_notice(one.needed_day("date")).due_on
        site.reading.assume(one.path, "a notice sent on the last day for it; the form does not tell its day")
    site.reading.assume(
        one.path, "what the notice says: purpose, time, place, positions, the right to bring people"
    )
    aloud = "oral" in mode or "aloud" in mode
    evidence = "evidence" in mode
    if sent is not None:
        record(site, TimelineKind.MEETING_NOTICE_SENT, sent)
    return MeetingNotice(
        purpose=kind.value,
        starts_at=noon(one.needed_day("date"), site.zone),
        place="at school",
        attending=tuple(site.staff.values()) or ("case_manager",),
        language=language,
        sent_on=sent,
        mode=NoticeMode.ALOUD if aloud else NoticeMode.WRITTEN,
        understood_on=sent if aloud and evidence else None,
        evidence=said(mode) if aloud and evidence else None,
        shortened_on=one.day("notice_shortened_by_parent"),
        tells_transition=one.flag("transition"),
        student_asked=one.flag("student_invited"),
        agencies=one.texts("outside_agency"),
    )


def _interpreters(site: Site, one: Facts) -> tuple[InterpreterBooking, ...]:
    """Return the interpreters booked. A language alone is a wish: nobody is booked yet."""
    named = one.text("interpreter", None)
    language = one.text("interpreter_language", None) or one.text("notice_language", None)
    if named is None:
        if language is not None and one.has("interpreter_language"):
            site.reading.assume(one.path, f"an interpreter for {language} is asked for, nobody is booked")
        return ()
    adult = site.adult(named, f"{one.path}.interpreter")
    role = site.staff.get(adult)
    if role == "interpreter":
        kind = InterpreterKind.QUALIFIED
    else:
        kind = InterpreterKind.UNTRAINED_STAFF if role is not None else InterpreterKind.RELATIVE
    confirmed = one.day("interpreter_confirmed")
    if confirmed is None and kind is InterpreterKind.QUALIFIED:
        site.reading.assume(one.path, "the interpreter, who has a window for the meeting, said yes")
        confirmed = site.as_of
    return (
        InterpreterBooking(
            language=language or "en", kind=kind, interpreter_id=adult, confirmed_on=confirmed
        ),
    )


def _excusal(site: Site, one: Facts) -> Excusal:
    member = site.adult(one.text("member"), f"{one.path}.member")
    one.label("note")
    role = site.staff.get(member)
    part = TeamPart.PARENT if role is None else _PARTS.get(role)
    consent: date | None = one.day("parent_written_consent")
    return Excusal(
        member_id=member,
        part=part,
        area_discussed=one.flag("area_discussed"),
        parent_on=consent or one.day("parent_agreement"),
        agency_on=one.day("agency_consent") or one.day("agency_agreement"),
        input_on=one.day("written_input_received"),
    )


def _walk_later(site: Site, one: Facts, key: str, to: MeetingState) -> None:
    """Take the meeting to its state at the end of the story; a refused step is said and leaves it where it
    was."""
    listed = one.texts("record_of_attempts")
    unknown = [name for name in listed if name not in site.contacts]
    if unknown:
        raise FormError(f"{one.path}.record_of_attempts", f"no contact is called {unknown[0]}")
    road = _ROADS.get(to, () if to is MeetingState.PLANNED else (*_ROADS[MeetingState.HELD], to))
    day = min(site.meetings[key].on, site.as_of)

    def walk() -> None:
        meeting = attempted(site, key, listed)
        for state in road:
            try:
                meeting = move_meeting(meeting, state, ground_of(site, meeting))
            except IllegalMove as refusal:
                site.reading.leave(f"{one.path}.state", f"not {state.value}: {refusal.code}")
                break
        site.meetings[key] = meeting

    site.on(day, walk, hour=23)


def attempted(site: Site, key: str, listed: tuple[str, ...] = ()) -> Meeting:
    """Return a meeting with what the contact log says was tried; ``listed`` are those it names, else all."""
    with site.store.read() as uow:
        contacts = uow.family.contacts_of_students({site.student_id})
        parents = {one.adult_id for one in uow.people.relationships_of_student(site.student_id)}
    wanted = {site.contacts[name] for name in listed}
    kept = [one for one in contacts if not wanted or one.id in wanted]
    return replace(site.meetings[key], attempts=attempts_of(kept, parents))


def ground_of(site: Site, meeting: Meeting) -> MeetingGround:
    """Return what the next step of a meeting rests on, looked up in the site."""
    with site.store.read() as uow:
        held = uow.people.relationships_of_student(site.student_id)
        adults = uow.people.adults({one.adult_id for one in held if one.may_decide})
    asked = {one.person_id for one in meeting.invited}
    needs = tuple((one.id, one.speaks) for one in adults if one.needs_interpreter and one.id in asked)
    transition = meeting.notice is not None and meeting.notice.tells_transition
    return MeetingGround(
        notice_gaps=notice_gaps(meeting.notice, transition=transition) if meeting.notice else (),
        record=attempt_record(
            meeting.attempts, meeting_on=meeting.on, profile=site.frame.rules.profile, zone=site.zone
        ),
        needs_interpreter=needs,
    )
