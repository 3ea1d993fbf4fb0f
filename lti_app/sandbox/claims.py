"""The id_token of one launch, claim by claim as Canvas builds it.

Source: canvas-lms ``lib/lti/messages/jwt_message.rb`` and ``lib/lti/variable_expander.rb``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lti_app.sandbox.config import SandboxConfig
from lti_app.sandbox.hints import LaunchHint
from lti_app.sandbox.people import Course, People, User
from lti_app.sandbox.roles import launch_roles

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
LIS_COURSE = "http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"
NRPS_CLAIM = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
NRPS_SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
PLACEMENT_CLAIM = "https://www.instructure.com/placement"
UNRESOLVED_MASQUERADE = "$Canvas.masqueradingUser.id"
TOKEN_SECONDS = 3600


def observed_subs(people: People, user: User, course_id: int | None) -> list[str]:
    """Subjects of the pupils this person observes in this course (none for a launch from the account)."""
    if course_id is None:
        return []
    found = (people.by_key(key) for key in user.observes_in(course_id))
    return list(dict.fromkeys(pupil.sub for pupil in found if pupil is not None))


def custom_fields(
    people: People, user: User, course_id: int | None, masquerading: str | None = None
) -> dict[str, str]:
    """The tool's custom fields, substituted.

    ``observees`` is ``$com.instructure.User.observees``: subjects joined by commas, empty for everybody who
    observes nobody in this course. A variable that does not apply stays as the literal text, as Canvas leaves
    it.
    """
    by = people.by_key(masquerading) if masquerading else None
    return {
        "canvas_user_id": str(user.canvas_user_id),
        "observees": ",".join(observed_subs(people, user, course_id)),
        "time_zone": user.time_zone,
        "locale": user.locale,
        "masquerading_user_id": UNRESOLVED_MASQUERADE if by is None else str(by.canvas_user_id),
    }


def id_token_claims(
    config: SandboxConfig, people: People, user: User, launch: LaunchHint, *, nonce: str, now: datetime
) -> dict[str, Any]:
    """All claims of one launch; ``now`` is the issuing instant, the token lives for an hour."""
    course = None if launch.course_id is None else people.course(launch.course_id)
    issued = int(now.timestamp())
    claims: dict[str, Any] = {
        "iss": config.issuer,
        "aud": config.client_id,
        "azp": config.client_id,
        "sub": user.sub,
        "iat": issued,
        "exp": issued + TOKEN_SECONDS,
        "nonce": nonce,
        "name": user.name,
        "given_name": user.given_name,
        "family_name": user.family_name,
        "email": user.email,
        "locale": user.locale,
        f"{LTI}message_type": "LtiResourceLinkRequest",
        f"{LTI}version": "1.3.0",
        f"{LTI}deployment_id": config.deployment_id,
        f"{LTI}target_link_uri": launch.target_link_uri,
        f"{LTI}roles": launch_roles(user, launch.course_id),
        f"{LTI}custom": custom_fields(people, user, launch.course_id, launch.masquerading),
        f"{LTI}tool_platform": {
            "guid": people.school.guid,
            "name": people.school.name,
            "version": "cloud",
            "product_family_code": "canvas",
        },
        f"{LTI}launch_presentation": {
            "document_target": "iframe",
            "width": None,
            "height": 400,
            "return_url": _return_url(config, course),
            "locale": user.locale,
        },
        f"{LTI}lis": {"person_sourcedid": f"SIS-{user.canvas_user_id}", "course_offering_sourcedid": None},
        f"{LTI}lti1p1": {"user_id": _legacy_id(user)},
        f"{LTI}lti11_legacy_user_id": _legacy_id(user),
    }
    if course is None:
        claims[f"{LTI}resource_link"] = {"id": people.school.account_context_id, "title": config.tool_name}
        claims[PLACEMENT_CLAIM] = "account_navigation"
        return claims
    claims.update(_course_claims(config, course))
    observed = observed_subs(people, user, course.id)
    if observed:
        claims[f"{LTI}role_scope_mentor"] = observed
    return claims


def _course_claims(config: SandboxConfig, course: Course) -> dict[str, Any]:
    # A navigation launch has no link of its own: Canvas sends the context's id as the resource link's.
    return {
        f"{LTI}context": {
            "id": course.context_id,
            "label": course.course_code,
            "title": course.name,
            "type": [LIS_COURSE],
        },
        f"{LTI}resource_link": {"id": course.context_id, "title": config.tool_name, "description": None},
        NRPS_CLAIM: {
            "context_memberships_url": f"{config.issuer}/api/lti/courses/{course.id}/names_and_roles",
            "service_versions": ["2.0"],
        },
        PLACEMENT_CLAIM: "course_navigation",
    }


def _return_url(config: SandboxConfig, course: Course | None) -> str:
    place = f"/courses/{course.id}" if course else "/accounts/1"
    return f"{config.issuer}{place}/external_content/success/external_tool_redirect"


def _legacy_id(user: User) -> str:
    return user.sub.replace("-", "")
