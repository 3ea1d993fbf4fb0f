"""The numbers a state or district may set and the questions counsel answers, in words."""

from __future__ import annotations

from iepcore.calendars import CounselQuestion, PolicyKey
from lti_app.screens.page import Frame


def key_words(frame: Frame, key: PolicyKey) -> str:
    """Return what a number is about."""
    words = {
        PolicyKey.ANNUAL_REVIEW: frame.words("Annual review, after the last review meeting"),
        PolicyKey.REEVALUATION: frame.words("Reevaluation, after the last evaluation"),
        PolicyKey.INITIAL_EVALUATION: frame.words("First evaluation, after consent is received"),
        PolicyKey.INITIAL_MEETING: frame.words("First plan meeting, after the eligibility decision"),
        PolicyKey.SERVICES_START_WARNING: frame.words("Show a missing start of services after"),
        PolicyKey.MEETING_NOTICE: frame.words("Meeting notice, before the meeting"),
        PolicyKey.DOCUMENTS_BEFORE: frame.words("Papers to the family, before the meeting"),
        PolicyKey.DOCUMENTS_AFTER: frame.words("Finished plan to the family, after the meeting"),
        PolicyKey.PRIOR_WRITTEN_NOTICE: frame.words("Prior written notice, before a change takes effect"),
        PolicyKey.RESPONSE_TO_PLAN: frame.words("The family’s time to answer a proposed plan"),
        PolicyKey.RECORD_REQUEST: frame.words("Request to see the record"),
        PolicyKey.SURROGATE: frame.words("A surrogate parent, after the need is known"),
        PolicyKey.TRANSITION_AGE: frame.words("Age for transition in the plan"),
        PolicyKey.AGE_OF_MAJORITY: frame.words("Age of majority"),
        PolicyKey.TRANSFER_STATEMENT: frame.words("Statement about rights, before the age of majority"),
        PolicyKey.MEETING_REQUEST_RESPONSE: frame.words("Answer to a request for a meeting"),
        PolicyKey.SECTION_504_REEVALUATION: frame.words("Reevaluation under section 504"),
        PolicyKey.RETENTION: frame.words("Keeping of records, after leaving"),
        PolicyKey.ATTEMPTS: frame.words("Attempts to reach parents before a meeting without them"),
        PolicyKey.ATTEMPT_METHODS: frame.words("Different ways among these attempts"),
    }
    return words[key]


def question_words(frame: Frame, question: CounselQuestion) -> tuple[str, str]:
    """Return a question for counsel and why it is open."""
    words = {
        CounselQuestion.LEAP_BIRTHDAY: (
            frame.words("When does somebody born on 29 February come of age in a year without that day?"),
            frame.words("Federal law does not say. States differ, and rights move on that day."),
        ),
        CounselQuestion.PRIVATE_NOTES: (
            frame.words("Does a private note kept in this tool stay its maker’s own?"),
            frame.words("A note on a server may count as kept by the school. Then it is part of the record."),
        ),
        CounselQuestion.RIGHTS_GAP: (
            frame.words("Who signs between 18 and the state’s age of majority?"),
            frame.words("At 18 the record is the student’s, while decisions may still be the parents’."),
        ),
        CounselQuestion.STATE_NUMBERS: (
            frame.words("Has somebody checked the numbers of the state?"),
            frame.words("They were looked up in November 2026. A state may have changed its rule since."),
        ),
        CounselQuestion.SESSION_LOGS: (
            frame.words("Do families see service logs without asking?"),
            frame.words("Parents may inspect them at any time. Showing them at once saves a request."),
        ),
        CounselQuestion.INTERPRETERS: (
            frame.words("May a family bring its own interpreter?"),
            frame.words("Federal guidance of 2015 was withdrawn in 2025. The duty to be understood stays."),
        ),
        CounselQuestion.ED_FI: (
            frame.words("Read and write plans in the Ed-Fi form?"),
            frame.words("Its special education part is early access and may change."),
        ),
    }
    return words[question]


def answer_words(frame: Frame, question: CounselQuestion, answer: str) -> str:
    """Return one answer to a question."""
    words = {
        (CounselQuestion.LEAP_BIRTHDAY, "feb28"): frame.words("On 28 February"),
        (CounselQuestion.LEAP_BIRTHDAY, "mar1"): frame.words("On 1 March"),
        (CounselQuestion.PRIVATE_NOTES, "part_of_record"): frame.words(
            "Treat it as part of the record: it may have to be shown"
        ),
        (CounselQuestion.PRIVATE_NOTES, "sole_possession"): frame.words("It is the maker’s own"),
        (CounselQuestion.RIGHTS_GAP, "both_read_parent_signs"): frame.words(
            "Both may read; a parent signs the plan; both sign for papers to outsiders"
        ),
        (CounselQuestion.RIGHTS_GAP, "student_signs"): frame.words("The student signs everything"),
        (CounselQuestion.STATE_NUMBERS, "not_reviewed"): frame.words("Not yet"),
        (CounselQuestion.STATE_NUMBERS, "reviewed"): frame.words("Yes, each with its source"),
        (CounselQuestion.SESSION_LOGS, "family_sees"): frame.words("Yes"),
        (CounselQuestion.SESSION_LOGS, "on_request"): frame.words("Only when they ask"),
        (CounselQuestion.INTERPRETERS, "qualified_only"): frame.words("Only trained interpreters"),
        (CounselQuestion.INTERPRETERS, "family_choice_noted"): frame.words(
            "The family may choose; the choice is written down"
        ),
        (CounselQuestion.ED_FI, "off"): frame.words("No"),
        (CounselQuestion.ED_FI, "on"): frame.words("Yes"),
    }
    return words[question, answer]
