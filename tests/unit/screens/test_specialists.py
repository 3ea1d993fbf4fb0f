"""For specialists: numbers with n and range, how often rules err, and nothing for who may not see them."""

from __future__ import annotations

import re

import pytest

from iepcore.access import AuditKind
from lti_app.screens.rates import decimals_for, fixed_number
from tests.unit.screens.conftest import House
from tests.unit.screens.test_goals import words_of


def page_of(
    house: House, child: str, as_: str = "halloran", key: str = "main", lang: str | None = None
) -> str:
    """Return the page, which must have come out well."""
    answer = house.get(f"/app/g/{house.goal(child, key)}/numbers", as_=as_, lang=lang)
    assert 200 == answer.status_code
    return answer.text


def row_of(html: str, name: str) -> list[str]:
    """Return the cells of the first row whose name begins so."""
    found = re.search(rf'<tr><th scope="row">{re.escape(name)}.*?</tr>', html)
    assert found is not None, name
    return [words_of(cell) for cell in re.findall(r"<td>(.*?)</td>", found.group())]


def test_the_why_leads_there(house: House) -> None:
    """One link, inside the one "why"."""
    html = house.get(f"/app/g/{house.goal('rosenda')}", as_="halloran").text
    why = html[html.index("Why does it say so?") :]
    assert f'href="/app/g/{house.goal("rosenda")}/numbers"' in why[: why.index("</details>")]


def test_rules_stand_with_their_sentence_numbers_and_errors(house: House) -> None:
    """What a rule points to is never alone."""
    html = page_of(house, "rosenda")
    said = words_of(html)
    assert "As of 23 November 2026, from the scores since 23 July 2026: n = 14." in said
    assert "Points to: going on as now. The last 4 scores are not all on one side of the aim line." in said
    assert "Scores looked at, oldest first: 28, 34, 35, 34. n = 14, at least 6 needed." in said
    assert "In 10 weeks the trend moves by 10.8 (between 9.4 and 12.1, with 80 percent confidence)" in said
    assert ["6%", "10%"] == row_of(html, "On the line, one look")
    assert ["44%", "39%"] == row_of(
        html, "On the line, looked at every week: wrongly told to change at least once by week 20"
    )
    assert ["64%", "58%"] == row_of(html, "Not growing, one look at week 14")
    assert "simulated" in said


def test_trend_and_forecast_have_ranges_and_both_chances(house: House) -> None:
    """Each chance says which question it answers."""
    html = page_of(house, "rosenda")
    assert ["1.08 letters a week", "80% interval 0.94 to 1.21, standard error 0.101"] == row_of(
        html, "Growth"
    )
    assert "14 of 14" == row_of(html, "Scores")[0]
    assert "7" == row_of(html, "Weeks needed")[0]
    assert "S = 76, p < 0.001" == row_of(html, "Mann-Kendall")[0].replace("&lt;", "<")
    assert "-0.602" == row_of(html, "Autocorrelation")[0]
    assert ["30%", "answers: will one score on that day reach the goal?"] == row_of(
        html, "Chance for a single"
    )
    assert ["18%", "answers: will the line under the scores have reached the goal?"] == row_of(
        html, "Chance for the trend"
    )
    assert "35.5 to 41.9" == row_of(html, "The same, plain")[0]


def test_phases_are_compared_with_sizes_and_their_variant(house: House) -> None:
    """The older ones behind one more disclosure; nobody is named in the text to copy."""
    html = page_of(house, "rosenda")
    assert "15" == row_of(html, "<q")[1]
    assert ["0.989", "0.018", "0.638 to 1.000", "se_unbiased"] == row_of(html, "NAP")
    folded = html[html.index("Older effect sizes: PND") :]
    assert "IRD, improvement rate difference" in folded[: folded.index("</details>")]
    text = html[html.index("<textarea") : html.index("</textarea>")]
    assert "NAP, nonoverlap of all pairs\t0.989\t0.018" in text
    assert "Rosenda" not in text


def test_few_scores_are_told_with_reasons_in_words(house: House) -> None:
    """No forecast, no trend, no p: each says why."""
    html = page_of(house, "maya")
    assert ["–", "told from 6 scores on"] == row_of(html, "Growth")
    assert ["–", "too few scores"] == row_of(html, "Forecast")
    assert "Fewer than 14 scores: read it with caution." in html
    assert "As soon as a change in teaching is noted" in html


def test_a_goal_without_scores_has_nothing_to_weigh(house: House) -> None:
    """And says so."""
    html = page_of(house, "luca", key="next")
    assert "No score yet" in html
    assert ["–", "too few scores"] == row_of(html, "Mann-Kendall")


@pytest.mark.parametrize("who", ["moss", "eklund"])
def test_who_reads_own_scores_only_gets_a_line_instead(house: House, who: str) -> None:
    """Numbers made of everybody's scores would tell the others'."""
    html = page_of(house, "maya", as_=who, key="words")
    assert "These numbers stay closed here" in html
    assert "<table" not in html


def test_opening_is_an_access_event(house: House) -> None:
    """Like the goal's page; and a refusal is one too."""
    page_of(house, "rosenda")
    assert 404 == house.get(f"/app/g/{house.goal('rosenda')}/numbers", as_="moss").status_code
    with house.wired.store(house.wired.doors.sites()[0].id).read() as uow:
        trail = [one for one in uow.audit.of_student(house.student("rosenda")) if one.what == "numbers"]
    assert {(AuditKind.READ, house.adult("halloran")), (AuditKind.REFUSED, house.adult("moss"))} == {
        (one.kind, one.actor_id) for one in trail
    }


def test_the_page_speaks_spanish(house: House) -> None:
    """Numbers as Spanish readers here write them."""
    html = page_of(house, "rosenda", lang="es")
    assert "Para especialistas" in html
    assert "letras por semana" in html
    assert "Points to" not in html


@pytest.mark.parametrize(
    ("value", "low", "high", "decimals"),
    [
        (1.8, 1.6, 2.0, 1),
        (1.08, 0.94, 1.21, 2),
        (0.04, 0.02, 0.06, 2),
        (0.004, 0.001, 0.007, 3),
        (0, 0, 0, 1),
    ],
)
def test_a_weekly_rate_has_decimals_enough(value: float, low: float, high: float, decimals: int) -> None:
    """Small growth is not shown as nothing, and the ends of its range differ."""
    assert decimals == decimals_for(value, low, high)


@pytest.mark.parametrize(
    ("value", "lang", "decimals", "text"),
    [
        (2, "en", 1, "2.0"),
        (1.25, "en", 2, "1.25"),
        (-0.5, "en", 2, "-0.50"),
        (2, "prs", 1, "۲٫۰"),
        (3, "en", 0, "3"),
    ],
)
def test_a_rate_keeps_its_decimals(value: float, lang: str, decimals: int, text: str) -> None:
    """2.0 says more than 2."""
    assert text == fixed_number(value, lang, decimals)
