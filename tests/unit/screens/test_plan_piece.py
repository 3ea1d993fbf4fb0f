"""Writing a part of a plan: it keeps itself, nothing typed is lost, and two people stand side by side."""

from __future__ import annotations

from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from iepcore.ids import ClientKey
from iepcore.language import FreeText
from iepcore.plan.document import PlanPart, PlanVersion, PresentLevel, SpecialFactor, part_hash, pieces_of
from lti_app.screens.plan_form import typed_of
from lti_app.screens.plan_form_goal import typed_goal
from lti_app.screens.plan_routes import piece_path, slug_of
from tests.unit.screens.conftest import House
from tests.unit.screens.plans import CHILD, amended, begun, drafted, fill, keep_plans_here, proposed, said

LEVEL = {"area": "reading", "strengths": "Reads with joy.", "now": "42 words a minute.", "needs": ""}


@pytest.fixture(autouse=True)
def kept_here(house: House) -> None:
    """The school keeps its plans in this tool."""
    keep_plans_here(house)


def path(house: House, part: PlanPart, about: str = "") -> str:
    """Where a piece is written."""
    return piece_path(house.student(CHILD), part, about)


def send(house: House, place: str, **form: str) -> TestResponse:
    """A form of the case manager."""
    return house.post(place, form, as_="halloran")


def overview(house: House, child: str = CHILD) -> str:
    """Where the whole draft stands."""
    return f"/app/c/{house.student(child)}/doc/draft"


def draft(house: House) -> PlanVersion:
    """The draft as it is now."""
    found = house.caseload("halloran").plans.page(house.student(CHILD)).draft
    assert found is not None
    return found


def levels(house: House) -> list[str]:
    """What the present levels say now."""
    return [level.now.text for level in draft(house).contents.levels]


def put_level(house: House, now: str, area: str = "reading") -> None:
    """What a colleague writes meanwhile."""
    there = draft(house)
    level = PresentLevel(area=area, strengths=said("Joy."), now=said(now))
    exists = any(one.area == area for one in there.contents.levels)
    about = area if exists else ""
    house.caseload("halloran").drafting.put(
        there.id,
        PlanPart.LEVEL,
        level,
        started_from=part_hash(there.contents, PlanPart.LEVEL, area) if exists else "",
        about=about,
    )


def test_a_form_is_kept_every_second_and_found_again(house: House) -> None:
    """What was typed stands in the form the next time, valid or not, and is not in the draft."""
    begun(house)
    place = path(house, PlanPart.LEVEL)
    kept = send(house, f"{place}/keep", **{**LEVEL, "now": "42 wo"}, draft_version="0")
    assert (200, 1) == (kept.status_code, kept.get_json()["version"])
    again = send(house, f"{place}/keep", **{**LEVEL, "now": "42 words"}, draft_version="1")
    assert 2 == again.get_json()["version"]
    page = house.get(place, as_="halloran").text
    assert "42 words" in page
    assert "They are kept, but not in the draft yet." in page
    assert "Half written" in house.get(overview(house), as_="halloran").text
    assert [] == levels(house)
    send(house, place, do="forget")
    assert "42 words" not in house.get(place, as_="halloran").text


def test_two_windows_of_one_person_lose_nothing(house: House) -> None:
    """The second window is told what the first one kept, and chooses."""
    begun(house)
    place = path(house, PlanPart.LEVEL)
    send(house, f"{place}/keep", **LEVEL, draft_version="0")
    other = send(house, f"{place}/keep", **{**LEVEL, "now": "other words"}, draft_version="0")
    assert 409 == other.status_code
    assert LEVEL["now"] == other.get_json()["other"]["now"]
    long = send(house, f"{place}/keep", **{**LEVEL, "now": "x" * 20_001}, draft_version="1")
    assert 422 == long.status_code
    assert long.get_json()["words"]


def test_a_piece_is_put_changed_and_taken_out(house: House) -> None:
    """A new level, then other words, then gone; the same send twice is harmless."""
    begun(house)
    place = path(house, PlanPart.LEVEL)
    assert "plan_part_put" == send(house, place, **LEVEL).headers["Rapport-Said"]
    assert "plan_part_put" == send(house, place, **LEVEL).headers["Rapport-Said"]
    assert [LEVEL["now"]] == levels(house)
    mine = path(house, PlanPart.LEVEL, "reading")
    stands = part_hash(draft(house).contents, PlanPart.LEVEL, "reading")
    assert "Reads with joy." in house.get(mine, as_="halloran").text
    send(house, mine, **{**LEVEL, "now": "44 words."}, started_from=stands)
    assert ["44 words."] == levels(house)
    send(house, mine, do="remove")
    assert [] == levels(house)


def test_what_is_wrong_stands_at_its_field_and_is_kept(house: House) -> None:
    """422 with the words in the form; a page closed now loses nothing."""
    begun(house)
    place = path(house, PlanPart.LEVEL)
    wrong = send(house, place, **{**LEVEL, "area": ""})
    assert 422 == wrong.status_code
    assert "Reads with joy." in wrong.text
    assert 'aria-invalid="true"' in wrong.text
    assert "Reads with joy." in house.get(place, as_="halloran").text
    later = send(house, place, **LEVEL, do="keep", draft_version="1")
    assert "plan_form_kept" == later.headers["Rapport-Said"]


def test_a_level_that_a_goal_builds_on_stays(house: House) -> None:
    """Another name for an area that a goal names is refused at the area."""
    drafted(house)
    area = draft(house).contents.levels[0].area
    there = draft(house)
    stands = part_hash(there.contents, PlanPart.LEVEL, area)
    answer = send(house, path(house, PlanPart.LEVEL, area), **{**LEVEL, "area": "other"}, started_from=stands)
    assert 422 == answer.status_code
    assert 'id="area-error"' in answer.text


def test_two_people_see_both_and_choose(house: House) -> None:
    """What stands and what was written are side by side; mine, theirs and both together can be kept."""
    begun(house)
    put_level(house, "first words here")
    mine = path(house, PlanPart.LEVEL, "reading")
    stands = part_hash(draft(house).contents, PlanPart.LEVEL, "reading")
    put_level(house, "words of a colleague")
    form = {**LEVEL, "now": "words of mine", "started_from": stands, "about": "reading"}
    both = send(house, mine, **form)
    assert 409 == both.status_code
    assert "words of a colleague" in both.text
    assert "words of mine" in both.text
    assert ["words of a colleague"] == levels(house)
    joined = send(house, mine, **form, do="join")
    assert "words of a colleague\n\nwords of mine" in joined.text
    send(house, mine, **form, do="mine")
    assert ["words of mine"] == levels(house)
    put_level(house, "again the colleague")
    assert 409 == send(house, mine, **form).status_code
    send(house, mine, **form, do="theirs")
    assert ["again the colleague"] == levels(house)


def test_what_a_colleague_took_out_can_still_be_kept(house: House) -> None:
    """Words about a piece that is gone meanwhile are shown, and can come back."""
    begun(house)
    put_level(house, "first words here")
    mine = path(house, PlanPart.LEVEL, "reading")
    there = draft(house)
    stands = part_hash(there.contents, PlanPart.LEVEL, "reading")
    house.caseload("halloran").drafting.put(
        there.id, PlanPart.LEVEL, None, started_from=stands, about="reading"
    )
    form = {**LEVEL, "now": "words of mine", "started_from": stands, "about": "reading"}
    gone = send(house, mine, **form)
    assert 409 == gone.status_code
    assert "Taken out of the draft" in gone.text
    send(house, mine, **form, do="mine")
    assert ["words of mine"] == levels(house)


def test_a_clash_about_a_goal_shows_both(house: House) -> None:
    """A goal is shown with what it builds on, on both sides."""
    there = drafted(house)
    goal = there.contents.goals[0]
    about = str(goal.goal_id)
    page = house.get(path(house, PlanPart.GOAL, about), as_="halloran").text
    assert goal.words.text in page
    changed = replace(goal, words=said("The goal of a colleague."))
    stands = part_hash(there.contents, PlanPart.GOAL, about)
    house.caseload("halloran").drafting.put(
        there.id, PlanPart.GOAL, changed, started_from=stands, about=about
    )
    form = {**typed_goal(goal), "words": "My own goal.", "started_from": stands, "about": about}
    both = send(house, path(house, PlanPart.GOAL, about), **form)
    assert 409 == both.status_code
    assert "The goal of a colleague." in both.text
    assert "My own goal." in both.text


def test_a_new_goal_shows_what_its_measure_needs(house: House) -> None:
    """Choosing a measure shows its fields with what is usual; nothing typed is lost on the way."""
    begun(house)
    put_level(house, "42 words a minute")
    place = path(house, PlanPart.GOAL)
    shown = send(house, place, words="Reads 90 words.", measure="cbm", do="measure")
    assert "Reads 90 words." in shown.text
    assert 'name="probe_seconds"' in shown.text
    assert 'value="60"' in shown.text


def test_a_goal_in_use_is_taken_into_the_plan(house: House) -> None:
    """Its words stand in the form, and it goes on along its own line."""
    caseload = house.caseload("halloran")
    child = house.student("lucia")
    change = amended(house, "lucia")
    goal = change.contents.goals[0]
    about = str(goal.goal_id)
    stands = part_hash(change.contents, PlanPart.GOAL, about)
    caseload.drafting.put(change.id, PlanPart.GOAL, None, started_from=stands, about=about)
    place = piece_path(child, PlanPart.GOAL, "")
    assert f"{place}?goal={about}" in house.get(overview(house, "lucia"), as_="halloran").text
    page = house.get(f"{place}?goal={about}", as_="halloran").text
    assert "It goes on along its own line" in page
    assert about in page


def test_five_factors_are_one_page(house: House) -> None:
    """Each answer is a piece of its own; a colleague's answer to another one is not touched."""
    begun(house)
    place = path(house, PlanPart.FACTOR)
    form = {f"{factor.value}_needed": "no" for factor in SpecialFactor}
    send(house, place, **form, behavior_words="Calm this year.")
    assert 5 == len(draft(house).contents.factors)
    stale = send(house, place, **{**form, "behavior_needed": "yes"})
    assert 409 == stale.status_code
    assert "Calm this year." in stale.text
    hashes = {
        f"from_{factor.value}": part_hash(draft(house).contents, PlanPart.FACTOR, factor.value)
        for factor in SpecialFactor
    }
    send(house, place, **{**form, "behavior_needed": "yes"}, **hashes)
    answers = {one.factor: one.is_needed for one in draft(house).contents.factors}
    assert answers[SpecialFactor.BEHAVIOR]
    assert "5 of 5 answered" in house.get(overview(house), as_="halloran").text


@pytest.mark.parametrize("part", [PlanPart.CONCERN, PlanPart.ESY, PlanPart.SERVICE, PlanPart.SUPPORT])
def test_what_is_usual_is_filled_in(house: House, part: PlanPart) -> None:
    """Days and the usual answers stand there before anything is typed."""
    begun(house)
    page = house.get(path(house, part), as_="halloran")
    assert 200 == page.status_code
    if part is not PlanPart.SUPPORT:
        assert "2026-" in page.text


def test_every_piece_of_a_full_plan_opens_and_stays_as_it_is(house: House) -> None:
    """Opening each form and putting it back changes nothing."""
    there = drafted(house)
    for part in PlanPart:
        if part in {PlanPart.OBJECTIVE, PlanPart.FACTOR}:
            continue
        for about, value in pieces_of(there.contents, part).items():
            place = path(house, part, about)
            assert 200 == house.get(place, as_="halloran").status_code
            typed = typed_of(part, value)
            stands = part_hash(there.contents, part, about)
            done = send(house, place, **typed, started_from=stands)
            assert 200 == done.status_code, part
    assert there.contents == draft(house).contents


def test_nothing_is_written_into_what_was_proposed(house: House) -> None:
    """Once proposed, the draft's pages are gone; the words stand."""
    proposed(house)
    assert 404 == send(house, path(house, PlanPart.LEVEL), **LEVEL).status_code


def test_the_family_is_asked_before_the_draft(house: House) -> None:
    """The question goes out once for each tap; the answer stands word for word on top of the goals."""
    begun(house)
    ask = f"/app/c/{house.student(CHILD)}/doc/ask"
    key = str(house.key())
    assert "wish_asked" == send(house, ask, client_key=key).headers["Rapport-Said"]
    wish = FreeText(text="Tie her own shoes.", lang="en")
    house.caseload("celeste").wishes.say(house.student(CHILD), wish, ClientKey(house.key()))
    assert "Tie her own shoes." in house.get(path(house, PlanPart.GOAL), as_="halloran").text
    assert "Tie her own shoes." in house.get(overview(house), as_="halloran").text


def test_an_address_says_nothing_of_a_piece(house: House) -> None:
    """An area is somebody's words: the address has only its hash."""
    fill(house, begun(house), draft(house).contents)
    put_level(house, "words", area="talks with Ann")
    page = house.get(overview(house), as_="halloran").text
    assert slug_of("talks with Ann") in page
    assert "/talks" not in page
