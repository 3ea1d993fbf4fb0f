"""The plan lives: proposed, commented by the family, changed, noticed, in effect, and the difference read.

The application is the real one with the fictional caseload; the bearer comes in as a launch would give it.
"""

# The fixtures of other tests come in by name, which looks like a second definition.
# ruff: noqa: F811

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from iepcore.plan.document import NOTICE_PARTS, PlanState, PlanVersion
from lti_app.screens.words import catalogue
from tests.e2e.test_family import Open, _tidy, opened, served  # noqa: F401
from tests.unit.screens.conftest import House, house, seeded_file  # noqa: F401
from tests.unit.screens.plans import keep_plans_here

At = Callable[..., Page]
Axe = Callable[..., list[str]]
Word = Callable[[str], str]

CASES = [("en", "ivo", "marek", 1366), ("es", "lucia", "elena", 390)]
DIFFERENCE = {
    "en": "from {before} to {after} minutes",
    "es": "de {before} a {after} minutos",
}


def base(house: House, child: str) -> str:
    """Where a child's plan is."""
    return f"/app/c/{house.student(child)}/doc"


def versions(house: House, child: str) -> list[PlanVersion]:
    """All versions of a child's plan, oldest first."""
    with house.wired.store(house.wired.doors.sites()[0].id).read() as uow:
        return list(uow.plans.versions_of(house.student(child)))


def press(page: Page, name: str) -> None:
    """Press the button or the link of this name."""
    page.locator("main").get_by_role("button", name=name).or_(
        page.locator("main").get_by_role("link", name=name)
    ).first.click()


def follow(page: Page, path: str) -> None:
    """Open a path of the tool, as a link to it would."""
    page.evaluate(
        """path => { const link = document.createElement('a'); link.href = path;
            document.getElementById('page').append(link); link.click(); }""",
        path,
    )
    page.wait_for_function("path => location.pathname === path", arg=path.split("?")[0])
    expect(page.locator("#page")).not_to_have_attribute("aria-busy", "true")


def begin_change(page: Page, house: House, word: Word, child: str, why: str) -> None:
    """From the plan to the draft of a change, agreed yesterday, from today on."""
    follow(page, base(house, child))
    press(page, word("Change the plan"))
    page.locator(".tile", has_text=word("In a meeting of the team")).click()
    day = house.caseload("halloran").desk.clock.today()
    page.locator("[name=agreed_on]").fill((day - timedelta(days=1)).isoformat())
    page.locator("[name=begins_on]").fill(day.isoformat())
    page.locator("[name=why]").fill(why)
    press(page, word("Begin to write the change"))
    expect(page.locator("h1")).to_have_text(word("Draft of the plan"))


def write_minutes(page: Page, word: Word, minutes: int) -> None:
    """Change the minutes of the first service; the form keeps itself before it is put into the draft."""
    page.locator("#service .entry-name a").first.click()
    page.locator("[name=minutes]").fill(str(minutes))
    expect(page.locator("#saved")).to_have_class("saved kept", timeout=30_000)
    expect(page.locator("#saved")).to_contain_text(word("Kept"))
    press(page, word("Put it into the draft"))
    expect(page.locator(".notice.good")).to_contain_text(word("It stands in the draft."))


def send_notice_and_propose(page: Page, house: House, word: Word, axe: Axe) -> None:
    """Seven parts, on record as sent yesterday; then the proposal."""
    press(page, word("Next: the written notice"))
    for name in NOTICE_PARTS:
        page.locator(f"[name={name}]").fill(f"{name}: ...")
    day = house.caseload("halloran").desk.clock.today()
    page.locator("[name=sent_on]").fill((day - timedelta(days=1)).isoformat())
    _tidy(page, axe)
    press(page, word("Note it as sent"))
    expect(page.locator("h1")).to_have_text(word("Propose the plan"))
    _tidy(page, axe)
    press(page, word("Propose it"))
    expect(page.locator(".card.now").first).to_contain_text(word("Proposed to the family"))


@pytest.mark.parametrize(("lang", "child", "parent", "width"), CASES)
def test_a_plan_is_proposed_answered_changed_and_takes_effect(
    house: House, page_at: At, opened: Open, axe: Axe, lang: str, child: str, parent: str, width: int
) -> None:
    """Propose, the family comments, change, notice, in effect, and the difference in one sentence."""
    keep_plans_here(house)
    word = catalogue(lang).gettext
    before = versions(house, child)[-1].contents.services[0].minutes
    asked, agreed = before + 30, before + 15
    page = opened(page_at(width), "halloran", f"{base(house, child)}?lang={lang}")
    _tidy(page, axe)

    begin_change(page, house, word, child, "He tires less in short sessions.")
    _tidy(page, axe)
    write_minutes(page, word, asked)
    send_notice_and_propose(page, house, word, axe)

    theirs = opened(page_at(390), parent, f"/app/my/{house.student(child)}/doc?lang={lang}")
    theirs.locator("#whole textarea").fill("Please begin with a little more.")
    theirs.locator("#whole button[value=remark]").click()
    expect(theirs.locator("#whole .bubble").last).to_contain_text("Please begin with a little more.")

    proposed = versions(house, child)[-1]
    follow(page, f"{base(house, child)}/v/{proposed.id}")
    expect(page.locator("main")).to_contain_text("Please begin with a little more.")
    _tidy(page, axe)
    follow(page, base(house, child))
    press(page, word("It was not accepted"))
    page.locator(".tile", has_text=word("Yes to some parts, no to others")).click()
    press(page, word("Note it"))
    expect(page.locator(".notice.good")).to_be_visible()

    begin_change(page, house, word, child, "The family asked for a little more.")
    write_minutes(page, word, agreed)
    send_notice_and_propose(page, house, word, axe)
    press(page, word("Put it in effect"))
    expect(page.locator("h1")).to_have_text(word("Put it in effect"))
    _tidy(page, axe)
    press(page, word("Put it in effect"))
    expect(page.locator(".notice.good")).to_contain_text(word("The plan is in effect."))
    newest = versions(house, child)[-1]
    assert (PlanState.IN_EFFECT, agreed) == (newest.state, newest.contents.services[0].minutes)

    said = DIFFERENCE[lang].format(before=before, after=agreed)
    row = page.locator(".entry", has_text=said)
    expect(row).to_contain_text("The family asked for a little more.")
    row.get_by_role("link", name=word("What changed")).click()
    expect(page.locator(".doc-changes")).to_contain_text(said)
    _tidy(page, axe)
    theirs = opened(page_at(390), parent, f"/app/my/{house.student(child)}/doc?lang={lang}")
    expect(theirs.locator("main")).to_contain_text(said)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_session_that_ends_mid_word_loses_nothing(
    house: House, page_at: At, opened: Open, axe: Axe, lang: str
) -> None:
    """Words are kept while they are typed; the page goes away, and a new one has them all."""
    keep_plans_here(house)
    word = catalogue(lang).gettext
    place = f"{base(house, 'ezra')}/draft"
    page = opened(page_at(820), "halloran", f"{place}/student_words?lang={lang}")
    expect(page.locator("#saved")).to_contain_text(word("Kept as you write"))
    page.locator("[name=words]").press_sequentially("I like to wri")
    expect(page.locator("#saved")).to_contain_text(word("Kept"), timeout=30_000)
    expect(page.locator("#saved")).to_have_class("saved kept", timeout=30_000)
    page.locator("[name=words]").press_sequentially("t")
    expect(page.locator("#saved")).to_contain_text(word("Not kept yet"))
    follow(page, place)  # in the middle of a word
    expect(page.locator("#student_words .badge").first).to_be_visible(timeout=30_000)

    again = opened(page_at(390), "halloran", f"{place}/student_words?lang={lang}")
    expect(again.locator("[name=words]")).to_have_value("I like to writ")
    expect(again.locator(".notice").first).to_be_visible()
    _tidy(again, axe)


def test_no_connection_is_told_and_made_good(house: House, page_at: At, opened: Open) -> None:
    """Without a connection the words stay on the page, the line says so, and they are kept later."""
    keep_plans_here(house)
    page = opened(page_at(820), "halloran", f"{base(house, 'ezra')}/draft/student_words")
    page.route("**/keep", lambda route: route.abort())
    page.locator("[name=words]").fill("I like frogs")
    expect(page.locator("#saved")).to_contain_text("No connection.", timeout=30_000)
    page.unroute("**/keep")
    expect(page.locator("#saved")).to_have_class("saved kept", timeout=30_000)


def test_two_windows_choose(house: House, page_at: At, opened: Open) -> None:
    """The same form in two windows: the second sees what the first kept, and takes it with one tap."""
    keep_plans_here(house)
    place = f"{base(house, 'ezra')}/draft/student_words"
    first, second = (opened(page_at(820), "halloran", place) for _ in range(2))
    first.locator("[name=words]").fill("frogs")
    expect(first.locator("#saved")).to_have_class("saved kept", timeout=30_000)
    expect(first.locator("[name=draft_version]")).to_have_value("1")
    second.locator("[name=words]").fill("toads")
    panel = second.locator("#two-windows")
    expect(panel).to_contain_text("frogs", timeout=30_000)
    panel.get_by_role("button", name="Take those instead").click()
    expect(second.locator("[name=words]")).to_have_value("frogs")
    expect(second.locator("[name=draft_version]")).to_have_value("2", timeout=30_000)


def test_two_people_stand_side_by_side(house: House, page_at: At, opened: Open, axe: Axe) -> None:
    """A colleague put other words into the draft: both are shown, joined in the form, and put in."""
    keep_plans_here(house)
    place = f"{base(house, 'ezra')}/draft/student_words"
    mine = opened(page_at(390), "halloran", place)
    mine.locator("[name=words]").fill("I like to draw frogs")
    theirs = opened(page_at(820), "halloran", place)
    theirs.locator("[name=words]").fill("I like to read")
    theirs.locator("[name=draft_version]").evaluate("field => field.value = '1'")
    press(theirs, "Put it into the draft")
    expect(theirs.locator("h1")).to_have_text("Draft of the plan")
    press(mine, "Put it into the draft")
    expect(mine.locator(".two-sides")).to_contain_text("I like to read")
    expect(mine.locator(".two-sides")).to_contain_text("I like to draw frogs")
    _tidy(mine, axe)
    press(mine, "Join both texts in the form")
    expect(mine.locator("[name=words]")).to_have_value("I like to read\n\nI like to draw frogs")
    press(mine, "Put it into the draft")
    expect(mine.locator("h1")).to_have_text("Draft of the plan")
    expect(mine.locator("#student_words")).to_contain_text("I like to draw frogs")
