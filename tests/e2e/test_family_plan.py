"""A family and its plan in the browser, in English, Spanish and Dari: read, say, sign; staff say "got it".

The application is the real one with the fictional caseload; the bearer comes in as a launch would give it.
"""

# The fixtures of other tests come in by name, which looks like a second definition.
# ruff: noqa: F811

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from iepcore.plan.document import AnswerKind, ParentConsentState, PlanState, PlanVersion, standing_answers
from tests.e2e.test_family import Open, _tidy, opened, served  # noqa: F401
from tests.unit.screens.conftest import House, house, seeded_file  # noqa: F401

At = Callable[..., Page]
Axe = Callable[..., list[str]]

WORDS = {
    "en": {"proposed": "It is not in effect yet.", "yes": "You said: yes", "kept": "Signed. Thank you."},
    "es": {"proposed": "Todavía no está vigente.", "yes": "Usted dijo: sí", "kept": "Firmado. Gracias."},
    "prs": {"proposed": "هنوز جاری نیست", "yes": "شما گفتید: بلی", "kept": "امضا شد"},
}


def _proposed(house: House) -> PlanVersion:
    with house.wired.store(house.wired.doors.sites()[0].id).read() as uow:
        found = uow.plans.versions_of(house.student("luca"))
    return next(one for one in found if one.state is PlanState.PROPOSED)


def _answers(house: House) -> list[AnswerKind]:
    with house.wired.store(house.wired.doors.sites()[0].id).read() as uow:
        return [one.answer for one in standing_answers(uow.plans.answers_of(_proposed(house).id))]


@pytest.mark.parametrize("lang", ["en", "es", "prs"])
def test_family_reads_and_answers_a_change(
    house: House, page_at: At, opened: Open, axe: Axe, lang: str
) -> None:
    """From the first page: yes by one tap, in its place; taken back by one; a question; a remark."""
    page = opened(page_at(390), "bruna", f"/app/my?lang={lang}")
    page.locator(f"a[href='/app/my/{house.student('luca')}/doc']").first.click()
    expect(page.locator("main h1")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if lang == "prs" else "ltr")
    expect(page.locator("main")).to_contain_text(WORDS[lang]["proposed"])
    _tidy(page, axe)
    before = len(_answers(house))

    piece = page.locator(".piece", has_text="A checklist of steps for long problems").first
    piece.locator("button[value=accepted]").click()  # the one tap
    expect(piece.locator(".answered")).to_contain_text(WORDS[lang]["yes"])
    expect(piece).to_be_focused()
    expect(piece).to_be_in_viewport()
    assert before + 1 == len(_answers(house))
    piece.locator("button[value=taken_back]").click()
    expect(piece.locator("button[value=accepted]")).to_be_visible()
    assert before == len(_answers(house))

    piece.locator("summary").click()
    piece.locator("textarea").fill("Quem traz a lista?")
    _tidy(page, axe)
    piece.locator("button[value=question]").click()
    expect(piece.locator(".bubble")).to_contain_text("Quem traz a lista?")
    whole = page.locator("#whole")
    whole.locator("button[value=remark]").click()  # nothing was written
    expect(page.locator("#whole textarea")).to_have_attribute("aria-invalid", "true")
    page.locator("#whole textarea").fill("Obrigada pela mudança.")
    page.locator("#whole button[value=remark]").click()
    expect(page.locator("#whole .bubble").last).to_contain_text("Obrigada pela mudança.")
    assert AnswerKind.QUESTION in _answers(house)


@pytest.mark.parametrize(("lang", "width"), [("en", 1366), ("es", 820), ("prs", 390)])
def test_family_signs_in_two_steps(
    house: House, page_at: At, opened: Open, axe: Axe, lang: str, width: int
) -> None:
    """Everything in full first; then yes with one's name; then it stands, and can be taken back."""
    page = opened(page_at(width), "bruna", f"/app/my/{house.student('luca')}/doc?lang={lang}")
    page.locator("a[href*='/sign/']").click()
    expect(page.locator(".signed-text")).to_contain_text("Do you agree to this change of the plan?")
    expect(page.locator("button[value=sign]")).to_have_count(0)
    _tidy(page, axe)
    page.locator("button[value=next]").click()
    expect(page.locator("button[value=sign]")).to_be_visible()
    expect(page.locator("button[value=decline]")).to_be_visible()
    _tidy(page, axe)
    page.locator("button[value=sign]").click()
    expect(page.locator(".notice.good")).to_contain_text(WORDS[lang]["kept"])
    with house.wired.store(house.wired.doors.sites()[0].id).read() as uow:
        states = {one.state for one in uow.plans.consents_of(house.student("luca")) if one.version_id}
    assert {ParentConsentState.GIVEN} == states


@pytest.mark.parametrize(
    ("who", "child", "lang", "text"),
    [
        ("rui", "maya", "en", "Sleep over at grandma’s."),
        ("hana", "ezra", "es", "Que escriba su nombre."),
        ("laila", "parwana", "prs", "خودش نامه بنویسد."),
    ],
)
def test_family_says_what_it_hopes_for(
    house: House, page_at: At, opened: Open, axe: Axe, who: str, child: str, lang: str, text: str
) -> None:
    """Asked on the first page; kept word for word in two taps; the team reads it."""
    page = opened(page_at(390), who, f"/app/my?lang={lang}")
    page.locator(f"a[href='/app/my/{house.student(child)}/wish']").first.click()
    box = page.locator("#words-family")
    expect(box).to_be_visible()
    _tidy(page, axe)
    box.fill(text)
    page.locator(".actions button[type=submit]").first.click()
    expect(page.locator("blockquote").first).to_have_text(text)
    _tidy(page, axe)
    rows = house.caseload("halloran").wishes.of_child(house.student(child)).rows
    assert text in {row.wish.words.text for row in rows if row.wish.words is not None}


@pytest.mark.parametrize(("lang", "width"), [("en", 390), ("es", 820), ("en", 1366)])
def test_teacher_says_got_it_and_undoes_it(
    house: House, page_at: At, opened: Open, axe: Axe, lang: str, width: int
) -> None:
    """From Today by the menu: one tap, and one tap back, each at the same child."""
    page = opened(page_at(width), "daly", f"/app/today?lang={lang}")
    page.locator("nav a[href='/app/duties']").first.click()
    duty = page.locator(".duty").first
    name = duty.get_attribute("id")
    _tidy(page, axe)
    duty.locator("form[action='/app/duties/got'] button").click()
    mine = page.locator(f"[id='{name}']")
    expect(mine.locator(".answered")).to_be_visible()
    expect(mine).to_be_focused()
    mine.locator("form[action='/app/duties/undo'] button").click()
    expect(page.locator(f"[id='{name}'] form[action='/app/duties/got'] button")).to_be_visible()
    _tidy(page, axe)
