"""The family's plan page: what is proposed, what changed and why, answers and remarks, the timeline."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import uuid4

import pytest

from iepcore.ids import PlanVersionId
from iepcore.plan.document import AnswerKind, PlanState, PlanVersion, standing_answers
from tests.unit.screens.conftest import House


def versions(house: House, child: str) -> list[PlanVersion]:
    """Return a child's versions, as the store has them."""
    with house.wired.store(house.wired.doors.sites()[0].id).read() as uow:
        return list(uow.plans.versions_of(house.student(child)))


def proposed(house: House) -> PlanVersion:
    """Return the change that is proposed for Luca."""
    return next(one for one in versions(house, "luca") if one.state is PlanState.PROPOSED)


def path(house: House, child: str = "luca") -> str:
    """Return the family's plan page of a child."""
    return f"/app/my/{house.student(child)}/doc"


def say(house: House, act: str, part: str = "", about: str = "", words: str = "", **more: object) -> object:
    """Say something to Luca's proposed plan as his mother."""
    form = {
        "version": proposed(house).id,
        "v": "",
        "part": part,
        "about": about,
        "client_key": uuid4(),
        "act": act,
        "words": words,
    }
    return house.post(f"{path(house)}/say", form | more, as_="bruna")


def test_what_is_proposed_is_read_first(house: House) -> None:
    """How it stands, what is different and why, what a no does, the notice, each part, the timeline."""
    page = house.get(path(house), as_="bruna", lang="en").text

    for words in (
        "This plan is proposed. It is not in effect yet.",
        "What is different from the plan before",
        "Why: <bdi",
        "A checklist of steps for long problems",
        "What a “no” does",
        "“No” is your right.",
        "even if you do not agree",
        "The school’s written notice",
        "What it looked at",
        "The rest of the plan stays as it is",
        "Another household does not see it.",
        "What changed, and why",
        "You are reading this one",
        "Your signature is asked for",
    ):
        assert words in page, words
    assert re.search(r"You have answered \d of \d+ parts", page)


def test_words_of_the_team_in_another_language_are_named(house: House) -> None:
    """A family has a right to the plan in its language: the page says so, and whom to write to."""
    page = house.get(path(house), as_="bruna", lang="es").text

    assert "El equipo escribió sus propias palabras en inglés." in page
    assert 'lang="es"' in page
    assert "El equipo escribió" not in house.get(path(house), as_="bruna", lang="en").text


@pytest.mark.parametrize("lang", ["en", "es", "prs"])
def test_every_word_is_in_the_readers_language(house: House, lang: str) -> None:
    """No English heading is left in Spanish or Dari; the page turns for Dari."""
    page = house.get(path(house), as_="bruna", lang=lang).text

    assert f'<html lang="{lang}"' in page
    assert ('dir="rtl"' in page.split(">")[1]) == (lang == "prs")
    assert ("Ask or write about this" in page) == (lang == "en")


def test_yes_and_no_are_one_tap_and_taken_back_by_another(house: House) -> None:
    """The page comes back to the same place; what counts is kept under the adult's name."""
    version = proposed(house)
    about = str(version.contents.services[-1].id)
    answered = say(house, "not_accepted", "service", about)

    assert 200 == answered.status_code
    assert re.fullmatch(rf"{path(house)}#p-service-[0-9a-f]{{8}}", answered.headers["Rapport-Goto"])
    assert "said_not_accepted" == answered.headers["Rapport-Said"]
    page = house.get(f"{path(house)}?said=said_not_accepted", as_="bruna", lang="en").text
    assert "Kept: no." in page
    assert "You said: no" in page
    assert "Tell the team why, or ask" in page
    say(house, "taken_back", "service", about)
    with house.wired.store(house.wired.doors.sites()[0].id).read() as uow:
        standing = standing_answers(uow.plans.answers_of(version.id))
    assert AnswerKind.NOT_ACCEPTED not in {one.answer for one in standing}


def test_question_and_remark_reach_the_team(house: House) -> None:
    """A question keeps its words beside the part; a remark stands under it, or under the whole plan."""
    version = proposed(house)
    goal = str(version.contents.goals[0].goal_id)
    say(house, "question", "goal", goal, "Porquê três?")
    say(house, "remark", "goal", goal, "Obrigada.")
    say(house, "remark", words="Falamos na sexta?")
    page = house.get(path(house), as_="bruna", lang="en").text
    team = house.caseload("halloran").answering.said(version.id)

    for words in ("Porquê três?", "Obrigada.", "Falamos na sexta?"):
        assert words in page
    assert {"Obrigada.", "Falamos na sexta?"} <= {one.comment.words.text for one in team.remarks}
    assert "pt-BR" in {one.comment.words.lang for one in team.remarks}


@pytest.mark.parametrize(("act", "words"), [("question", ""), ("remark", "  "), ("remark", "x" * 20_001)])
def test_empty_or_endless_words_come_back_with_the_form(house: House, act: str, words: str) -> None:
    """What was typed stays, the error stands at its box, and the box is open."""
    goal = str(proposed(house).contents.goals[0].goal_id)
    answer = say(house, act, "goal", goal, words)

    assert 422 == answer.status_code
    assert 'aria-invalid="true"' in answer.text
    assert "<details open>" in answer.text
    assert f">{words}</textarea>" in answer.text


@pytest.mark.parametrize(
    "bent",
    [
        {"version": "none"},
        {"version": uuid4()},
        {"part": "no such part"},
        {"part": "goal", "about": "no such goal"},
        {"act": "no such act", "part": "esy"},
        {"part": "", "act": "accepted"},
    ],
)
def test_bent_forms_find_nothing(house: House, bent: dict[str, object]) -> None:
    """A version of nobody, a part that is not there, an answer that is none: the neutral answer."""
    assert 404 == say(house, **{"act": "accepted", "part": "esy"} | bent).status_code  # type: ignore[arg-type]


def test_version_of_another_child_is_not_reached_through_ones_own(house: House) -> None:
    """Neither by its address nor in a form, nor is a draft read."""
    other = versions(house, "maya")[0].id
    draft = next(one for one in versions(house, "ezra") if one.state is PlanState.DRAFT)

    assert 404 == house.get(f"{path(house)}?v={other}", as_="bruna").status_code
    assert 404 == house.get(f"{path(house)}?v=bent", as_="bruna").status_code
    assert 404 == say(house, "remark", words="x", version=other).status_code
    assert 404 == house.get(f"/app/my/{house.student('ezra')}/doc?v={draft.id}", as_="bruna").status_code


def test_older_versions_are_read_and_come_back_to(house: House) -> None:
    """From the timeline; no answer is asked there, a remark is kept on that version."""
    first = versions(house, "luca")[0]
    page = house.get(f"{path(house)}?v={first.id}", as_="bruna", lang="en").text
    answer = say(house, "remark", words="Antes era melhor.", version=first.id, v=first.id)

    assert "This plan is in effect." in page
    assert 'value="accepted"' not in page
    assert f"{path(house)}?v={first.id}#whole" == answer.headers["Rapport-Goto"]


def test_one_child_is_shown_at_once_several_are_chosen_from(house: House) -> None:
    """Theo and Tess have one mother; a stranger and a pupil read the neutral page."""
    assert "This plan is proposed" in house.get("/app/my/doc", as_="bruna", lang="en").text
    several = house.get("/app/my/doc", as_="ilona", lang="en").text
    assert path(house, "theo") in several
    assert path(house, "tess") in several
    assert "Theo" not in house.get("/app/my/doc", as_="carl").text


def test_other_household_and_records_only(house: House) -> None:
    """Who only reads is told that another adult decides; who has no right finds nothing, nor does staff."""
    site = house.wired.doors.sites()[0].id
    amara = versions(house, "amara")[0]
    waiting = replace(amara, id=PlanVersionId(uuid4()), number=2, state=PlanState.PROPOSED, version=1)
    with house.wired.store(site).write() as uow:
        uow.plans.add_version(waiting)
    page = house.get(path(house, "amara"), as_="osei", lang="en").text
    assert "You can read this plan. Another adult decides about it." in page
    assert 'name="act"' not in page
    for who in ("carl", "dana", "halloran", "eklund"):
        assert 404 == house.get(path(house, "amara"), as_=who).status_code
    assert 404 == house.get(path(house, "jonah"), as_="carl").status_code


def test_without_a_plan_the_family_is_asked(house: House) -> None:
    """Nothing to read is no dead end: the question that comes first stands there."""
    site = house.wired.doors.sites()[0].id
    with house.wired.store(site).read() as uow:
        bare = [
            key
            for key in ("imani", "zola", "oona", "mika", "cody")
            if not uow.plans.versions_of(house.student(key))
        ]
    assert bare
    child = bare[0]
    parent = {"imani": "celeste", "zola": "marcus", "oona": "sasha", "mika": "freya", "cody": "lorna"}[child]
    page = house.get(path(house, child), as_=parent, lang="en").text
    assert "No plan to read here yet" in page
    assert f"/app/my/{house.student(child)}/wish" in page


def test_copy_of_an_official_plan_says_where_one_signs(house: House) -> None:
    """A working copy names the system and the day."""
    site = house.wired.doors.sites()[0].id
    first = versions(house, "maya")[0]
    with house.wired.store(site).write() as uow:
        uow.plans.save_version(
            replace(first, as_of=first.begins_on, kept_in="District System", version=first.version + 1)
        )
    page = house.get(path(house, "maya"), as_="dana", lang="en").text
    assert "The official plan is kept in District System." in page
    assert "You sign there, not here." in page


def test_first_page_says_what_waits(house: House) -> None:
    """A proposal and a signature on the first page; else the way to the plan; the question while open."""
    waiting = house.get("/app/my", as_="bruna", lang="en").text
    assert "The plan waits for you" in waiting
    assert "1 signature is asked of you." in waiting
    assert path(house) in waiting
    calm = house.get("/app/my", as_="dana", lang="en").text
    assert "The plan waits for you" not in calm
    assert path(house, "maya") in calm
    open_question = house.get("/app/my", as_="rui", lang="en").text
    assert "What should your child be able to do a year from now?" in open_question
