"""Products: how the launches of Canvas, Moodle, Blackboard, D2L and a certification run differ, as data.

What is known from source (canvas-lms ``jwt_message.rb`` and ``substitutions_helper.rb``; Moodle
``mod/lti/locallib.php``) or from their documents; what nobody publishes is left as the specification has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.contract.lti.platform import CLAIM, ROLE

_LIS = "http://purl.imsglobal.org/vocab/lis/v2/"
_USER = _LIS + "system/person#User"
TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"

PEOPLE = ("teacher", "aide", "pupil", "parent", "administrator", "practice")
"""The kinds of people a product tells apart by roles; one that it does not know is missing there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product's way to log in and to launch.

    ``login`` and ``claims`` go over the usual ones (``...`` leaves one out); ``roles`` are those of each kind
    of person; ``lives`` is the life of an id_token in seconds; ``posts`` says that the login comes as a POST.
    ``keys`` is how many keys it publishes at a time (the one that signs in the middle), ``named`` whether
    they carry ``alg`` and ``use``.
    """

    name: str
    login: Mapping[str, Any] = field(default_factory=dict)
    claims: Mapping[str, Any] = field(default_factory=dict)
    roles: Mapping[str, list[str]]
    lives: int = 3600
    posts: bool = False
    keys: int = 1
    named: bool = True


CANVAS = Product(
    name="canvas",
    login={
        "login_hint": "8a7b6c5d4e3f",
        "lti_message_hint": "eyJhbGciOiJIUzI1NiJ9.eyJ2ZXJpZmllciI6IjEifQ.c2ln",
        "deployment_id": "dep-1",
        "canvas_region": "us-east-1",
        "canvas_environment": "prod",
        "lti_storage_target": "post_message_forwarding",
    },
    claims={
        "errors": {"errors": {}},
        "picture": "https://canvas.example.edu/images/messages/avatar-50.png",
        "lti11_legacy_user_id": "legacy-1",
        "context": {
            "id": "4dde05e8ca1973bcca9bffc13e1548820eee93a3",
            "label": "RES",
            "title": "Resource room",
            "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"],
            "validation_context": None,
            "errors": {"errors": {}},
        },
        "resource_link": {
            "id": "4dde05e8ca1973bcca9bffc13e1548820eee93a3",
            "title": None,
            "description": None,
        },
        "tool_platform": {"guid": "g:canvas-lms", "product_family_code": "canvas", "version": "cloud"},
        "launch_presentation": {
            "document_target": "iframe",
            "return_url": "https://canvas.example.edu/courses/1/external_content/success/external_tool_redirect",
            "locale": "en",
            "height": 800,
            "width": None,
        },
        "custom": {
            "observees": "$com.instructure.User.observees",
            "canvas_user_id": 1001,
            "masquerading_user_id": "$Canvas.masqueradingUser.id",
            "time_zone": "America/Chicago",
            "prefers_high_contrast": "false",
        },
        "https://www.instructure.com/placement": "course_navigation",
    },
    roles={
        "teacher": [_LIS + "institution/person#Instructor", ROLE + "Instructor", _USER],
        "aide": [
            _LIS + "institution/person#Instructor",
            _LIS + "membership/Instructor#TeachingAssistant",
            ROLE + "Instructor",
            _USER,
        ],
        "pupil": [_LIS + "institution/person#Student", ROLE + "Learner", _USER],
        "parent": [ROLE + "Mentor", _USER],
        "administrator": [_LIS + "institution/person#Administrator", _USER],
        "practice": [ROLE + "Learner", TEST_USER, _USER],
    },
    keys=3,
)
MOODLE = Product(
    name="moodle",
    login={
        "login_hint": "4",
        "lti_message_hint": '{"cmid":12,"launchid":"ltilaunch1_99"}',
        "lti_deployment_id": "1",
    },
    claims={
        "azp": ...,
        "sub": "4",
        "deployment_id": "1",
        "context": {"id": "2", "label": "RES", "title": "Resource room", "type": ["CourseSection"]},
        "resource_link": {"title": "Rapport", "description": "", "id": "3"},
        "tool_platform": {
            "family_code": "moodle",
            "product_family_code": "moodle",
            "guid": "moodle.example.edu",
            "version": "2026042000",
        },
        "launch_presentation": {
            "locale": "es_mx",
            "document_target": "iframe",
            "return_url": "https://moodle.example.edu/mod/lti/return.php?course=2&launch_container=3&sesskey=x",
        },
        "lis": {"person_sourcedid": "", "course_section_sourcedid": ""},
        "ext": {"user_username": "t.eklund", "lms": "moodle-2"},
        "custom": {"context_memberships_url": "$ToolProxyBinding.memberships.url", "time_zone": "99"},
    },
    roles={
        "teacher": [_LIS + "institution/person#Instructor", ROLE + "Instructor"],
        "aide": [_LIS + "institution/person#Instructor", ROLE + "Instructor"],
        "pupil": [_LIS + "institution/person#Learner", ROLE + "Learner"],
        "administrator": [
            _LIS + "institution/person#Administrator",
            _LIS + "system/person#Administrator",
            ROLE + "Instructor",
        ],
    },
    lives=60,
    posts=True,
)
BLACKBOARD = Product(
    name="blackboard",
    login={"lti_storage_target": "_parent", "lti_message_hint": ...},
    claims={
        "locale": "en_US",
        "https://purl.imsglobal.org/spec/lti/claim/lti1p1": {"user_id": "7c1"},
        "tool_platform": {"guid": "g", "product_family_code": "BlackboardLearn", "version": "3900.100.0"},
        "launch_presentation": {"locale": "en-US", "return_url": "https://learn.example.edu/webapps/return"},
    },
    roles={
        "teacher": [_LIS + "institution/person#Faculty", ROLE + "Instructor"],
        "aide": [_LIS + "institution/person#Student", _LIS + "membership/Instructor#TeachingAssistant"],
        "pupil": [_LIS + "institution/person#Student", ROLE + "Learner"],
        "parent": [_LIS + "institution/person#Observer", ROLE + "Mentor"],
        "administrator": [_LIS + "institution/person#Administrator", _LIS + "system/person#SysAdmin"],
    },
    keys=2,
)
D2L = Product(
    name="d2l",
    claims={
        "aud": ["client-1"],
        "http://www.brightspace.com": {
            "tenant_id": "t-1",
            "org_defined_id": "",
            "user_id": 77,
            "username": None,
        },
        "context": {"id": "6606", "label": "RES", "title": "Resource room", "type": ["CourseOffering"]},
        "tool_platform": {"guid": "t-1", "product_family_code": "desire2learn", "name": "D2L"},
    },
    roles={
        "teacher": [_LIS + "institution/person#Instructor", ROLE + "Instructor", ROLE + "Administrator"],
        "aide": [_LIS + "institution/person#Staff", _LIS + "membership/Instructor#TeachingAssistant"],
        "pupil": [_LIS + "institution/person#Student", ROLE + "Learner"],
        "parent": [_LIS + "institution/person#Mentor", ROLE + "Mentor"],
    },
    named=False,
)
CERTIFICATION = Product(
    name="certification",
    login={"lti_message_hint": ..., "client_id": "client-1"},
    claims={"azp": ..., "email": ..., "locale": ..., CLAIM + "custom": {"myCustom": "123"}},
    roles={
        "teacher": ["Instructor"],
        "aide": [_LIS + "membership/Instructor#TeachingAssistant"],
        "pupil": ["Learner"],
        "parent": ["Mentor"],
        "administrator": [_LIS + "institution/person#Administrator"],
    },
    lives=300,
)

PRODUCTS = {one.name: one for one in (CANVAS, MOODLE, BLACKBOARD, D2L, CERTIFICATION)}
