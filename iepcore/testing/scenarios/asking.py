"""Access entries of a scenario, each asked of the one access decision with what the store knows of people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from iepcore.access import Action, Audience, Decision, Outcome, Resource, ResourceKind
from iepcore.ids import AdultId
from iepcore.testing.scenarios.entries import Entry, Verdict, missing, plain
from iepcore.testing.scenarios.form import Facts, FormError, day_of, noon
from iepcore.testing.scenarios.site import Site

_K = ResourceKind
_KINDS: dict[str, ResourceKind] = {
    "iep": _K.IEP,
    "plan": _K.IEP,
    "goal": _K.GOAL,
    "goals": _K.GOAL,
    "data_point": _K.DATA_POINT,
    "data_points": _K.DATA_POINT,
    "staff_note": _K.INTERNAL_NOTE,
    "team_note": _K.INTERNAL_NOTE,
    "internal_note": _K.INTERNAL_NOTE,
    "private_note": _K.PRIVATE_NOTE,
    "shared_note": _K.SHARED_NOTE,
    "audit_log": _K.AUDIT_LOG,
    "disclosure_log": _K.DISCLOSURE,
    "consent": _K.CONSENT,
    "consents": _K.CONSENT,
    "message": _K.MESSAGE,
    "messages": _K.MESSAGE,
    "family_profile": _K.FAMILY_PROFILE,
    "minutes": _K.MINUTES,
    "meeting_notice": _K.NOTICE,
    "written_notice": _K.NOTICE,
    "record_request": _K.RECORD_REQUEST,
    "workshop_calendar": _K.EVENT,
    "events": _K.EVENT,
    "support_group": _K.ATTENDANCE,
    "duties": _K.DUTIES,
    "plan_comment": _K.PLAN_COMMENT,
    "calendar": _K.CALENDAR,
}
_OF = re.compile(r"(?P<kind>[\w' ]+?) (?:of|by) (?P<who>\w+)")
_ADDRESS = re.compile(r"(?:(?P<relation>\w+)'s address|address of (?P<who>\w+))")
_OF_SITE = frozenset({_K.EVENT, _K.ATTENDANCE, _K.CALENDAR})
_LIMITED = {Outcome.OWN_ONLY.value, Outcome.ALLOW.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One entry as a question: who, what, to which thing, when."""

    actor: AdultId
    action: Action
    thing: Resource
    at: datetime
    window: tuple[datetime, datetime] | None = None


def access_entries(site: Site, expected: list[Facts]) -> Iterator[Entry]:
    """Yield each expected decision with what the library decides."""
    seen: dict[str, int] = {}
    for one in expected:
        actor, thing, action = one.text("actor"), one.text("object"), one.text("action")
        one.label("reason")
        name = f"{site.key}/access/{actor}:{action}:{thing}".replace(" ", "_")
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            name = f"{name}#{seen[name]}"
        told = one.text("decision")
        try:
            word, decision = decided(site, actor, action, thing)
        except FormError as problem:
            yield missing(name, told, str(problem))
            continue
        how = f"{decision.reason} ({decision.citation})"
        yield Entry(
            id=name, expected=told, computed=plain(word), how=how, verdict=_verdict(told, word, action)
        )


def _verdict(told: str, word: str, action: str) -> Verdict:
    """Compare two words. Writing limited to one's own, asked about something new of one's own, is done:
    "allow" and "own_only" say the same of it.
    """
    same = told == word or (action.startswith("write") and {told, word} <= _LIMITED)
    return Verdict.AGREES if same else Verdict.DIFFERS


def decided(site: Site, actor: str, action: str, thing: str) -> tuple[str, Decision]:
    """Return the guide's word for an entry, and the decision behind it.

    ``action`` may carry a day (``read@2027-02-20``). An interpreter with a window is asked inside it; on
    another day the answer is ``deny``.
    """
    asked = _asked(site, actor, action, thing)
    if asked.window is not None:
        asked = replace(asked, at=asked.window[0])
    name, _, key = thing.partition(" ")
    if name == "session_log":
        return _of_session(site, asked, key)
    decision = decide_at(site, asked)
    return decision.outcome.value, decision


def decide_at(site: Site, asked: Asked) -> Decision:
    """Return the decision at the moment of a question, with the standings the store has then."""
    before = site.clock.at
    site.clock.at = asked.at
    with site.store.read() as uow:
        found = site.caseload(asked.actor).desk.decision(uow, asked.action, asked.thing)
    site.clock.at = before
    return found


def _asked(site: Site, actor: str, action: str, thing: str) -> Asked:
    verb, _, day = action.partition("@")
    on = day_of(day, f"{site.key}.expected.access.action") if day else site.as_of
    who = site.adult(actor, f"{site.key}.expected.access.actor")
    kind = _kind(thing)
    told = {"read": Action.READ, "write": Action.WRITE, "decide": Action.DECIDE, "sign": Action.DECIDE}
    if verb not in told:
        raise FormError(f"{site.key}.expected.access.action", f"{verb} is no action")
    # Writing a consent is deciding, which needs the right to decide on that day (domain guide 4).
    act = Action.DECIDE if kind is _K.CONSENT and verb == "write" else told[verb]
    return Asked(
        actor=who,
        action=act,
        thing=_thing(site, thing, kind, who),
        at=_moment(site, on, bool(day)),
        window=site.windows.get(actor) if not day else None,
    )


def _moment(site: Site, on: date, dated: bool) -> datetime:
    return noon(on, site.zone) if dated else noon(site.as_of, site.zone)


def _kind(thing: str) -> ResourceKind:
    if _ADDRESS.search(thing):
        return _K.FAMILY_PROFILE
    name = thing.split()[0]
    if name == "session_log":
        return _K.SESSION_LOG
    if name not in _KINDS:
        raise FormError("expected.access.object", f"{thing} is no thing this loader knows")
    return _KINDS[name]


def _thing(site: Site, thing: str, kind: ResourceKind, actor: AdultId) -> Resource:
    """Return the thing of an entry: of the child, or of a child it names; of the adult it names, if any."""
    if kind in _OF_SITE:
        return Resource(kind=kind)
    address, of = _ADDRESS.search(thing), _OF.fullmatch(thing)
    child = site.student_id
    if address is not None:
        whose = _named(site, address["relation"] or address["who"])
        return Resource(kind=kind, student_id=child, of_adult_id=whose, owner_id=whose)
    who = of["who"] if of is not None else None
    if who in site.students:
        child, who = site.students[who], None
    owner = site.adult(who, "expected.access.object") if who is not None else None
    plain_thing = Resource(kind=kind, student_id=child)
    if kind is _K.MESSAGE and owner is not None:
        return replace(plain_thing, participants=frozenset({owner}))
    if kind is _K.FAMILY_PROFILE:
        mine = actor if owner is None and actor not in site.staff else owner
        return replace(plain_thing, audience=Audience.SHARED, of_adult_id=mine, owner_id=mine)
    if kind is _K.PRIVATE_NOTE:
        return replace(plain_thing, owner_id=actor if owner is None else owner, audience=Audience.AUTHOR)
    return replace(plain_thing, owner_id=owner)


def _named(site: Site, who: str) -> AdultId:
    """Return an adult by key, or by what they are to the child (``mother``)."""
    if who in site.adults:
        return site.adults[who]
    for key, relation, _ in site.family:
        if re.match(rf"{re.escape(who)}\b", relation, re.I):
            return site.adults[key]
    raise FormError("expected.access.object", f"nobody here is the {who}")


def _of_session(site: Site, asked: Asked, key: str) -> tuple[str, Decision]:
    """Return the word for a session: one line for each child, asked one by one.

    Some lines open and some do not: the others are hidden. All open: shown whole.
    """
    rows = [one for one in site.sessions if one.id in site.session_rows.get(key, ())]
    if not rows:
        raise FormError("expected.access.object", f"there is no session {key}")
    found = [
        decide_at(site, replace(asked, thing=replace(asked.thing, student_id=one.student_id))) for one in rows
    ]
    opened = [one for one in found if one.is_allowed]
    if not opened:
        return Outcome.DENY.value, found[0]
    hidden = len(opened) < len(found) or key in site.left_out
    if hidden:
        return Outcome.REDACT.value, opened[0]
    whole = opened[0].outcome
    return (Outcome.ALLOW if whole is Outcome.REDACT else whole).value, opened[0]
