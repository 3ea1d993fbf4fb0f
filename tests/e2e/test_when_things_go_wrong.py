"""Bad input and bad luck as people see them, over the running demonstration: nothing is lost or half done."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from lti_app.demo.supervisor import Demo
from tests.e2e.demo_fixtures import AtDevice, Behind, goal_path, until

Device = Callable[..., AtDevice]


@contextmanager
def locked(demo: Demo) -> Iterator[None]:
    """Hold the write lock of the database, as a backup or a stuck process does."""
    holder = sqlite3.connect(demo.folder.path / "rapport.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        holder.execute("ROLLBACK")
        holder.close()


def test_two_windows_one_draft_nothing_is_overwritten(demo: Demo, behind: Behind, device: Device) -> None:
    """A stale Send shows the other version above one's own words; the second Send sends one's own."""
    path = goal_path("maya", then="/write")
    one, other = device("halloran").launch().go(path), device("halloran").launch().go(path)
    with one.page.expect_response("**/draft") as kept:
        one.tool.locator("textarea[name=went_well]").fill("From the first window.")
    assert 200 == kept.value.status
    other.tool.locator("textarea[name=went_well]").fill("From the second window.")
    other.button("Send").click()
    expect(other.tool.locator("main [role=alert]").first).to_contain_text("changed in another window")
    expect(other.tool.locator("main [role=alert]").first).to_contain_text("From the first window.")
    expect(other.tool.locator("textarea[name=went_well]")).to_have_value("From the second window.")
    other.button("Send").click()
    other.heading("Messages about Maya")
    expect(other.tool.locator(".bubble", has_text="From the second window.")).to_have_count(1)


def test_a_score_outside_the_measure_is_asked_again(demo: Demo, behind: Behind, device: Device) -> None:
    """Nine correct of eight: the numbers stay as typed, the field says why, nothing is stored."""
    before = len(behind.caseload().goals.goal(behind.goal("theo")).history)
    aide = device("halloran", 390).launch().go(goal_path("theo", then="/point"))
    aide.tool.locator("[name=correct]").fill("9")
    aide.tool.locator("[name=trials]").fill("8")
    aide.button("Save").click()
    expect(aide.tool.locator("main [role=alert]")).to_be_visible()
    expect(aide.tool.locator("[aria-invalid=true]")).to_be_focused()
    expect(aide.tool.locator("[name=correct]")).to_have_value("9")
    expect(aide.tool.locator("[name=trials]")).to_have_value("8")
    assert before == len(behind.caseload().goals.goal(behind.goal("theo")).history)
    aide.tool.locator("[name=correct]").fill("7")
    aide.button("Save").click()
    expect(aide.tool.get_by_text("Saved at school.")).to_be_visible()
    assert before + 1 == len(behind.caseload().goals.goal(behind.goal("theo")).history)


def test_a_double_click_sends_once(demo: Demo, behind: Behind, device: Device) -> None:
    """Two quick clicks on Send are one message and one notice."""
    teacher = device("halloran").launch().go(goal_path("callum", then="/write"))
    teacher.button("Send").dblclick()
    teacher.heading("Messages about Callum")
    (entry,) = behind.talk("callum").entries
    assert 1 == len(entry.outbox)


def test_the_network_goes_while_a_parent_writes(demo: Demo, behind: Behind, device: Device) -> None:
    """The words stay in the box with what happened; the same button sends them later, once."""
    behind.write("lucia", "elena", text="She read alone.")
    elena = device("elena", 390).launch()
    box = elena.tool.locator("textarea[name=text]").first
    box.fill("¡Qué alegría!")
    send = elena.tool.locator("form:has(textarea[name=text]) button[type=submit]").first
    elena.context.set_offline(True)
    send.click()
    expect(elena.tool.get_by_role("alert")).to_contain_text("Lo que escribió sigue aquí")
    expect(box).to_have_value("¡Qué alegría!")
    elena.context.set_offline(False)
    elena.button("Intentar otra vez").click()
    expect(elena.tool.locator(".notice.good")).to_be_visible()
    said = [entry for entry in behind.talk("lucia").entries if entry.message.from_family]
    assert 1 == len(said)


def test_a_locked_database_says_try_again_and_loses_nothing(
    demo: Demo, behind: Behind, device: Device
) -> None:
    """While somebody holds the database the screen says so, the words stay; a moment later they are sent."""
    teacher = device("halloran").launch().go(goal_path("bao", then="/write"))
    words = teacher.tool.locator("textarea[name=went_well]")
    words.fill("He poured the cereal alone.")
    with locked(demo):
        teacher.button("Send").click()
        alert = teacher.tool.get_by_role("alert")
        expect(alert).to_be_visible(timeout=30_000)
        expect(words).to_have_value("He poured the cereal alone.")
    assert () == behind.talk("bao").entries
    alert.get_by_role("button", name="Try again").click()
    teacher.heading("Messages about Bao")
    (entry,) = behind.talk("bao").entries
    assert "He poured the cereal alone." in str(entry.message.parts)


def test_a_locked_database_under_the_taps(demo: Demo, behind: Behind, device: Device) -> None:
    """Taps made while the database is held wait on the page and are saved when it is free."""
    before = len(behind.points("ivo", "words"))
    teacher = device("halloran", 820).launch().go("/app/record")
    row = teacher.tool.get_by_role("group", name="Ivo", exact=True)
    with locked(demo):
        for _ in range(3):
            row.get_by_role("button", name="Correct", exact=True).click()
        expect(teacher.tool.locator("#saved")).not_to_have_text("Saved at school")
    expect(teacher.tool.locator("#saved")).to_have_text("Saved at school", timeout=30_000)
    teacher.button("End session").click()
    teacher.heading("Session ended")
    until(lambda: len(behind.points("ivo", "words")) == before + 1, "one point of three tries")


def test_reload_back_and_forward_in_the_frame(demo: Demo, device: Device) -> None:
    """The session comes back under a fresh token; the history leads through the screens."""
    teacher = device("halloran", 820).launch()
    teacher.link("Record").click()
    teacher.heading("Reading common words")
    teacher.frame.evaluate("location.reload()")
    teacher.heading("Reading common words")
    teacher.frame.evaluate("history.back()")
    expect(teacher.tool.locator("h1")).to_contain_text("Priya Halloran")
    teacher.frame.evaluate("history.forward()")
    teacher.heading("Reading common words")


def test_two_tabs_two_people_stay_two(demo: Demo, device: Device) -> None:
    """A teacher and a mother in one browser, two tabs: after a reload each is still who they were."""
    teacher = device("halloran").launch()
    mother = AtDevice(demo, "elena", teacher.context).launch()
    for person in (teacher, mother):
        person.frame.evaluate("location.reload()")
    expect(teacher.tool.locator("h1")).to_contain_text("Priya Halloran")
    expect(mother.tool.locator("h1")).to_have_text("Lucía")


def test_a_hostile_page_of_the_same_lms_gets_no_session(demo: Demo, device: Device) -> None:
    """A pupil's page that frames our addresses, in the browser of a teacher with an open session."""
    teacher = device("halloran").launch()
    page = teacher.context.new_page()
    page.goto(f"{demo.lms_url}/hostile?as=juno")
    for name, heading in (
        ("hostile_root", "There is nothing here for you"),
        ("hostile_today", "Please open this again"),
    ):
        frame = page.frame_locator(f"[name={name}]")
        expect(frame.locator("h1")).to_have_text(heading)
        expect(frame.locator("body")).not_to_contain_text("Halloran")
    expect(teacher.tool.locator("h1")).to_contain_text("Priya Halloran")


@pytest.mark.parametrize("key", ["ned", "maya"])
def test_nobody_to_show_anything_to(demo: Demo, device: Device, key: str) -> None:
    """An observer without a confirmed child, and a pupil: the same quiet page that leads nowhere."""
    person = device(key, 390)
    person.page.goto(person.lms_page("/courses/101", bare=True))
    expect(person.tool.locator("h1")).to_have_text("Nothing to open here")
    expect(person.tool.locator("a, button, input")).to_have_count(0)


def test_the_keyboard_alone_records_and_writes(demo: Demo, behind: Behind, device: Device) -> None:
    """Tab, arrows, letters, Enter and Space: a session of tries and a note, without a pointer."""
    teacher = device("halloran").launch()
    press = teacher.page.keyboard.press

    def reach(what: str, limit: int = 80) -> None:
        for _ in range(limit):
            if teacher.frame.evaluate("what => !!document.activeElement?.matches(what)", what):
                return
            press("Tab")
        raise AssertionError(f"the keyboard does not reach {what}")

    before = len(behind.points("ivo", "words"))
    teacher.tool.locator("h1").first.focus()
    reach("main a[href='/app/record']")
    press("Enter")
    teacher.heading("Reading common words")
    expect(teacher.tool.locator("[data-tap=correct]").first).to_have_attribute("type", "button")
    press("ArrowDown")
    for key in ("1", "1", "3", "u"):
        press(key)
    expect(teacher.tool.locator("#saved")).to_have_text("Saved at school")
    reach("button[form=end]")
    press("Enter")
    teacher.heading("Session ended")
    assert before + 1 == len(behind.points("ivo", "words"))

    teacher.go(goal_path("devin"))
    teacher.tool.locator("h1").first.focus()
    reach(f"a[href='{goal_path('devin', then='/write')}']")
    press("Enter")
    teacher.heading("Write to the family of Devin")
    reach("[name=keep]")
    press("Space")
    expect(teacher.tool.locator("[name=keep]").first).not_to_be_checked()
    reach("textarea[name=went_well]")
    teacher.page.keyboard.type("He laid the table.")
    reach(".send-bar button")
    press("Enter")
    teacher.heading("Messages about Devin")
    expect(teacher.tool.locator(".bubble")).to_contain_text("He laid the table.")
