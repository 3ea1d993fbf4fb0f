"""Builders of the values a store keeps: sensible by default, each field open to change."""

from __future__ import annotations

from iepcore.testing.family_values import (
    Classroom,
    a_classroom,
    a_contact,
    a_draft,
    a_message,
    a_request,
    a_thread,
    a_translation,
    an_event,
    an_item,
    an_observation,
    an_opening,
)
from iepcore.testing.people_values import (
    NOW,
    TODAY,
    a_hint,
    a_key,
    a_member,
    a_relationship,
    a_student,
    an_adult,
    an_appointment,
    an_assignment,
    an_identity,
    words,
)
from iepcore.testing.plan_values import (
    a_goal,
    a_point,
    a_set,
    a_trial,
)

__all__ = [
    "NOW",
    "TODAY",
    "Classroom",
    "a_classroom",
    "a_contact",
    "a_draft",
    "a_goal",
    "a_hint",
    "a_key",
    "a_member",
    "a_message",
    "a_point",
    "a_relationship",
    "a_request",
    "a_set",
    "a_student",
    "a_thread",
    "a_translation",
    "a_trial",
    "an_adult",
    "an_appointment",
    "an_assignment",
    "an_event",
    "an_identity",
    "an_item",
    "an_observation",
    "an_opening",
    "words",
]
