"""Every kind of viewer as a live session, as their launch would have made it."""

from __future__ import annotations

import secrets
from datetime import timedelta

from iepcore.ids import AdultId
from lti_app.demo.seed import people
from lti_app.doors.records import WebSession
from lti_app.session.tokens import hash_of
from tests.contract.screens.furnished import World
from tests.unit.screens.conftest import House

_MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"

SEEDED = {
    "provider_elsewhere": "abara",
    "aide": "moss",
    "general_teacher": "eklund",
    "manager": "halloran",
    "records_officer": "ames",
    "site_administrator": "pell",
    "interpreter_idle": "karimi",
    "interpreter_asked": "ruiz",
    "parent": "dana",
    "parent_home_a": "renee",
    "parent_home_b": "osei",
    "revoked": "carl",
    "stepparent": "sam",
    "protected_mother": "elise",
    "parent_elsewhere": "elena",
    "face_of_manager": "halloran",
    "face_of_parent": "renee",
}
_PUPILS = {"pupil_with_plan": "maya", "pupil_without": "piper"}
FAMILIES = frozenset(
    {"parent", "parent_home_a", "parent_home_b", "revoked", "stepparent", "protected_mother"}
    | {"parent_elsewhere", "face_of_parent"}
)


def adult_of(house: House, world: World, viewer: str) -> AdultId | None:
    """Return the adult behind a kind of viewer; None for pupils and strangers."""
    if viewer in SEEDED:
        return house.adult(SEEDED[viewer])
    return world.adults.get(viewer)


def bearer(house: House, world: World, viewer: str, *, idle_minutes: int = 60) -> str:
    """Open a session for a kind of viewer and return its token."""
    family, pupil = viewer in FAMILIES, viewer in _PUPILS
    roles = {True: "Mentor", False: "Learner" if pupil else "Instructor"}[family]
    listed = people()
    user = next(
        (one for one in listed["users"] if one["key"] in {SEEDED.get(viewer), _PUPILS.get(viewer)}), None
    )
    token, now = secrets.token_urlsafe(32), house.clock()
    house.wired.doors.open_session(
        WebSession(
            token_hash=hash_of(token),
            site_id=house.wired.doors.sites()[0].id,
            registration_id=house.wired.doors.registrations()[0].id,
            deployment_id="1:practice",
            door="lti",
            subject=user["sub"] if user else viewer,
            adult_id=adult_of(house, world, viewer),
            family=family or pupil,
            context_id=listed["courses"][0]["context_id"],
            context_title=listed["courses"][0]["name"],
            roster_url=None,
            launch_roles=() if viewer == "stranger" else (_MEMBERSHIP + roles,),
            observees=(),
            canvas_user_id=None,
            display_name=user["name"] if user else f"Walker {viewer}",
            locale="en",
            masquerade=viewer.startswith("face_of_"),
            created_at=now,
            seen_at=now,
            idle_until=now + timedelta(minutes=idle_minutes),
            ends_at=now + timedelta(hours=12),
        )
    )
    return token
