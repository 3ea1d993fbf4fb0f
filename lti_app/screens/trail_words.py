"""Plain words for a row of the trail: what was done, to what, by whom and by which rule."""

from __future__ import annotations

from iepcore.access import AuditEvent, AuditKind
from iepcore.access.decide import BREAK_GLASS
from iepcore.caseload.desk import MASQUERADE
from lti_app.screens.choices import plain
from lti_app.screens.page import Frame

ROLES = (
    *("case_manager", "special_ed_teacher", "gen_ed_teacher", "related_service_provider"),
    *("paraprofessional", "substitute", "administrator", "records_officer", "interpreter"),
)

_CODES = {
    "an_opening_with_a_reason": "break_glass open_with_reason opening close_opening told",
    "who_has_seen_the_record": "note_disclosure disclosures seen",
    "a_request_to_see_the_record": (
        "record_requests file_record note_record plan_record agree_record answer_record "
        "end_record withdraw_record"
    ),
    "an_erased_record": "trail_blanked disclosures_blanked data_erase",
    "the_beginning_of_the_chain": "trail_begun",
    "this_trail": "trail audit",
    "a_file_of_records": "data_ backup",
    "a_transfer": "transfer note_transfer",
    "a_consent": "consent sign ask_consent",
    "the_familys_wish": "wish ask_wish",
    "duties_under_the_plan": "duties",
    "the_plan": "plan answer_plan family_plan",
    "the_school_calendar": "calendar school_calendar",
    "dates": "dates note_date birthday note_birthday",
    "the_schools_choices": "site_choices",
    "what_leaves_the_school": "sending outbox stop_notice release_notice send_again",
    "class_lists": (
        "roster bring_rosters connect_rosters settle match accept_rosters update_rosters stop_rosters decline"
    ),
    "a_goal": "goal add_goal numbers change_form note_change withdraw_change",
    "scores": "tap set point record start_set end_set close_idle clock",
    "words_with_the_family": "send compose draft conversation reply contact texting note_texting",
    "an_answer_that_came_in": "unmatched attach pass_answer set_answer take_back put_back",
    "a_translation": "translate interpret ask_interpreter decline",
    "adults_and_their_rights": (
        "confirm_parent rights set_rights end_relationship put_back_relationship family "
        "let_student close_window open_window"
    ),
    "the_team": "team add_to_team end_place",
    "staff_and_their_roles": "staff_list appoint name_first disable enable disabled",
    "a_legal_hold": "place_legal lift_legal legal_holds",
    "the_connection_to_the_lms": "platform keys token launch gradebook",
    "the_familys_page": "my_child my_children observe",
    "the_record": "today student open_child open_children set_up",
}
"""What is looked at or changed, and the codes (or their beginnings) that stand for it in the trail."""
_THING_OF = {code: thing for thing, codes in _CODES.items() for code in codes.split()}


def kind_words(frame: Frame, kind: AuditKind) -> str:
    """Return what sort of act a row tells of."""
    return {
        AuditKind.READ: frame.words("Looked at"),
        AuditKind.LIST: frame.words("Saw in a list"),
        AuditKind.WRITE: frame.words("Wrote or changed"),
        AuditKind.REFUSED: frame.words("Was refused"),
    }[kind]


def thing_words(frame: Frame, what: str) -> str:
    """Return what was looked at or changed; the code itself where nobody wrote words for it."""
    words = {
        "an_opening_with_a_reason": frame.words("an opening with a reason"),
        "who_has_seen_the_record": frame.words("who has seen the record"),
        "a_request_to_see_the_record": frame.words("a request to see the record"),
        "an_erased_record": frame.words("an erased record"),
        "the_beginning_of_the_chain": frame.words("the beginning of the chain"),
        "this_trail": frame.words("this trail"),
        "a_file_of_records": frame.words("a file of records"),
        "a_transfer": frame.words("a transfer"),
        "a_consent": frame.words("a consent"),
        "the_familys_wish": frame.words("the family’s wish"),
        "duties_under_the_plan": frame.words("duties under the plan"),
        "the_plan": frame.words("the plan"),
        "the_school_calendar": frame.words("the school calendar"),
        "dates": frame.words("dates"),
        "the_schools_choices": frame.words("the school’s choices"),
        "what_leaves_the_school": frame.words("what leaves the school"),
        "class_lists": frame.words("class lists"),
        "a_goal": frame.words("a goal"),
        "scores": frame.words("scores"),
        "words_with_the_family": frame.words("words with the family"),
        "an_answer_that_came_in": frame.words("an answer that came in"),
        "a_translation": frame.words("a translation"),
        "adults_and_their_rights": frame.words("adults and their rights"),
        "the_team": frame.words("the team"),
        "staff_and_their_roles": frame.words("staff and their roles"),
        "a_legal_hold": frame.words("a legal hold"),
        "the_connection_to_the_lms": frame.words("the connection to the LMS"),
        "the_familys_page": frame.words("the family’s page"),
        "the_record": frame.words("the record"),
    }
    fits = [(len(begin), thing) for begin, thing in _THING_OF.items() if what.startswith(begin)]
    return words[max(fits)[1]] if fits else what


def reason_words(frame: Frame, event: AuditEvent) -> str:
    """Return by what standing it was done, or why it was refused."""
    if event.job is not None and event.actor_id is None:
        return frame.words("by itself")
    if event.reason == BREAK_GLASS:
        return frame.words("opened with a reason")
    if event.reason in ROLES:
        return plain(frame, f"role.{event.reason}")
    if event.reason.startswith("site_") and event.reason.removeprefix("site_") in ROLES:
        return plain(frame, f"role.{event.reason.removeprefix('site_')}")
    is_family = event.reason.startswith(("parent_", "adult_student", "student"))
    if is_family and event.kind is not AuditKind.REFUSED:
        return frame.words("family")
    return event.reason.replace("_", " ")


def actor_words(frame: Frame, event: AuditEvent, name: str) -> str:
    """Return who did it: a name, a job of the product, or an administrator under somebody's face."""
    if event.job == MASQUERADE:
        return frame.words("Somebody acting as %(name)s", name=name or "?")
    if event.job is not None:
        return frame.words("The program (%(job)s)", job=event.job)
    return name or frame.words("Somebody who is not listed any more")
