"""The one access decision: actor, action, thing, day and the actor's standings in; a reasoned word out."""

from __future__ import annotations

from datetime import date, datetime

from iepcore.access.decision import Decision, Outcome
from iepcore.access.events import EVENT_KINDS, of_event
from iepcore.access.family_rows import FAMILY
from iepcore.access.matrix import MATRIX
from iepcore.access.values import (
    Action,
    Actor,
    Audience,
    Basis,
    Grant,
    Party,
    Relations,
    Resource,
    ResourceKind,
    System,
)
from iepcore.ids import AdultId

_STRENGTH = {Outcome.ALLOW: 3, Outcome.OWN_ONLY: 2, Outcome.REDACT: 1, Outcome.DENY: 0}
_FAMILY = frozenset(FAMILY)
"""Parents and the student: what is theirs is by adult and household, never by the team."""
_MAY_DECIDE = frozenset({Party.PARENT_RECORDS_AND_DECISIONS, Party.ADULT_STUDENT})
_OF_ONES_CHILD = frozenset({ResourceKind.AUDIT_LOG, ResourceKind.DISCLOSURE})
"""Own means: of one's own child, whoever wrote the line."""
_BY_WINDOW_ONLY = frozenset(
    {
        (Party.INTERPRETER, ResourceKind.IEP),
        (Party.OUTSIDE_PARTY, ResourceKind.IEP),
        (Party.OUTSIDE_PARTY, ResourceKind.GOAL),
    }
)
"""What only a window with its list opens: an interpreter's task of one message opens no papers."""
_CLASSROOM = frozenset({Party.GEN_ED_TEACHER, Party.PARAPROFESSIONAL})
_SYSTEM_JOBS = frozenset(
    {
        "outbox",
        "idle_sets",
        "plans_take_effect",
        "rosters",
        "export",
        "import",
        "erase",
        "seed",
        "door",
        "backup",
        "restore",
        "standing",
        "legal_hold",
        "calendar_import",
        "sending",
        "replies",
        "audit",
    }
)
_OF_ALL_STAFF = frozenset({ResourceKind.CALENDAR, ResourceKind.SITE_CHOICES})
"""Things of the site without anybody's data, which whoever is on any child's team may need."""
_KEPT_BY_THE_OFFICE = frozenset({ResourceKind.RECORD_REQUEST, ResourceKind.DISCLOSURE, ResourceKind.OPENING})
"""The office's own books about a child's record: they are not the record, so a standing for the site is
enough."""
BREAK_GLASS = "break_glass"
"""The reason of whatever an opening outside every assignment allows, so that the trail shows it."""
_DENY_BY_DEFAULT = "34 CFR 99.30, 300.622: no disclosure without a current basis"


def decide(
    actor: Actor,
    action: Action,
    resource: Resource,
    on: date,
    relations: Relations,
    *,
    at: datetime | None = None,
) -> Decision:
    """Decide whether ``actor`` may do ``action`` to ``resource`` on day ``on``. Denied unless a rule allows
    it.

    ``relations`` must hold the standings of this actor only. Of several standings the one that allows most
    decides, except that a parent is never lifted by another parent's flags: standings belong to one adult.
    ``own_only`` is returned when the rule limits to what the actor made or takes part in *and* this thing is
    such; otherwise the answer is ``deny`` with reason ``not_yours``. ``at`` is the moment, for windows of
    hours (a meeting, an opening): without it they are closed.
    """
    if isinstance(actor, System):
        if actor.job in _SYSTEM_JOBS:
            return Decision(
                outcome=Outcome.ALLOW, reason=f"system_{actor.job}", citation="product rule: named job"
            )
        return Decision(outcome=Outcome.DENY, reason="unknown_job", citation=_DENY_BY_DEFAULT)
    if actor.masquerade and (action is not Action.READ or _reserved_for_author(resource)):
        return Decision(
            outcome=Outcome.DENY, reason="masquerade", citation="product rule: no writes under another face"
        )
    if relations.disabled:
        return Decision(
            outcome=Outcome.DENY,
            reason="person_disabled",
            citation="product rule: a disabled person reaches nothing",
        )
    if resource.kind in EVENT_KINDS:
        is_known = any(one.holds_on(on, at) for one in relations.grants)
        return of_event(actor.adult_id, action, resource, is_known=is_known)
    grants = _reaching(resource, on, at, relations)
    if not grants:
        expired = any(grant.student_id == resource.student_id for grant in relations.grants)
        reason = "standing_not_current" if expired else "no_standing"
        return Decision(outcome=Outcome.DENY, reason=reason, citation=_DENY_BY_DEFAULT)
    verdicts = [_by_grant(actor.adult_id, action, resource, grant) for grant in grants]
    return max(verdicts, key=lambda verdict: _STRENGTH[verdict.outcome])


def _reaching(resource: Resource, on: date, at: datetime | None, relations: Relations) -> tuple[Grant, ...]:
    """Return the grants in force that speak about this thing at all."""
    grants = relations.towards(resource.student_id, on, at)
    if resource.student_id is None and resource.kind in _OF_ALL_STAFF:
        places = (one for one in relations.grants if one.basis is Basis.ASSIGNMENT and one.holds_on(on, at))
        return (*grants, *(one for one in places if one.student_id is not None))
    if resource.student_id is not None and resource.kind in _KEPT_BY_THE_OFFICE:
        return (*grants, *relations.towards(None, on, at))
    return grants


def _by_grant(adult_id: AdultId, action: Action, resource: Resource, grant: Grant) -> Decision:
    party = grant.party
    if action is Action.DECIDE:
        return _deciding(resource, grant)
    if party is Party.PARENT_NO_RECORDS:
        return Decision(
            outcome=Outcome.DENY, reason="records_right_revoked", citation="34 CFR 99.4", party=party
        )
    cell = MATRIX[party].get(resource.kind)
    if cell is None:
        return Decision(outcome=Outcome.DENY, reason="not_in_matrix", citation=_DENY_BY_DEFAULT, party=party)
    if grant.kinds is not None and resource.kind not in grant.kinds:
        return Decision(outcome=Outcome.DENY, reason="not_in_scope", citation=cell.citation, party=party)
    if grant.basis is Basis.OPENING and action is not Action.READ:
        return Decision(
            outcome=Outcome.DENY, reason="opening_reads_only", citation=cell.citation, party=party
        )
    outcome = cell.read if action is Action.READ else cell.write
    if outcome is Outcome.DENY:
        return Decision(
            outcome=outcome,
            reason=f"{party.value}_may_not_{action.value}",
            citation=cell.citation,
            party=party,
        )
    if _reserved_for_author(resource) and not _is_makers(adult_id, action, resource, grant):
        return Decision(
            outcome=Outcome.DENY, reason="private_to_author", citation="34 CFR 99.3(b)(1)", party=party
        )
    if grant.goal_ids is not None and resource.goal_id is not None and resource.goal_id not in grant.goal_ids:
        return Decision(
            outcome=Outcome.DENY, reason="goal_not_delegated", citation=cell.citation, party=party
        )
    if outcome is Outcome.OWN_ONLY and not _is_own(adult_id, action, resource, grant):
        return Decision(outcome=Outcome.DENY, reason="not_yours", citation=cell.citation, party=party)
    reason = BREAK_GLASS if grant.basis is Basis.OPENING else party.value
    return Decision(outcome=outcome, reason=reason, citation=cell.citation, party=party)


def _deciding(resource: Resource, grant: Grant) -> Decision:
    """Consents and their kind, on the day itself. In the gap state consent about the plan is the parents',
    and what leaves the school needs both (domain guide C8)."""
    party, citation = grant.party, "34 CFR 300.30(b), 300.9"
    if party in {Party.ADULT_STUDENT, Party.ADULT_STUDENT_IN_GAP}:
        citation = "34 CFR 300.520, 99.5"
    elif party is Party.PARENT_AFTER_TRANSFER:
        return Decision(
            outcome=Outcome.DENY, reason="rights_are_the_students", citation="34 CFR 300.520", party=party
        )
    leaves = resource.kind is ResourceKind.DISCLOSURE
    if party is Party.ADULT_STUDENT_IN_GAP and not leaves:
        reason = "parents_decide_until_majority"
        return Decision(outcome=Outcome.DENY, reason=reason, citation=citation, party=party)
    if leaves and grant.shares_signing and party in _MAY_DECIDE | {Party.ADULT_STUDENT_IN_GAP}:
        return Decision(outcome=Outcome.ALLOW, reason="both_sign", citation="34 CFR 99.5, 99.30", party=party)
    if party in _MAY_DECIDE:
        return Decision(outcome=Outcome.ALLOW, reason="may_decide", citation=citation, party=party)
    return Decision(outcome=Outcome.DENY, reason="may_not_decide", citation="34 CFR 300.30(b)", party=party)


def _is_makers(adult_id: AdultId, action: Action, resource: Resource, grant: Grant) -> bool:
    """Tell whether a thing for its maker alone is this actor's, or a note of whom the actor stands in for."""
    if resource.owner_id == adult_id:
        return True
    replaced = grant.stands_in_for is not None and resource.owner_id == grant.stands_in_for
    return replaced and action is Action.READ and resource.kind is ResourceKind.PRIVATE_NOTE


def _reserved_for_author(resource: Resource) -> bool:
    return resource.kind is ResourceKind.PRIVATE_NOTE or resource.audience is Audience.AUTHOR


def _is_own(adult_id: AdultId, action: Action, resource: Resource, grant: Grant) -> bool:
    """Own means: made by the actor, about the actor, a conversation the actor is in, or something new to
    make."""
    mine = (
        resource.owner_id == adult_id or resource.of_adult_id == adult_id or adult_id in resource.participants
    )
    if grant.party in _FAMILY and resource.kind in _OF_ONES_CHILD:
        return True
    if grant.basis is Basis.WINDOW or (grant.party, resource.kind) in _BY_WINDOW_ONLY:
        listed = grant.basis is Basis.WINDOW and resource.kind in (grant.kinds or ())
        return listed and action is Action.READ
    if resource.kind is ResourceKind.PRIVATE_NOTE and _is_makers(adult_id, action, resource, grant):
        return True
    if action is Action.READ and _is_shared(resource, grant.party):
        return True
    nobodys = resource.owner_id is None and resource.of_adult_id is None and not resource.participants
    return mine or (action is Action.WRITE and nobodys)


def _is_shared(resource: Resource, party: Party) -> bool:
    """Tell whether somebody shared this with readers like these: a family its profile with the classroom
    (``shared``) or with the rest of the team, staff a comment on the plan with every family (``shared``).
    One household's profile or comment is never shared with another's."""
    if resource.kind is ResourceKind.PLAN_COMMENT and party in _FAMILY:
        return resource.audience is Audience.SHARED
    if resource.kind is not ResourceKind.FAMILY_PROFILE or party in _FAMILY:
        return False
    return resource.audience is Audience.SHARED or (
        resource.audience is Audience.TEAM and party not in _CLASSROOM
    )
