"""The plan as staff read it, and each step of its way, through the screens."""

from __future__ import annotations

from datetime import timedelta

from tests.unit.screens.conftest import House
from tests.unit.screens.plans import (
    CHILD,
    amended,
    begun,
    consented,
    drafted,
    in_effect,
    keep_plans_here,
    proposed,
    today,
)


def path(house: House) -> str:
    """Where the plan is read."""
    return f"/app/c/{house.student(CHILD)}/plan"


def test_no_plan_yet_leads_to_begin(house: House) -> None:
    """Who may write is asked to begin; the way there is on the child's own page."""
    keep_plans_here(house)
    assert "Begin the plan" in house.get(path(house), as_="halloran").text
    assert path(house) in house.get(f"/app/c/{house.student(CHILD)}", as_="halloran").text


def test_begin_write_and_read(house: House) -> None:
    """Days are asked first; then the draft stands with what it lacks, each with its rule."""
    keep_plans_here(house)
    day = today(house)
    form = {
        "reviewed_on": day.isoformat(),
        "begins_on": (day + timedelta(days=10)).isoformat(),
        "ends_on": (day + timedelta(days=300)).isoformat(),
    }
    wrong = house.post(f"{path(house)}/begin", {**form, "ends_on": day.isoformat()}, as_="halloran")
    assert 422 == wrong.status_code
    assert form["begins_on"] in wrong.text
    assert f"{path(house)}/draft" == house.post(f"{path(house)}/begin", form, as_="halloran").headers["Rapport-Goto"]
    again = house.post(f"{path(house)}/begin", form, as_="halloran")
    assert f"{path(house)}/draft" == again.headers["Rapport-Goto"]
    page = house.get(f"{path(house)}/draft", as_="halloran").text
    for said in ("34 CFR 300.320(a)(1)", "Present levels", "Ask the family"):
        assert said in page


def test_every_page_of_a_plan_opens(house: House) -> None:
    """Reading, drafting, comparing, notice and steps open in English and Spanish."""
    keep_plans_here(house)
    first = in_effect(house, "celeste")
    second = amended(house)
    base = path(house)
    for place in (
        base,
        f"{base}/v/{first.id}",
        f"{base}/compare",
        f"{base}/compare?a={first.id}&b={second.id}",
        f"{base}/draft",
        f"{base}/draft/days",
        f"{base}/notice",
        f"{base}/notice?for=exit",
        f"{base}/propose",
        f"{base}/begin",
        f"{base}/amend",
        f"{base}/end",
        f"{base}/copy",
        f"{base}/v/{first.id}/consent",
        f"{base}/v/{first.id}/effect",
        f"{base}/v/{first.id}/answer",
        *(
            f"{base}/draft/{part}"
            for part in ["family_wish", "concern", "student_words", "level", "goal", "service", "support", "factor", "placement", "assessment", "esy", "transition", "reports", "rights_told"]
        ),
    ):
        for lang in ("en", "es"):
            answer = house.get(place, as_="halloran", lang=lang)
            assert 200 == answer.status_code, place
            assert "<h1" in answer.text


def test_unused(house: House) -> None:
    """Placeholders."""
    keep_plans_here(house)
    begun(house)
    drafted
    proposed
    consented
