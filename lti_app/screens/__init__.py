"""The screens: one module per family of screens; each builds one plain object and renders one template."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from flask import Blueprint

_MODULES = (
    "start",
    "today",
    "students",
    "dates",
    "site_calendar",
    "site_choices",
    "goals",
    "changes",
    "plan",
    "plan_begin",
    "plan_draft",
    "plan_paste",
    "official_copy",
    "plan_piece",
    "plan_notice",
    "plan_steps",
    "plan_agreements",
    "specialists",
    "recording",
    "writing",
    "conversation",
    "my_child",
    "family_plan",
    "family_wish",
    "signing",
    "duties",
    "plan_said",
    "tasks",
    "adding",
    "setup_list",
    "setup_list_around",
    "team",
    "staff",
    "trail",
    "requests",
    "disclosures",
    "openings",
    "seen",
    "rosters",
    "platforms",
    "outbox",
    "answers",
    "sms_in",
    "family_setup",
    "rights",
    "texting",
    "goal_setup",
    "canvas_connection",
    "google_connection",
    "notice_link",
    "check_in",
    "choosing",
    "gradebook",
    "reference",
)


def blueprints() -> Iterable[Blueprint]:
    """Return the blueprint of every screen module."""
    for name in _MODULES:
        yield import_module(f"lti_app.screens.{name}").blueprint
