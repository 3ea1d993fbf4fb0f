"""The schedule of data: which column of which table is which element of a data-privacy agreement.

Categories and elements in the words of the Student Data Privacy Consortium's agreement (NDPA standard,
schedule of data), shortened, so that a district's officer finds what their form asks for. ``REST`` stands for
the columns of a table that are not named: keys, ids of ours, times, states.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

REST = "*"

CATEGORIES: Final[tuple[str, ...]] = (
    "Application Technology Meta Data",
    "Application Use Statistics",
    "Assessment",
    "Attendance",
    "Communications",
    "Conduct",
    "Demographics",
    "Enrollment",
    "Parent/Guardian Contact Information",
    "Parent/Guardian ID",
    "Parent/Guardian Name",
    "Schedule",
    "Special Indicator",
    "Student Contact Information",
    "Student Identifiers",
    "Student Name",
    "Student In App Performance",
    "Student Program Membership",
    "Student Survey Responses",
    "Student Work",
    "Transcript",
    "Transportation",
    "Staff (beside the schedule)",
    "Other",
)
"""Every category, also those of which nothing is collected: a form has a line for each."""

_PLAN = ("Special Indicator", "Specialized education services: the plan's goals")
_OBSERVED = ("Assessment", "Observation data of the plan's goals")
_WORDS = ("Communications", "Messages between school and family, with their translations")
_SESSION = (
    "Application Technology Meta Data",
    "Sign-in: launch, course, language, hashes of session secrets",
)
_TRAIL = ("Application Use Statistics", "Who opened or changed whose record, when, by which rule")
_KEPT = ("Other", "Who was disabled and which record is under a legal hold, when and why")
_STAFF = ("Staff (beside the schedule)", "Names, roles, teams and platform ids of staff")
_PARENTS = ("Parent/Guardian ID", "Links between a student and family members, with rights and basis")

Element = tuple[str, str]

SCHEDULE: Final[Mapping[str, Mapping[Element, tuple[str, ...]]]] = {
    "student": {
        ("Student Name", "First and last, and the preferred name"): ("legal_name", "preferred_name"),
        ("Demographics", "Date of birth"): ("born_on",),
        ("Demographics", "Language of the home"): ("home_language",),
        ("Enrollment", "Grade level"): ("grade",),
        ("Enrollment", "Day of leaving"): ("left_on",),
        ("Student Identifiers", "Id assigned by the tool"): (REST,),
    },
    "identity": {
        ("Student Identifiers", "The platform's opaque id of a student, parent or teacher"): (REST,)
    },
    "adult": {
        ("Parent/Guardian Name", "Name (of family members and of staff)"): ("name",),
        ("Parent/Guardian Contact Information", "E-mail address or platform id, as the platform tells it"): (
            "addresses",
        ),
        ("Parent/Guardian Contact Information", "Languages read and spoken, need of an interpreter, zone"): (
            "reads",
            "speaks",
            "needs_interpreter",
            "zone",
        ),
        ("Parent/Guardian ID", "Id assigned by the tool"): (REST,),
    },
    "roster_member": {
        ("Student Name", "Names in the course roster (students, family members, staff)"): ("name",),
        ("Student Contact Information", "E-mail in the course roster, where the platform tells it"): (
            "email",
        ),
        ("Student Identifiers", "The school's own number, where the source tells it"): ("sis_id",),
        ("Enrollment", "Grade level in the course roster"): ("grade",),
        ("Schedule", "Courses and roles in them"): ("context_id", "context_title", "standing", "active"),
        ("Student Identifiers", "The platform's opaque ids in the roster"): (REST,),
    },
    "relationship": {_PARENTS: (REST,)},
    "access_window": {("Other", "Windows in which somebody from outside may read, and why"): (REST,)},
    "rights_transfer": {("Special Indicator", "Whose the rights are once a student is of age"): (REST,)},
    "school_year": {_STAFF: (REST,)},
    "site_choices": {_STAFF: (REST,)},
    "timeline_event": {("Special Indicator", "Specialized education services: the dates of a case"): (REST,)},
    "link_hint": {_PARENTS: (REST,)},
    "guardian_hint": {_PARENTS: (REST,)},
    "roster_feed": {_STAFF: (REST,)},
    "roster_run": {_STAFF: (REST,)},
    "staged_course": {
        ("Student Name", "A course roster as it waits for a decision about its preview"): (REST,)
    },
    "match_doubt": {("Student Identifiers", "Whether two accounts are one person, and who said so"): (REST,)},
    "assignment": {_STAFF: (REST,)},
    "appointment": {_STAFF: (REST,)},
    "goal": {_PLAN: (REST,)},
    "plan_version": {
        ("Special Indicator", "Specialized education services: the plan, version by version"): (REST,)
    },
    "written_notice": {
        ("Special Indicator", "Specialized education services: prior written notices"): (REST,)
    },
    "parent_consent": {
        ("Special Indicator", "Specialized education services: consents and signatures"): (REST,)
    },
    "family_wish": {("Student Survey Responses", "What a family or student hopes for in a year"): (REST,)},
    "plan_comment": {("Communications", "Remarks on the plan, of family and staff"): (REST,)},
    "part_answer": {("Communications", "Answers of parents to parts of a proposed plan"): (REST,)},
    "part_draft": {("Communications", "Unsent words of an author, outside the record"): (REST,)},
    "duty_receipt": {_STAFF: (REST,)},
    "copy_sent": {("Communications", "Copies of papers that went to family members"): (REST,)},
    "data_point": {_OBSERVED: (REST,)},
    "trial_set": {_OBSERVED: (REST,)},
    "trial": {_OBSERVED: (REST,)},
    "home_observation": {("Assessment", "What a family saw at home"): (REST,)},
    "thread": {_WORDS: (REST,)},
    "message": {_WORDS: (REST,)},
    "message_opened": {_WORDS: (REST,)},
    "translation": {_WORDS: (REST,)},
    "translation_request": {_WORDS: (REST,)},
    "draft": {("Communications", "Unsent words of an author, outside the record"): (REST,)},
    "contact": {("Communications", "Log of contacts with families, with a short line"): (REST,)},
    "outbox_item": {("Communications", "Notices without content: recipient, road, outcome"): (REST,)},
    "road_consent": {
        ("Parent/Guardian Contact Information", "Consent to text messages: number, when, how it was given"): (
            REST,
        )
    },
    "kept_reply": {
        ("Communications", "Answers that came by mail, Canvas or text: words while a person has to look"): (
            REST,
        )
    },
    "gradebook_word": {
        ("Communications", "Which neutral word went to which gradebook column, by id"): (REST,)
    },
    "audit_event": {_TRAIL: (REST,)},
    "disclosure": {_TRAIL: (REST,)},
    "record_request": {
        ("Communications", "Requests of a family to see the record: their words, limits, answer"): (REST,)
    },
    "break_glass": {_TRAIL: (REST,)},
    "suspension": {_KEPT: (REST,)},
    "legal_hold": {_KEPT: (REST,)},
    "visit": {_SESSION: (REST,)},
    "grant_state": {_SESSION: (REST,)},
    "install_invite": {_STAFF: (REST,)},
    "api_grant": {
        ("Staff (beside the schedule)", "A teacher's own grant to send from her inbox; tokens encrypted"): (
            REST,
        )
    },
    "google_consent": {
        ("Staff (beside the schedule)", "An adult's consent at Google; its tokens encrypted"): (REST,)
    },
    "google_access": {
        ("Staff (beside the schedule)", "Accounts that a school's service account may act for"): (REST,)
    },
}
"""Every table with personal data; a test fails for one that is missing here."""
