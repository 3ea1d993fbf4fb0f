"""The main loop as its people live it: in the frame of the practice LMS, over the running demonstration.

The browser refuses third-party cookies (see conftest). Each width has a demonstration of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from iepcore.notices import OutboxState
from iepcore.progress import PercentReading
from lti_app.demo.supervisor import Demo
from tests.e2e.demo_fixtures import (
    AtDevice,
    Behind,
    child_path,
    goal_path,
    running_demo,
    until,
)

Device = Callable[..., AtDevice]

GROUP = ("Ivo", "Maya", "Tess", "Theo")
RESULTS = ("Correct", "Correct", "Prompted", "Correct", "Incorrect")


@pytest.fixture(scope="module", params=[390, 820, 1366])
def width(request: pytest.FixtureRequest) -> int:
    """A phone, a tablet, a Chromebook."""
    return int(request.param)


@pytest.fixture(scope="module")
def demo(width: int, tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Demo]:
    """One demonstration for each width."""
    with running_demo(tmp_path_factory.mktemp(f"demo{width}") / "demo") as running:
        yield running


def switch(stage: Page, name: str, says: str) -> None:
    """Throw the school's switch on the stage."""
    stage.get_by_role("button", name=name).click()
    expect(stage.locator("#server")).to_have_text(f"School's server: {says}", timeout=20_000)


def choice(person: AtDevice, child: str, result: str) -> Locator:
    """Return the button of one result of one child."""
    return person.tool.get_by_role("group", name=child, exact=True).get_by_role(
        "button", name=result, exact=True
    )


def test_teacher_records_twenty_tries_through_a_power_cut(
    demo: Demo, behind: Behind, device: Device, page_at: Callable[..., Page], width: int
) -> None:
    """Course page, Today, group of four: ten taps, the server is killed, ten more: 20 stand."""
    stage = page_at(1366)
    stage.goto(f"{demo.lms_url}/stage")
    teacher = device("halloran", width).launch(bare=False)
    teacher.heading(re.compile("Priya Halloran"))
    before = {name: len(behind.points(name.lower(), "words")) for name in GROUP}

    teacher.tap(teacher.link("Record"))
    teacher.heading("Reading common words")
    for number, result in enumerate(RESULTS):
        for place, child in enumerate(GROUP):
            if (number, place) == (2, 2):
                switch(stage, "Stop the school's server", "stopped")
            teacher.tap(choice(teacher, child, result))
    expect(teacher.tool.locator("#saved")).to_contain_text("taps kept on this page")
    switch(stage, "Start it again", "running")
    expect(teacher.tool.locator("#saved")).to_have_text("Saved at school", timeout=20_000)
    teacher.tap(teacher.button("End session"))
    teacher.heading("Session ended")

    assert 22 == teacher.taps
    for child in GROUP:
        made = behind.points(child.lower(), "words")[before[child] :]
        assert [PercentReading(correct=3, trials=5)] == [
            point.reading for point in made if isinstance(point.reading, PercentReading)
        ]
    expect(teacher.tool.get_by_text("3 of 5 alone")).to_have_count(4)
    teacher.link("Tess").click()
    expect(teacher.tool.get_by_text("60 percent right").first).to_be_visible()
    teacher.fits()


def test_teacher_writes_in_two_taps_and_the_notice_arrives_once(
    demo: Demo, behind: Behind, device: Device, width: int
) -> None:
    """From the finding: Write, Send. Then her own yes at Canvas in a window, and one notice."""
    teacher = device("halloran", width).launch(bare=False)
    teacher.link(re.compile("^On track")).click()
    teacher.link("Lucía").click()
    teacher.heading("Lucía")
    teacher.link("Reading aloud").click()
    expect(teacher.tool.locator("h1")).to_contain_text("words in a minute, expected")
    expect(teacher.tool.locator("h1")).to_contain_text("On track")

    teacher.tap(teacher.link("Write to the family"))
    teacher.heading("Write to the family of Lucía")
    teacher.tap(teacher.button("Send"))
    teacher.heading("Messages about Lucía")
    assert 2 == teacher.taps
    expect(teacher.tool.get_by_text("Something must be connected first")).to_be_visible()
    teacher.fits()

    with teacher.context.expect_page() as opened:
        teacher.button("Connect Canvas").click()
    consent = opened.value
    expect(consent.get_by_role("heading", level=1)).to_have_text("Rapport asks for your permission")
    consent.get_by_label("A real LMS knows who you are").select_option("halloran")
    with consent.expect_event("close"):  # the window says that it is done, and goes
        consent.get_by_role("button", name="Authorize").click()
    until(lambda: [OutboxState.SENT] == _states(behind, "lucia"), "the notice is at the LMS")
    expect(teacher.tool.get_by_text("Something must be connected first")).to_have_count(0)

    elena = device("elena", 390)
    elena.page.goto(elena.lms_page("/inbox"))
    expect(elena.page.locator(".message")).to_have_count(1)
    notice = elena.page.locator(".message .text")
    expect(notice).to_contain_text("Cedar Hollow School")
    expect(notice).not_to_contain_text("Lucía")
    assert 1 == len(behind.arrived("elena"))


def _states(behind: Behind, child: str) -> list[OutboxState]:
    return [item.state for entry in behind.talk(child).entries for item in entry.outbox]


FAMILIES = {
    "elena": ("lucia", "Lucía", "es", "ruiz", "Sofía Ruiz"),
    "farid": ("parwana", "Parwana", "prs", "karimi", "Yalda Karimi"),
}


@pytest.mark.parametrize("parent", ["elena", "farid"])
def test_family_reads_answers_tells_and_both_sides_get_a_translation(
    demo: Demo, behind: Behind, device: Device, width: int, parent: str
) -> None:
    """A note in the family's language, an answer, two taps of what was seen; translated both ways."""
    child, called, lang, interpreter, interpreter_name = FAMILIES[parent]
    note, answer = f"{called} chose a book alone.", ANSWERS[parent]
    behind.write(child, parent, text=note)
    family = device(parent, width).launch(bare=False)
    expect(family.tool.locator("html")).to_have_attribute("lang", lang)
    expect(family.tool.locator("h1")).to_have_text(called)
    expect(family.tool.locator("[lang=en].written", has_text=note)).to_be_visible()
    family.fits()

    # Her words to the school, and what she saw, in two taps.
    family.tool.locator("textarea[name=text]").fill(answer)
    family.tap(family.tool.locator("form:has(textarea[name=text]) button[type=submit]"))
    expect(family.tool.locator(".notice.good")).to_be_visible()
    family.taps = 0
    family.tap(family.tool.locator(".home-form .tile").first)
    family.tap(family.tool.locator(".home-form button[type=submit]"))
    expect(family.tool.locator(".seen-home")).to_be_visible()
    assert 2 == family.taps

    teacher = device("halloran", width).launch()
    waiting = teacher.tool.get_by_role("list", name="Waiting for you")
    expect(waiting.locator(f"[lang^={lang[:2]}]", has_text=answer)).to_be_visible()
    expect(teacher.tool.get_by_role("list", name="Seen at home").first).to_contain_text(called)

    # The family asks for the note, the teacher for the answer; the original stays one tap away.
    family.go(goal_path(child, then="/talk"))
    family.tool.locator("li.bubble", has_text=note).locator(".ask button").click()
    expect(family.tool.locator(".badge", has_text=interpreter_name)).to_be_visible()
    teacher.go(goal_path(child, then="/talk"))
    teacher.tool.locator("li.bubble", has_text=answer).locator(".ask button").click()
    asked = teacher.tool.locator("li.bubble", has_text=answer).locator(".badge")
    expect(asked).to_have_text(f"Not translated yet. {interpreter_name} is asked.")
    translated = {note: TRANSLATED[parent], answer: "They liked the story."}
    helper = device(interpreter, width).launch()
    for original, words in translated.items():
        task = helper.tool.locator("section:has(blockquote), .card:has(blockquote)", has_text=original).last
        assert called not in str(task.text_content()).replace(original, "")
        task.locator("textarea").fill(words)
        task.locator("button[type=submit]").click()
        expect(helper.tool.locator("blockquote", has_text=original)).to_have_count(0)
    helper.fits()

    for person, original in ((family, note), (teacher, answer)):
        person.go("/app/my" if person is family else "/app/today").go(goal_path(child, then="/talk"))
        bubble = person.tool.locator("li.bubble", has_text=translated[original])
        expect(bubble.locator(".badge.done, .badge", has_text=interpreter_name)).to_be_visible()
        expect(bubble.get_by_text(original)).to_be_hidden()
        bubble.locator("details.original summary").click()
        expect(bubble.get_by_text(original)).to_be_visible()
        person.fits()

    # English with one tap, on every page.
    family.tap(family.tool.locator(".languages a[hreflang=en]"))
    expect(family.tool.locator("html")).to_have_attribute("lang", "en")
    family.heading(f"Messages about {called}")


ANSWERS = {"elena": "Le gustó mucho el cuento.", "farid": "او قصه را دوست داشت."}
TRANSLATED = {"elena": "Lucía eligió un libro sola.", "farid": "پروانه خودش کتاب انتخاب کرد."}


def test_right_revoked_and_the_next_note_goes_nowhere(
    demo: Demo, behind: Behind, device: Device, width: int
) -> None:
    """Family and rights, No, Save: the mother cannot be chosen, the reason stands there, nothing leaves."""
    teacher = device("halloran", width).launch()
    demo.stop_worker()  # so that a notice still waits when the right ends
    behind.write("hollis", "greta", text="Before.")
    teacher.go(child_path("hollis"))
    teacher.link("Family and rights").click()
    teacher.heading("Family of Hollis")
    teacher.link(re.compile("^Change Greta Brandvold"), exact=False).click()
    records = teacher.tool.get_by_role("group", name=re.compile("see the school records"))
    records.locator("[value=no]").check(force=True)
    decides = teacher.tool.get_by_role("group", name=re.compile("make school decisions"))
    decides.locator("[value=no]").check(force=True)
    teacher.tool.get_by_label("What does this rest on?").fill("court order seen today")
    teacher.tool.get_by_label(re.compile("^The paper that takes away")).fill("Order of 3 March, on file")
    teacher.button("Save").click()
    expect(teacher.tool.get_by_text("The rights are changed.")).to_be_visible()
    expect(teacher.tool.get_by_text("May not read the record")).to_be_visible()

    teacher.go(goal_path("hollis", then="/write"))
    reader = teacher.tool.locator(".tile", has_text="Greta Brandvold")
    expect(reader).to_contain_text("The right to see the record has ended, so this person cannot be chosen.")
    expect(reader.locator("input")).to_be_disabled()
    teacher.button("Send").click()
    expect(teacher.tool.locator("[data-errors], .error-summary, [role=alert]").first).to_be_visible()
    teacher.fits()
    demo.start_worker()
    until(
        lambda: [OutboxState.HELD] == _states(behind, "hollis"),
        "the waiting notice is stopped",
    )
    assert [] == behind.arrived("greta")

    greta = device("greta", width)
    greta.page.goto(greta.lms_page("/courses/101", bare=True))
    expect(greta.tool.locator("h1")).to_have_text("Nothing to open here")
