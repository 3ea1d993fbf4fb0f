"""The table of the domain guide, section 4, in its own words, typed by hand."""

from __future__ import annotations

from iepcore.access import Party as P

GUIDE_ROWS = {
    P.CASE_MANAGER: ("Case manager", "RW RW RW R RW RW RW_own_threads Rw R r"),
    P.SPECIAL_ED_TEACHER: ("Special-ed teacher", "RW RW RW RW_own RW RW RW_own r R -"),
    P.GEN_ED_TEACHER: ("Gen-ed teacher", "R R w_assigned_goals - r RW RW_own r_classroom_fields - -"),
    P.RELATED_SERVICE_PROVIDER: (
        "Related service provider",
        "Rw_own_area RW_own RW_own RW_own RW RW RW_own r RW_own -",
    ),
    P.PARAPROFESSIONAL: (
        "Paraprofessional",
        "R R w_delegated w_delegated - r -_unless_school_allows r_classroom_fields - -",
    ),
    P.SUBSTITUTE: ("Substitute", "r_duties_page r w w private_note_of_replaced_maker r - - - -"),
    P.ADMINISTRATOR: (
        "Administrator / LEA rep",
        "R R R R r_team_notes R r_on_documented_reason r R R",
    ),
    P.RECORDS_OFFICER: ("Records officer", "R R R R r_for_a_request R r_for_a_request r R R"),
    P.PARENT_RECORDS_AND_DECISIONS: (
        "Parent, records + decisions",
        "R_w_comments R R R_own_child -_(released_on_inspection) R_w RW_own_threads RW_own_household R"
        " r_own_child's_disclosures",
    ),
    P.PARENT_RECORDS_ONLY: ("Parent, records only", "R R R R - R RW_own_threads RW_own_household R r"),
    P.PARENT_NO_RECORDS: ("Parent, rights revoked", "- - - - - - general_notices_only - - -"),
    P.PARENT_AFTER_TRANSFER: (
        "Parent after transfer of rights",
        "notices;_-_rest - - - - - RW_if_student_agrees own - -",
    ),
    P.ADULT_STUDENT: (
        "Adult student",
        "R_w_comments,_signs R R R -_(on_inspection) R_w RW_own RW_own R r",
    ),
    P.STUDENT: (
        "Student (minor)",
        "r_if_school_and_parent_enable r r_own_charts - - r w_to_staff_if_enabled w_own_voice - -",
    ),
    P.INTERPRETER: (
        "Interpreter",
        "r_meeting_papers,_meeting_window - - - - - r_the_one_message_to_translate - - -",
    ),
    P.OUTSIDE_PARTY: ("Advocate, outside agency", "r_what_consent_lists r - - - - - - - -"),
    P.GUEST: ("Guest (other family, volunteer)", "- - - - - - - - - -"),
}
"""The guide's own words, cell by cell, typed by hand; an underscore stands for a space."""
