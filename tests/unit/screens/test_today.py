"""Today, as people of the fictional school see it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from iepcore.caseload import Letter
from iepcore.family import HomeAnswer
from iepcore.ids import AssignmentId, OutboxId, RelationshipId, StudentId, new_uuid7
from iepcore.language import FreeText
from iepcore.notices import OutboxItem, OutboxState
from iepcore.people import SiteRole
from iepcore.progress import FindingWord
from tests.unit.screens.conftest import House


def page_of(house: House, as_: str, path: str = "/app/today", lang: str | None = None) -> str:
    """Return a screen's HTML, which must have come out well."""
    answer = house.get(path, as_=as_, lang=lang)
    assert 200 == answer.status_code
    return answer.get_data(as_text=True)


def words_of(html: str) -> str:
    """Return what stands on a page, without marks and with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def rows_of(html: str) -> list[str]:
    """Return the names of the children listed under my students, in order."""
    students = html[html.index('id="students"') :]
    return re.findall(r'<a href="/app/c/[0-9a-f-]+"><bdi>([^<]+)</bdi></a>', students)


def stuck_note(
    house: House, child: str, reader: str, state: OutboxState, reason: str, *, on_goal: bool = False
) -> OutboxItem:
    """Send a note and leave its notice in a state, as the worker would have."""
    sent = house.caseload("halloran").writing.send(
        house.student(child),
        house.goal(child) if on_goal else None,
        Letter(
            parts=(FreeText(text="A good week.", lang="en"),), recipient_ids=frozenset({house.adult(reader)})
        ),
        house.key(),
    )
    item = sent.items[0]
    moved = replace(item, state=state, reason=reason, version=item.version + 1)
    with house.wired.store(house.wired.doors.sites()[0].id).write() as uow:
        uow.outbox.save(moved)
    return moved


def test_it_greets_with_the_day_and_one_calm_sentence(house: House) -> None:
    """Who waits and whom to look at, in words."""
    behind = house.caseload("halloran").today.page()
    look = sum(row.first is not None and row.first.finding.review_suggested for row in behind.children)
    said = words_of(page_of(house, "halloran"))
    assert "Good morning, Priya Halloran" in said
    assert "Monday, 23 November 2026. 1 family is waiting for an answer;" in said
    assert f"{look} children have four scores in a row short of the line." in said


@pytest.mark.parametrize(
    ("hours", "greeting"), [(0, "Good morning"), (2, "Good afternoon"), (7, "Good evening")]
)
def test_the_greeting_follows_the_clock_on_the_school_s_wall(house: House, hours: int, greeting: str) -> None:
    """Half past ten, half past twelve, half past five."""
    house.clock.forward(hours=hours)
    house.tokens.clear()
    assert greeting in page_of(house, "halloran")


def test_the_child_that_needs_a_look_stands_first_with_number_and_word(house: House) -> None:
    """The fixed word, the number beside what was expected, a small line; the row leads to the child."""
    html = page_of(house, "halloran")
    assert "Callum" == rows_of(html)[0]
    students = html[html.index('id="students"') :]
    first = students[students.index("<bdi>Callum</bdi>") :].split("</li>")[0]
    assert "Calling out in class: 12 times, expected 9.5" in words_of(first)
    assert "Not yet" in words_of(first)
    assert '<svg class="spark not-yet"' in first
    assert "Team may look" in first


def test_eight_children_stand_first_and_all_are_one_link_away(house: House) -> None:
    """Twenty-four rows would bury what waits."""
    html = page_of(house, "halloran")
    assert 8 == len(rows_of(html))
    assert "Show 16 more" in words_of(html)
    assert 24 == len(rows_of(page_of(house, "halloran", "/app/today?show=all")))


def test_the_list_can_be_looked_at_by_status(house: House) -> None:
    """Each way is a link with its count; the one taken is marked and has the focus."""
    html = page_of(house, "halloran", "/app/today?show=not_yet")
    behind = house.caseload("halloran").today.page().children
    not_yet = [row for row in behind if row.first and row.first.finding.word is FindingWord.NOT_YET]
    assert [row.student.preferred_name for row in not_yet] == rows_of(html)
    assert "Callum" in rows_of(html)
    chosen = re.findall(r'<a href="([^"]+)" aria-current="true" autofocus>', html)
    assert ["/app/today?show=not_yet"] == chosen
    assert html.index('id="students"') < html.index("Waiting for you")


def test_a_status_nobody_has_shows_nobody(house: House) -> None:
    """An old link or a typing error is no error."""
    html = page_of(house, "halloran", "/app/today?show=no%22such")
    assert [] == rows_of(html)
    assert "No student stands here today." in html


def test_a_child_without_goals_teaches_what_to_do(house: House) -> None:
    """No pill, no line: one sentence."""
    html = page_of(house, "halloran", "/app/today?show=no_goal")
    assert 5 == len(rows_of(html))
    assert 5 == html.count("No goal yet. Add one, and its line starts here.")


def test_family_words_stand_in_their_own_language_with_a_badge(house: House) -> None:
    """Nothing passes for translated."""
    house.caseload("farid").conversation.reply(
        house.student("parwana"),
        house.goal("parwana"),
        FreeText(text="او بسیار خوشحال است.", lang="prs"),
        house.key(),
    )
    html = page_of(house, "halloran")
    assert '<bdi lang="prs" dir="rtl">او بسیار خوشحال است.</bdi>' in html
    assert '<span class="badge">Dari</span>' in html
    assert f'href="/app/g/{house.goal("parwana")}/talk"' in html
    assert f'href="/app/g/{house.goal("parwana")}/write?to=' in html
    assert "2 families are waiting for an answer" in html


def test_words_about_the_child_in_general_lead_to_the_general_conversation(house: House) -> None:
    """A note without a goal is answered without one."""
    house.caseload("elena").conversation.reply(
        house.student("lucia"), None, FreeText(text="Gracias.", lang="es"), house.key()
    )
    house.clock.forward(days=3)
    house.tokens.clear()
    html = page_of(house, "halloran")
    assert f'href="/app/c/{house.student("lucia")}/talk"' in html
    assert "3 days ago" in html


def test_what_was_seen_at_home_stands_for_a_week(house: House) -> None:
    """With the words of the family as written."""
    elena = house.caseload("elena").conversation
    elena.observe(house.goal("lucia"), HomeAnswer.WITH_HELP, house.key())
    elena.observe(
        house.goal("lucia"), HomeAnswer.YES_ALONE, house.key(), words=FreeText(text="Leyó sola.", lang="es")
    )
    said = page_of(house, "halloran")
    assert "Yes, with help" in said
    assert '<q lang="es" dir="ltr">Leyó sola.</q>' in said
    house.clock.forward(days=8)
    house.tokens.clear()
    assert "Leyó sola." not in page_of(house, "halloran")


def test_more_than_five_home_observations_are_folded(house: House) -> None:
    """Nothing is lost, nothing is endless."""
    for _ in range(7):
        house.caseload("elena").conversation.observe(house.goal("lucia"), HomeAnswer.YES_ALONE, house.key())
    assert "2 more" in words_of(page_of(house, "halloran"))


def test_all_that_waits_for_canvas_is_one_line_with_one_button(house: House) -> None:
    """State, reason in words, the next action."""
    stuck_note(house, "maya", "dana", OutboxState.WAITING, "connect_canvas")
    stuck_note(house, "lucia", "elena", OutboxState.WAITING, "connect_canvas")
    html = page_of(house, "halloran")
    assert "2 notices are waiting" in words_of(html)
    assert "Connect your Canvas account." in html
    assert 1 == html.count('data-popup="/app/canvas"')


def test_an_unknown_notice_is_looked_at_first_and_sent_again_by_a_person(house: House) -> None:
    """Nothing is resent on its own; a double tap is refused, not doubled."""
    item = stuck_note(house, "maya", "dana", OutboxState.UNKNOWN, "worker_vanished")
    html = page_of(house, "halloran")
    assert "To Dana Ortega-Lind about Maya" in words_of(html)
    assert "Sending stopped midway." in html
    answer = house.post("/app/today/again", {"item": str(item.id)}, as_="halloran")
    assert ("/app/today", "notice_queued") == (
        answer.headers["Rapport-Goto"],
        answer.headers["Rapport-Said"],
    )
    assert "The notice is queued again." in page_of(house, "halloran", "/app/today?said=notice_queued")
    assert 409 == house.post("/app/today/again", {"item": str(item.id)}, as_="halloran").status_code


def test_sending_again_what_is_not_there_changes_nothing(house: House) -> None:
    """No id, a wrong one, somebody else's."""
    item = stuck_note(house, "lucia", "elena", OutboxState.UNKNOWN, "no_answer")
    assert 422 == house.post("/app/today/again", {}, as_="halloran").status_code
    other = OutboxId(house.key())
    assert 404 == house.post("/app/today/again", {"item": str(other)}, as_="halloran").status_code
    assert 404 == house.post("/app/today/again", {"item": str(item.id)}, as_="moss").status_code


def test_a_stopped_notice_says_why_for_two_weeks(house: House) -> None:
    """Then the conversation alone keeps it; Today is about today."""
    stuck_note(house, "maya", "dana", OutboxState.HELD, "records_right_revoked")
    assert "right to see the record has ended. Nothing was sent." in page_of(house, "halloran")
    house.clock.forward(days=15)
    house.tokens.clear()
    assert "Nothing was sent." not in page_of(house, "halloran")


def test_a_reason_nobody_wrote_a_sentence_for_still_has_words(house: House) -> None:
    """Another system's new code is no blank page."""
    stuck_note(house, "maya", "dana", OutboxState.REFUSED, "flux_capacitor", on_goal=True)
    html = page_of(house, "halloran")
    notices = html[html.index("Notices that need a look") :]
    assert f'href="/app/g/{house.goal("maya")}/talk"' in notices
    assert "Not accepted" in html
    assert "flux" not in html


def test_families_not_heard_are_few_at_a_time(house: House) -> None:
    """Four, the others folded; the language stands beside the name when it is another one."""
    house.clock.forward(days=60)
    house.tokens.clear()
    html = page_of(house, "halloran")
    quiet = html[html.index("Families not heard") :]
    behind = house.caseload("halloran").today.page().quiet
    assert f"{len(behind) - 4} more families" in words_of(quiet)
    assert '<span class="badge">Dari</span>' in quiet
    assert f'href="/app/c/{behind[0].student.id}/write"' in quiet


def test_a_family_heard_long_ago_is_counted_in_days(house: House) -> None:
    """Dana wrote yesterday; in a while that is long ago."""
    house.clock.forward(days=40)
    house.tokens.clear()
    behind = house.caseload("halloran").today.page().quiet
    days = next(row.days for row in behind if row.student.preferred_name == "Maya")
    html = page_of(house, "halloran")
    assert f"{days} days without a word back" in html[html.index('<bdi>Maya</bdi> <span class="about">') :]


def test_a_family_that_never_wrote_is_said_plainly(house: House) -> None:
    """Never is not a number of days."""
    with house.wired.store(house.wired.doors.sites()[0].id).write() as uow:
        maya = uow.people.student(house.student("maya"))
        held = uow.people.relationships_of_student(house.student("maya"))[0]
        places = uow.people.assignments_of_student(house.student("maya"))
        place = next(one for one in places if one.adult_id == house.adult("halloran"))
        assert maya is not None
        twin = replace(maya, id=StudentId(new_uuid7()), preferred_name="Wren")
        uow.people.add_student(twin)
        uow.people.add_relationship(replace(held, id=RelationshipId(new_uuid7()), student_id=twin.id))
        uow.people.add_assignment(replace(place, id=AssignmentId(new_uuid7()), student_id=twin.id))
    assert "No word since the record was opened" in page_of(house, "halloran")


def test_an_aide_sees_her_children_and_nothing_of_the_families(house: House) -> None:
    """Deny by default: no family words, no home, no notices; recording is hers."""
    html = page_of(house, "moss")
    assert {"Callum", "Theo", "Ivo", "Maya", "Tess"} == set(rows_of(html))
    assert ">Record<" in html
    for absent in ("Waiting for you", "Seen at home", "Families not heard", "Add a child", "Staff"):
        assert absent not in html
    assert "She liked the echo reading" not in html


def test_a_day_with_nothing_waiting_says_so(house: House) -> None:
    """A teacher whose only child is on her way gets a quiet sentence."""
    places = house.caseload("hart").today.page().children
    for row in places:
        if row.student.preferred_name != "Tess":
            team = house.caseload("halloran").people.team(row.student.id).rows
            place = next(one.assignment.id for one in team if one.adult.id == house.adult("hart"))
            house.caseload("halloran").people.end_place(row.student.id, place)
    html = page_of(house, "hart")
    assert "Monday, 23 November 2026. Nobody is waiting for you." in words_of(html)
    assert "choices" not in html


def test_flagged_scores_are_said_when_nobody_waits(house: House) -> None:
    """An aide hears of the scores, never of the families."""
    assert "Monday, 23 November 2026. 1 child has four scores in a row short" in words_of(
        page_of(house, "moss")
    )


def test_a_family_that_waits_is_said_alone_when_no_score_is_flagged(house: House) -> None:
    """One child, one question."""
    for row in house.caseload("halloran").today.page().children:
        if row.student.preferred_name != "Maya":
            with house.wired.store(house.wired.doors.sites()[0].id).write() as uow:
                student = uow.people.student(row.student.id)
                assert student is not None
                uow.people.save_student(
                    replace(student, left_on=date(2026, 11, 20), version=student.version + 1)
                )
    assert "Monday, 23 November 2026. 1 family is waiting for an answer." in words_of(
        page_of(house, "halloran")
    )


def test_a_records_officer_without_children_is_shown_her_part(house: House) -> None:
    """Staff, and no child."""
    html = page_of(house, "ames")
    assert "Name the people who may open records" in html
    assert 'href="/app/staff"' in html
    assert "My students" not in html


def test_an_interpreter_sees_what_is_asked_of_them(house: House) -> None:
    """Nothing yet, then one text with its count."""
    assert "No text is waiting" in page_of(house, "karimi")
    message = house.caseload("farid").conversation.reply(
        house.student("parwana"), house.goal("parwana"), FreeText(text="سلام", lang="prs"), house.key()
    )
    house.caseload("halloran").interpreting.ask(message.id, 0, "en", house.adult("karimi"))
    html = page_of(house, "karimi")
    assert "1 text is waiting for you" in html
    assert 'href="/app/tasks"' in html
    assert "سلام" not in html


def test_somebody_on_no_team_learns_who_can_change_that(house: House) -> None:
    """Honest: a class list opens nothing."""
    html = page_of(house, "pell")
    assert "Nobody has put you on a team yet" in html
    assert "A records officer or case manager can." in html


def test_a_case_manager_without_children_begins_with_one(house: House) -> None:
    """The empty page teaches."""
    house.caseload("ames").staff.appoint(house.adult("pell"), SiteRole.CASE_MANAGER)
    html = page_of(house, "pell")
    assert "Add your first child" in html
    assert 'href="/app/add"' in html


def test_numbers_and_days_follow_the_reader_s_language(house: House) -> None:
    """Domain words and formats are Spanish for a Spanish reader."""
    html = page_of(house, "halloran", lang="es")
    assert "23 de noviembre de 2026" in html
    assert "12 veces" in html
    assert ">lunes" not in html


def test_a_parent_has_no_today(house: House) -> None:
    """A family's session lists no child here: not even an own one."""
    html = house.get("/app/today", as_="dana").get_data(as_text=True)
    assert "Maya" not in html


def test_one_list_event_a_child_and_day(house: House) -> None:
    """Looking twice leaves one line in the trail for each child."""
    page_of(house, "moss")
    page_of(house, "moss")
    with house.wired.store(house.wired.doors.sites()[0].id).read() as uow:
        events = [one for one in uow.audit.of_student(house.student("maya")) if one.what == "today"]
    assert 1 == len(events)
