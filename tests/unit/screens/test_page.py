"""The frame around every screen: its language, its navigation, and the initials in its corner."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from markupsafe import Markup

from iepcore.errors import InvalidValue
from iepcore.language import FreeText
from lti_app.screens.page import Frame, advice, initials, say
from lti_app.screens.words import FAMILY_LANGUAGES, STAFF_LANGUAGES, catalogue, choose_language
from tests.unit.screens.conftest import House


def html_tag(page: str) -> tuple[str, str]:
    """Return the language and direction of a page's main region or its document."""
    found = re.search(r'lang="([\w-]+)"[^>]*dir="(\w+)"', page)
    assert found, page[:300]
    return found[1], found[2]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Priya Halloran", "PH"),
        ("María José de la Cruz", "MC"),
        ("Anne-Marie", "AM"),
        ("Cher", "C"),
        ("ÿvette öst", "ŸÖ"),
        ("(Ned) Farrow", "F"),
        ("O'Neil Ames 3rd", "OA"),
        ("پروانه نوری", "پن"),
        ("  ", ""),
        ("", ""),
        ("42", ""),
    ],
)
def test_initials(name: str, expected: str) -> None:
    """First and last word that begin with a letter, one letter each."""
    assert expected == initials(name)


@pytest.mark.parametrize(
    ("wanted", "family", "expected"),
    [
        ("es", False, "es"),
        ("es-MX", False, "es"),
        ("ES_mx".replace("_", "-"), False, "es"),
        ("prs", True, "prs"),
        ("prs-AF", True, "prs"),
        ("prs", False, "en"),
        ("fr", True, "en"),
        ("", True, "en"),
        (None, False, "en"),
        ("../../etc/passwd", True, "en"),
        ("<script>", False, "en"),
        ("x" * 500, True, "en"),
    ],
)
def test_choose_language(wanted: str | None, family: bool, expected: str) -> None:
    """The tag, its language alone, or English; never a file of somebody else's choosing."""
    assert expected == choose_language(wanted, family=family)


def test_a_language_without_a_catalogue_speaks_english() -> None:
    """English is the message itself; an unknown language has no other words either."""
    assert "Today" == catalogue("en").gettext("Today")
    assert "Today" == catalogue("xx").gettext("Today")
    assert "Hoy" == catalogue("es").gettext("Today")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [(None, ("en", "ltr")), ("es", ("es", "ltr")), ("fr", ("en", "ltr")), ("prs", ("en", "ltr"))],
)
def test_staff_screens_speak_the_language_asked_for(
    house: House, asked: str | None, expected: tuple[str, str]
) -> None:
    """By the address and by the page module's header; what is not offered to staff falls back to English."""
    address = f"/app/today?lang={asked}" if asked else "/app/today"
    by_address = house.get(address, as_="halloran")
    by_header = house.get("/app/today", as_="halloran", lang=asked)

    assert (200, expected) == (by_address.status_code, html_tag(by_address.get_data(as_text=True)))
    assert (200, expected) == (by_header.status_code, html_tag(by_header.get_data(as_text=True)))


def test_a_family_begins_in_the_language_it_reads(house: House) -> None:
    """Without being asked: Spanish for Elena, Dari from right to left for Farid."""
    elena = house.get("/app/my", as_="elena").get_data(as_text=True)
    farid = house.get("/app/my", as_="farid").get_data(as_text=True)

    assert ("es", "ltr") == html_tag(elena)
    assert ("prs", "rtl") == html_tag(farid)


def test_a_family_can_read_in_another_language(house: House) -> None:
    """The choice on the page goes before what the profile says, for this page."""
    page = house.get("/app/my?lang=en", as_="farid").get_data(as_text=True)

    assert ("en", "ltr") == html_tag(page)


@pytest.mark.parametrize(
    ("key", "path", "offered"),
    [("halloran", "/app/today", STAFF_LANGUAGES), ("elena", "/app/my", FAMILY_LANGUAGES)],
    ids=["staff", "family"],
)
def test_languages_on_offer_lead_to_the_same_page(
    house: House, key: str, path: str, offered: tuple[str, ...]
) -> None:
    """Every offered language has its address, by its own name; nothing else of the address is kept."""
    page = house.get(f"{path}?said=note_sent", as_=key).get_data(as_text=True)

    assert list(offered) == re.findall(r'href="[^"]*\?lang=([\w-]+)"', page)
    assert "Español" in page
    assert "said=note_sent" not in page


def test_navigation_marks_where_one_is(house: House) -> None:
    """Exactly one entry is the current page."""
    page = house.get("/app/today", as_="halloran").get_data(as_text=True)

    assert 'href="/app/today"' in page
    assert 'href="/app/record"' in page
    assert 1 == page.count('aria-current="page"')


def test_a_family_is_offered_no_staff_page(house: House) -> None:
    """Its navigation holds its own page only."""
    page = house.get("/app/my", as_="elena").get_data(as_text=True)

    assert "/app/today" not in page
    assert "/app/record" not in page


@pytest.mark.parametrize(
    ("key", "path"), [("halloran", "/app/today"), ("halloran", "/app/record"), ("elena", "/app/my")]
)
def test_the_title_speaks_of_no_plan(house: House, key: str, path: str) -> None:
    """Titles stand in histories and on shared screens: page and school."""
    page = house.get(path, as_=key).get_data(as_text=True)

    title = re.search(r"<title>(.*?)</title>", page, flags=re.DOTALL)
    assert title
    assert title[1].endswith("· Cedar Hollow School")
    assert not re.search(r"\bIEP\b|\bplan\b|special|disab", title[1], flags=re.IGNORECASE)


# --------------------------------------------------------------------------------------------------- time


@pytest.mark.parametrize(
    ("zone", "greeting"),
    [
        (None, "Good morning"),
        ("Pacific/Auckland", "Good morning"),
        ("Europe/Madrid", "Good evening"),
        ("Mars/Olympus", "Good morning"),
    ],
)
def test_an_hour_is_the_readers_own(house: House, zone: str | None, greeting: str) -> None:
    """Half past ten at the school is late afternoon in Madrid; an unknown zone counts as the school's."""
    store = house.wired.store(house.wired.doors.sites()[0].id)
    with store.write() as uow:
        adult = uow.people.adult(house.adult("halloran"))
        assert adult is not None
        if zone is not None:
            uow.people.save_adult(replace(adult, zone=zone, version=adult.version + 1))
    assert greeting in house.get("/app/today", as_="halloran").text


def test_a_day_of_school_stays_the_schools(house: House) -> None:
    """In Auckland it is tomorrow already; a score still cannot be dated after today at the school."""
    store = house.wired.store(house.wired.doors.sites()[0].id)
    with store.write() as uow:
        adult = uow.people.adult(house.adult("halloran"))
        assert adult is not None
        uow.people.save_adult(replace(adult, zone="Pacific/Auckland", version=adult.version + 1))
    page = house.get(f"/app/g/{house.goal('maya')}/point", as_="halloran").text
    assert 'max="2026-11-23"' in page


# -------------------------------------------------------------------------------------------------- words


@pytest.fixture
def frame(house: House) -> Frame:
    """A Spanish frame of no viewer in particular."""
    from zoneinfo import ZoneInfo

    zone = ZoneInfo("America/Chicago")
    return Frame(viewer=None, lang="es", family=False, zone=zone, here=zone)  # type: ignore[arg-type]


def test_what_a_person_wrote_is_escaped_and_isolated() -> None:
    """Markup stays text; another direction cannot turn the sentence around it."""
    written = FreeText(text="<b>سلام</b>", lang="prs")

    found = say(written, "en")

    assert '<bdi lang="prs" dir="rtl">&lt;b&gt;سلام&lt;/b&gt;</bdi>' == str(found)
    assert isinstance(found, Markup)


def test_times_are_those_of_the_school(house: House, frame: Frame) -> None:
    """Half past four in London's winter is half past ten in Chicago's."""
    assert (10, 30) == (frame.local(house.clock()).hour, frame.local(house.clock()).minute)


def test_a_refusal_without_words_of_its_own_gets_those_of_its_kind(frame: Frame) -> None:
    """A form must come back with what was typed, whatever was refused: showing the reason never fails."""
    own = advice(InvalidValue("storage_refused_it_in_a_new_way", field="text"), frame)
    kind = advice(InvalidValue(field="text"), frame)

    assert own
    assert kind == own
