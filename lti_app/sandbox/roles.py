"""LTI role URIs as Canvas sends them (Canvas source: ``lib/lti/substitutions_helper.rb``).

A course launch carries the person's active roles in that course, then institution roles earned anywhere in
the account, then the system role that everybody has, sorted. There is no institution role for observers:
outside a course a parent is only a system user.
"""

from __future__ import annotations

from lti_app.sandbox.people import User

_V2 = "http://purl.imsglobal.org/vocab/lis/v2/"
INSTRUCTOR = f"{_V2}membership#Instructor"
TEACHING_ASSISTANT = f"{_V2}membership/Instructor#TeachingAssistant"
LEARNER = f"{_V2}membership#Learner"
MENTOR = f"{_V2}membership#Mentor"
TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
INSTITUTION_INSTRUCTOR = f"{_V2}institution/person#Instructor"
INSTITUTION_STUDENT = f"{_V2}institution/person#Student"
INSTITUTION_ADMINISTRATOR = f"{_V2}institution/person#Administrator"
SYSTEM_USER = f"{_V2}system/person#User"

CONTEXT_ROLES: dict[str, tuple[str, ...]] = {
    "teacher": (INSTRUCTOR,),
    "ta": (TEACHING_ASSISTANT, INSTRUCTOR),
    "student": (LEARNER,),
    "observer": (MENTOR,),
    "test_student": (LEARNER, TEST_USER),
}


def context_roles(user: User, course_id: int) -> list[str]:
    """The roles of one person in one course, sorted, each once."""
    return sorted({uri for role in user.roles_in(course_id) for uri in CONTEXT_ROLES[role]})


def launch_roles(user: User, course_id: int | None) -> list[str]:
    """The ``roles`` claim of a launch; ``course_id`` is none for a launch from the account."""
    roles = {SYSTEM_USER}
    if course_id is not None:
        roles.update(context_roles(user, course_id))
    anywhere = {e.role for e in user.enrollments}
    if anywhere & {"teacher", "ta"}:
        roles.add(INSTITUTION_INSTRUCTOR)
    if "student" in anywhere:
        roles.add(INSTITUTION_STUDENT)
    if user.is_administrator:
        roles.add(INSTITUTION_ADMINISTRATOR)
    return sorted(roles)
