"""Workshops and support groups: the list of them is for everybody here, who came to a support group for
nobody.

They hold nothing of a child's record, so no right about a record opens or closes them (domain guide 6.1).
"""

from __future__ import annotations

from iepcore.access.decision import Decision, Outcome
from iepcore.access.values import Action, Resource, ResourceKind
from iepcore.ids import AdultId

EVENT_KINDS = frozenset({ResourceKind.EVENT, ResourceKind.ATTENDANCE})
NO_STUDENT_INFORMATION = "product rule: events hold no information about a student"
NO_SCHOOL_PURPOSE = "product rule: who came to a support group serves no school purpose"


def of_event(adult_id: AdultId, action: Action, resource: Resource, *, is_known: bool) -> Decision:
    """Decide about the list of events, or about who came to one. ``is_known``: the actor has any standing
    here, also one whose rights about a child's record were revoked.
    """
    if resource.kind is ResourceKind.ATTENDANCE:
        if resource.of_adult_id == adult_id:
            return Decision(outcome=Outcome.OWN_ONLY, reason="own_attendance", citation=NO_SCHOOL_PURPOSE)
        return Decision(outcome=Outcome.DENY, reason="attendance_private", citation=NO_SCHOOL_PURPOSE)
    if action is Action.READ and is_known and resource.student_id is None:
        reason = "no_student_information"
        return Decision(outcome=Outcome.ALLOW, reason=reason, citation=NO_STUDENT_INFORMATION)
    return Decision(outcome=Outcome.DENY, reason="not_in_matrix", citation=NO_STUDENT_INFORMATION)
