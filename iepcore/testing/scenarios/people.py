"""The people of a scenario: the child, the adults with their two rights flags, the staff with their places.

An address book lists them, a records officer appoints case managers, a case manager opens the record, builds
the team and confirms the adults: the way a school does it.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import partial

from iepcore.calendars import attains_age
from iepcore.caseload import Confirmation, Opening, WindowNote
from iepcore.ids import AdultId, AssignmentId, RosterMemberId, StudentId
from iepcore.people import (
    ADULT_AT,
    Adult,
    Appointment,
    Identity,
    PersonKind,
    Relation,
    RosterMember,
    RosterStanding,
    SiteRole,
    StaffRole,
    WindowKind,
    WindowPart,
)
from iepcore.testing.scenarios.form import Facts, FormError, day_of, days_in
from iepcore.testing.scenarios.site import Site, new_id

_SOURCE, _COURSE = "scenario", "course"
_ROLES = {role.value: role for role in StaffRole}
_RELATIONS = (
    (r"\bsurrogate", Relation.SURROGATE_PARENT),
    (r"\bfoster", Relation.FOSTER_PARENT),
    (r"\bstep", Relation.STEPPARENT),
    (r"\bgrand", Relation.GRANDPARENT),
    (r"\bguardian", Relation.GUARDIAN),
    (r"\bcase ?worker", Relation.CASEWORKER),
    (r"\bmother\b", Relation.MOTHER),
    (r"\bfather\b", Relation.FATHER),
    (r"\bparent\b", Relation.PARENT),
)
_OF_ANOTHER = re.compile(r"\bparent of (\w+)|\bother family\b|different child", re.I)
_NO_PLACE = "a role without a row of the access matrix: no place on the team, no access"
_AHEAD = timedelta(days=800)


def build_people(site: Site) -> None:
    """Put everybody into the site. Places and rights begin on the first day of the story."""
    facts = site.facts
    student = facts.inner("student")
    if student is None:
        raise FormError(facts.path, "a student is needed")
    staff = list(facts.each("staff"))
    people = list(facts.each("people"))
    others = list(facts.each("co_students"))
    site.clock.stand_on(_first_day(site))
    office = _office(site)
    for one in (*people, *staff):
        _list_adult(site, one)
    site.staff = {site.adults[one.text("id")]: one.text("role") for one in staff}
    manager = _manager(site, staff, office)
    _keep_book(site, manager, people, staff)
    _open(site, manager, "student", student)
    for one in others:
        _open(site, manager, one.text("id"), one)
    for one in staff:
        with site.reading.leaving(one.path):
            _place(site, manager, one)
    for one in people:
        with site.reading.leaving(one.path):
            _confirm(site, manager, one, others)
    _student_row(site, manager, student)


def _first_day(site: Site) -> date:
    """A day before anything of the story happens, so that nothing is barred for want of a place."""
    days = days_in(str(site.facts.raw))
    born = str(site.facts.raw["student"].get("dob"))
    begun = [day for day in days if day.isoformat() != born and day >= site.as_of - timedelta(days=800)]
    return min((*begun, site.as_of)) - timedelta(days=30)


def _office(site: Site) -> AdultId:
    """The records officer of the installation, who is in no scenario."""
    officer = Adult(id=AdultId(new_id()), name="Records office", reads="en", created_at=site.clock.now())
    with site.store.write() as uow:
        uow.people.add_adult(officer)
        uow.people.add_appointment(
            Appointment(
                adult_id=officer.id,
                role=SiteRole.RECORDS_OFFICER,
                starts_on=site.clock.today(),
                appointed_by=None,
                appointed_at=site.clock.now(),
            )
        )
    site.adults["records office"] = officer.id
    return officer.id


def _list_adult(site: Site, one: Facts) -> None:
    key = one.text("id")
    if key in site.adults:
        raise FormError(f"{one.path}.id", "stands twice")
    language = one.text("language", "en") or "en"
    adult = Adult(
        id=AdultId(new_id()),
        name=one.text("name"),
        reads=language,
        speaks=language,
        needs_interpreter=one.flag("needs_interpreter"),
        created_at=site.clock.now(),
    )
    with site.store.write() as uow:
        uow.people.add_adult(adult)
        uow.people.add_identity(_identity(key, adult.id))
    site.adults[key] = adult.id
    one.leave("preferred_channel", "the form names a channel and no address: nothing is delivered here")
    one.leave("accessible_format", "formats of letters come with the family's profile, a later step")
    one.leave("second_language", "an adult has a language to read and one to speak; a third has no field")
    one.leave("calendar_note", "a wish about calendars has no field yet")


def _manager(site: Site, staff: list[Facts], office: AdultId) -> AdultId:
    """Appoint the case managers; without one in the scenario the office appoints somebody."""
    keys = [one.text("id") for one in staff if one.raw.get("role") == "case_manager"]
    if not keys:
        site.reading.assume(
            f"{site.facts.path}.staff", "a case manager who opens the record and builds the team"
        )
        site.adults["case manager"] = site.adults.get("case manager", AdultId(new_id()))
        with site.store.write() as uow:
            uow.people.add_adult(
                Adult(
                    id=site.adults["case manager"],
                    name="Case manager",
                    reads="en",
                    created_at=site.clock.now(),
                )
            )
        keys = ["case manager"]
    for key in keys:
        site.caseload(office).staff.appoint(site.adults[key], SiteRole.CASE_MANAGER)
    site.adults["manager"] = site.adults[keys[0]]
    return site.adults["manager"]


def _keep_book(site: Site, manager: AdultId, people: list[Facts], staff: list[Facts]) -> None:
    lines = [
        _line(site, one, standing)
        for listed, standing in ((people, RosterStanding.OBSERVER), (staff, RosterStanding.TEACHER))
        for one in listed
    ]
    site.caseload(manager).people.keep_roster(_SOURCE, _COURSE, lines, complete=True)


def _line(site: Site, one: Facts, standing: RosterStanding) -> RosterMember:
    return RosterMember(
        id=RosterMemberId(new_id()),
        source=_SOURCE,
        context_id=_COURSE,
        context_title="School",
        subject=one.text("id"),
        standing=standing,
        seen_at=site.clock.now(),
        name=one.text("name"),
    )


def _identity(key: str, adult_id: AdultId) -> Identity:
    return Identity(source=_SOURCE, subject=key, kind=PersonKind.ADULT, person_id=adult_id)


def _member(site: Site, key: str) -> RosterMemberId:
    with site.store.read() as uow:
        return next(one.id for one in uow.people.roster(_SOURCE, _COURSE) if one.subject == key)


def _open(site: Site, manager: AdultId, key: str, one: Facts) -> None:
    """Open a child's record, and keep the birthday, which an address book does not tell."""
    name = one.text("name")
    opened = site.caseload(manager).setup.open_all(
        [
            Opening(
                preferred_name=name.split()[0],
                legal_name=name,
                grade=str(one.value("grade", "") or ""),
                home_language=one.text("home_language", "en") or "en",
                key=f"{site.key}/{key}",
            )
        ]
    )
    site.students[key] = opened.student_ids[0]
    born = one.day("dob")
    if born is not None:
        deadlines = site.caseload(manager).deadlines
        deadlines.set_birthday(opened.student_ids[0], born, version=1)
    one.leave("siblings", "a sibling is a record of its own; the two are never joined")


def _place(site: Site, manager: AdultId, one: Facts) -> None:
    """Give a member of staff a place on the team, with its window, or a window to look through."""
    key, role = one.text("id"), one.text("role")
    one.label("discipline", "scope")
    provides = any(service.get("provider") == key for service in site.facts.told("services"))
    if role == "interpreter":
        _interpreter(site, manager, one)
        return
    if role not in _ROLES and not provides:
        one.leave("role", _NO_PLACE)
        one.label("window_begin", "window_end", "from", "to")
        return
    if role not in _ROLES:
        site.reading.assume(f"{one.path}.role", f"{role} has the place of a provider, whose service it gives")
    held = _ROLES.get(role, StaffRole.RELATED_SERVICE_PROVIDER)
    begins = one.day("from") or _day_part(one, "window_begin")
    ends = one.day("to") or _day_part(one, "window_end")
    replaced = one.text("replaces", None)
    if replaced is not None and replaced not in site.adults:
        raise FormError(f"{one.path}.replaces", f"nobody here is called {replaced}")
    if held is StaffRole.SUBSTITUTE and ends is None:
        one.leave("role", "a substitute without a last day has no place on the team")
        return
    for student_id in _children_of(site, one):
        if held is StaffRole.CASE_MANAGER and site.adults[key] == manager:
            continue
        stands_in = site.adults[replaced] if replaced is not None else None
        add = partial(_add_to_team, site, manager, student_id, _member(site, key), held, ends, stands_in)
        if begins is None:
            add()
        else:
            site.on(begins, add, hour=1, path=one.path)


def _add_to_team(
    site: Site,
    manager: AdultId,
    student_id: StudentId,
    member_id: RosterMemberId,
    role: StaffRole,
    ends: date | None,
    stands_in_for: AdultId | None,
) -> None:
    """Give a place on the team. A substitute's has its last day; another's is ended on the day after it."""
    people = site.caseload(manager).people
    until = ends if role is StaffRole.SUBSTITUTE else None
    place_id = people.add_to_team(student_id, member_id, role, until=until, stands_in_for=stands_in_for)
    if ends is not None and until is None:
        end = partial(_end_place, site, manager, student_id, place_id)
        site.on(ends + timedelta(days=1), end, hour=1)


def _end_place(site: Site, manager: AdultId, student_id: StudentId, place_id: AssignmentId) -> None:
    site.caseload(manager).people.end_place(student_id, place_id)


def _children_of(site: Site, one: Facts) -> list[StudentId]:
    """Return whose team somebody is on: the child's, or those of ``students``."""
    named = one.texts("students")
    return [_child(site, key, one.path) for key in named] if named else [site.student_id]


def _child(site: Site, key: str, path: str) -> StudentId:
    if key not in site.students:
        raise FormError(path, f"no child here is called {key}")
    return site.students[key]


def _day_part(one: Facts, key: str) -> date | None:
    told = one.text(key, None)
    return None if told is None else day_of(told[:10], f"{one.path}.{key}")


def _interpreter(site: Site, manager: AdultId, one: Facts) -> None:
    """An interpreter reads the papers of a meeting around its time, and nothing else."""
    key = one.text("id")
    if not (one.has("window_begin") and one.has("window_end")):
        one.leave("role", "an interpreter without a window has nothing to read")
        one.label("window_begin", "window_end")
        return
    window = (one.moment("window_begin", site.zone), one.moment("window_end", site.zone))
    site.windows[key] = window
    office = site.caseload(site.adults["records office"])
    office.staff.appoint(site.adults[key], SiteRole.INTERPRETER)
    site.caseload(manager).rights.open_window(
        site.student_id,
        WindowNote(
            adult_id=site.adults[key],
            kind=WindowKind.MEETING,
            opens_at=window[0],
            closes_at=window[1],
            parts=frozenset(WindowPart),
            basis=one.text("scope", "a meeting") or "a meeting",
            purpose="to interpret",
        ),
    )


def _confirm(site: Site, manager: AdultId, one: Facts, others: list[Facts]) -> None:
    """Confirm an adult with both flags, each on its paper."""
    key, told = one.text("id"), one.text("relation")
    rights = one.inner("rights")
    if rights is None:
        raise FormError(f"{one.path}.rights", "both flags and what they rest on are needed")
    basis = rights.text("basis")
    records, decisions = rights.flag("records"), rights.flag("decisions")
    child = site.student_id
    if _OF_ANOTHER.search(f"{told}; {basis}"):
        # Said of this child. Of their own child the form says nothing, and a parent has both rights there.
        own = next((o for o in others if o.text("name").split()[0].lower() in told.lower()), None)
        if own is None:
            one.leave("relation", "a parent of a child who is not in the scenario: no standing here")
            return
        child, records, decisions = site.students[own.text("id")], True, True
        site.reading.assume(one.path, f"both rights for their own child {own.text('id')}")
    relation = next((kind for words, kind in _RELATIONS if re.search(words, told, re.I)), Relation.OTHER)
    desk = site.caseload(manager)
    said = Confirmation(
        relation=relation,
        household=one.text("household", "A") or "A",
        may_access_records=records,
        may_decide=decisions,
        basis=basis,
        reads=one.text("language", "en") or "en",
        needs_interpreter=one.flag("needs_interpreter"),
        document=one.text("document", None) or rights.text("document", None) or _paper(site, one, basis),
        address_protected=one.flag("address_protected"),
        valid_from=rights.day("valid_from") or _since(site, basis),
        valid_to=rights.day("valid_to"),
    )
    for student_id in (child, *_siblings(site, child, others)):
        desk.families.confirm(student_id, _member(site, key), said)


def _paper(site: Site, one: Facts, basis: str) -> str:
    """Return the paper a limit rests on, where only the words speak of one."""
    if re.search(r"\b(order|decree|court|judge|statute|will)\b", basis, re.I) is None:
        return ""
    site.reading.assume(one.path, "the paper is the one that the words of the rights speak of")
    return "the paper named in the basis"


def _since(site: Site, basis: str) -> date:
    """Return from when an adult has these rights: the day they were assigned, where the words tell it; else a
    day before anything the scenario tells of that needs them.
    """
    assigned = re.search(r"assigned (?:on )?(\S+)", basis)
    if assigned is not None and (days := days_in(assigned[1])):
        return days[0]
    told = " ".join(str(one.get("given")) for one in site.facts.told("consents"))
    return min([site.clock.today(), *days_in(told)])


def _siblings(site: Site, child: StudentId, others: list[Facts]) -> list[StudentId]:
    """Return the other children of the same family: those the child's record names as siblings."""
    told = str(site.facts.raw["student"].get("siblings") or "")
    if child != site.student_id or not told:
        return []
    found = [site.students[one.text("id")] for one in others if one.text("name") in told]
    if found:
        site.reading.assume(f"{site.facts.path}.student.siblings", "the same adults with the same rights")
    return found


def _student_row(site: Site, manager: AdultId, student: Facts) -> None:
    """The student's own standing: let in on the eighteenth birthday, by right. Before it a student of these
    scenarios has no page; that needs the school's choice and a parent's word.
    """
    born = student.day("dob")
    adult = Adult(id=AdultId(new_id()), name=student.text("name"), reads="en", created_at=site.clock.now())
    site.adults["student"] = adult.id
    with site.store.write() as uow:
        uow.people.add_adult(adult)
    turns = attains_age(born, ADULT_AT, leap=site.frame.rules.leap_birthday) if born is not None else None
    if turns is None or turns > site.as_of + _AHEAD:
        return

    def let_in() -> None:
        rights = site.caseload(manager).rights
        made = rights.let_student_in(site.student_id, basis="18 years old")
        with site.store.read() as uow:
            held = uow.people.relationships_of_student(site.student_id)
        site.adults["student"] = next(one.adult_id for one in held if one.id == made)

    site.on(max(turns, site.clock.today()), let_in, hour=1)
