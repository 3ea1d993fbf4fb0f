"""The office's books on screens: the trail, requests, who outside got what, openings; and a family's page."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from iepcore.access import OpeningReason, RequestState
from iepcore.ports import Store
from iepcore.testing.store_values import an_event
from lti_app.demo.caseload import demo_id
from tests.unit.screens.conftest import House

KEY_FIELD = re.compile(r'name="client_key" value="[^"]+"')
WORDS = "The bus did not come and nobody of the team answers."


def requests_of(house: House, child: str) -> list[str]:
    """Return the states of a child's requests."""
    with _store(house).read() as uow:
        found = uow.disclosures.requests_of_students({house.student(child)})
        return [one.state.value for one in found]


def opening(house: House, name: str = "Maya", **changes: str) -> dict[str, str]:
    """Return the form that opens a record with a reason."""
    form = {"why": "cover", "words": WORDS, "name": name, "born_on": "", "client_key": str(house.key())}
    return form | changes


class TestTrail:
    def test_the_officer_reads_what_was_done(self, house: House) -> None:
        """Who, what, which child, by which rule, newest first; the look itself is there the next time."""
        house.get(f"/app/c/{house.student('maya')}", as_="halloran")

        first = house.get("/app/trail", as_="ames").text
        second = house.get("/app/trail", as_="ames").text

        assert "Priya Halloran" in first
        assert "Looked at: the record, <bdi>Maya</bdi>" in first
        assert "34 CFR" in first
        assert "Looked at: this trail" in second

    def test_rows_are_asked_for_by_form(self, house: House) -> None:
        """By child, person, kind and day; nothing of it stands in an address."""
        house.get(f"/app/c/{house.student('maya')}", as_="halloran")
        form = {"student": str(house.student("theo")), "adult": "", "kind": "read", "since": "", "until": ""}

        page = house.post("/app/trail", form, as_="ames").text
        none = house.post("/app/trail", {**form, "until": "2001-01-01"}, as_="ames").text
        odd = house.post("/app/trail", {"student": "x", "kind": "x", "since": "x", "before": "x"}, as_="ames")

        assert "<bdi>Maya</bdi>" not in page.split("Rows</h2>")[1]
        assert "No row is like that." in none
        assert 200 == odd.status_code

    def test_a_file_is_noted_and_holds_no_formula(self, house: House) -> None:
        """Every row with its hash; that it was taken is a row."""
        answer = house.post("/app/trail/file", {}, as_="ames")
        rows = list(csv.reader(io.StringIO(answer.text.lstrip("﻿"))))

        assert "text/csv; charset=utf-8" == answer.headers["Content-Type"]
        assert ["row", "at", "who", "did", "what", "child", "by", "rule", "hash"] == rows[0]
        assert all(64 == len(row[-1]) for row in rows[1:])
        assert not any(cell[:1] in "=+-@" for row in rows[1:] for cell in row if cell)
        assert "trail_file" in house.post("/app/trail/file", {}, as_="ames").text

    def test_older_rows_are_a_page_away(self, house: House) -> None:
        """A hundred rows a page; the next one begins where this one ended."""
        with _store(house).write() as uow:
            for _ in range(130):
                uow.audit.add(an_event(None))
        page = house.get("/app/trail", as_="ames").text
        before = page.split('name="before" value="')[1].split('"')[0]

        older = house.post("/app/trail", {"before": before}, as_="ames").text

        assert "Newest rows" in older
        assert f"Row {int(before) - 1}<" in older

    @pytest.mark.parametrize("name", ["halloran", "dana", "eklund"])
    def test_nobody_else_sees_it(self, house: House, name: str) -> None:
        """Neither staff nor family."""
        assert 404 == house.get("/app/trail", as_=name).status_code
        assert 404 == house.post("/app/trail/file", {}, as_=name).status_code


class TestRequests:
    def test_a_family_asks_in_two_taps(self, house: House) -> None:
        """From its page one tap leads there and one sends; a second send of it changes nothing."""
        path = f"/app/my/{house.student('maya')}"
        assert f'href="{path}/seen"' in house.get(path, as_="dana").text
        form = {"client_key": str(house.key()), "way": "look", "about": ""}

        assert 200 == house.post(f"{path}/ask", form, as_="dana").status_code
        assert 200 == house.post(f"{path}/ask", form, as_="dana").status_code

        page = house.get(f"{path}/seen", as_="dana").text
        assert ["open"] == requests_of(house, "maya")
        assert "You asked to see it" in page
        assert "The school must show it by" in page
        assert "45 days after it was asked" in page

    def test_a_family_takes_it_back(self, house: House) -> None:
        """It ends, and the form is there again."""
        path = f"/app/my/{house.student('maya')}"
        house.post(f"{path}/ask", {"client_key": str(house.key()), "way": "copies"}, as_="dana")
        page = house.get(f"{path}/seen", as_="dana").text
        request = page.split('name="request" value="')[1].split('"')[0]

        house.post(f"{path}/ask", {"do": "back", "request": request}, as_="dana")

        assert ["ended"] == requests_of(house, "maya")
        assert "Send the request" in house.get(f"{path}/seen", as_="dana").text

    def test_words_that_are_too_long_come_back(self, house: House) -> None:
        """With what was typed, and nothing stored."""
        path = f"/app/my/{house.student('maya')}/ask"
        form = {"client_key": str(house.key()), "way": "look", "about": "a" * 501}
        answer = house.post(path, form, as_="dana")

        assert 422 == answer.status_code
        assert "a" * 501 in answer.text
        assert 422 == house.post(path, {**form, "way": "x", "about": ""}, as_="dana").status_code
        assert [] == requests_of(house, "maya")

    def test_the_office_sees_both_limits_and_meets_it(self, house: House) -> None:
        """The seeded letter about Luca: the day before the planned meeting counts; met, it is over."""
        page = house.get("/app/requests", as_="ames").text
        request = page.split('name="request" value="')[1].split('"')[0]

        assert "The day before the next meeting" in page
        assert "this one counts" in page
        met = house.post(
            "/app/requests", {"do": "answer", "request": request, "answer": "copies_given"}, as_="ames"
        )

        assert 200 == met.status_code
        assert ["answered"] == requests_of(house, "luca")
        again = house.post(
            "/app/requests", {"do": "answer", "request": request, "answer": "looked"}, as_="ames"
        )
        assert 409 == again.status_code

    def test_a_later_day_needs_how_they_agreed(self, house: House) -> None:
        """No note, no day; with both they stand beside the limits, which stay."""
        page = house.get("/app/requests", as_="ames").text
        request = page.split('name="request" value="')[1].split('"')[0]
        later = (house.clock().date() + timedelta(days=90)).isoformat()
        form = {"do": "agree", "request": request, "agreed_to": later, "agreed_note": ""}

        assert 422 == house.post("/app/requests", form, as_="ames").status_code
        assert 422 == house.post("/app/requests", {**form, "agreed_to": ""}, as_="ames").status_code
        assert (
            200 == house.post("/app/requests", {**form, "agreed_note": "by letter"}, as_="ames").status_code
        )
        assert "(by letter)" in house.get("/app/requests", as_="ames").text

    def test_the_office_writes_down_a_letter(self, house: House) -> None:
        """Who asks must be of the child's family; the day cannot lie ahead; the meeting sets the limit."""
        pair = f"{house.student('maya')} {house.adult('dana')}"
        today = house.clock().date()
        form = {
            "do": "note",
            "client_key": str(house.key()),
            "asked": pair,
            "received_on": today.isoformat(),
            "way": "look",
            "about": "reports",
            "meeting_on": (today + timedelta(days=5)).isoformat(),
        }
        wrong = [
            {"asked": f"{house.student('maya')} {house.adult('elena')}"},
            {"asked": "nobody"},
            {"received_on": (today + timedelta(days=1)).isoformat()},
            {"received_on": ""},
            {"received_on": "soon"},
            {"way": "x"},
            {"do": "other", "request": str(house.key())},
        ]
        codes = [house.post("/app/requests", form | one, as_="ames").status_code for one in wrong]

        assert [422] * len(wrong) == codes
        assert 200 == house.post("/app/requests", form, as_="ames").status_code
        assert ["open"] == requests_of(house, "maya")
        page = house.get("/app/requests", as_="ames").text
        request = page.split("<bdi>Maya</bdi>")[1].split('name="request" value="')[1].split('"')[0]
        ended = {"do": "end", "request": request, "end": "no_right", "end_words": ""}
        assert 422 == house.post("/app/requests", ended, as_="ames").status_code
        plan = {"do": "plan", "request": request, "meeting_on": "", "hearing_on": form["meeting_on"]}
        assert 200 == house.post("/app/requests", plan, as_="ames").status_code
        assert "The day before the hearing" in house.get("/app/requests", as_="ames").text
        assert 200 == house.post("/app/requests", {**ended, "end_words": "order"}, as_="ames").status_code
        assert [RequestState.ENDED.value] == requests_of(house, "maya")

    def test_the_case_manager_sees_her_own_and_is_told(self, house: House) -> None:
        """On Today and on the page; she does not settle what she did not write down."""
        assert "asked to see the record" in house.get("/app/today", as_="halloran").text
        page = house.get("/app/requests", as_="halloran").text

        assert "<bdi>Luca</bdi>" in page
        assert "Met today" not in page


class TestDisclosures:
    def test_a_line_is_written_and_corrected(self, house: House) -> None:
        """The family sees the corrected line only; the office sees both."""
        path = f"/app/disclosures/{house.student('theo')}"
        form = {
            "given": "yes",
            "on": house.clock().date().isoformat(),
            "party": "Oak Clinic",
            "what": "the last report",
            "why": "they treat him",
            "basis": "consent",
            "consent_paper": "letter of May",
            "told_to_keep": "1",
            "seal": "open",
        }
        wrong = [{"party": ""}, {"on": ""}, {"on": "2099-01-01"}, {"consent_paper": ""}, {"basis": "x"}]
        assert [422] * 5 == [house.post(path, form | one, as_="ames").status_code for one in wrong]
        assert 200 == house.post(path, form, as_="ames").status_code
        page = house.get(path, as_="ames").text
        line = page.split("?correct=")[1].split('"')[0]
        assert 'value="Oak Clinic"' in house.get(f"{path}?correct={line}", as_="ames").text
        mended = form | {"party": "Elm Clinic", "corrects": line}
        assert 200 == house.post(path, mended, as_="ames").status_code
        assert 422 == house.post(path, mended, as_="ames").status_code

        page = house.get(path, as_="ames").text
        assert "corrected later" in page
        assert "told not to pass it on" in page
        assert "Theo" in house.get("/app/disclosures", as_="ames").text

    @pytest.mark.parametrize("name", ["dana", "eklund"])
    def test_nobody_else_sees_the_office_page(self, house: House, name: str) -> None:
        """Not the family on the office's page, and not who is on no team of the child."""
        path = f"/app/disclosures/{house.student('maya')}"
        assert 404 == house.get(path, as_=name).status_code
        assert 404 == house.post(path, {"on": "2026-01-01"}, as_=name).status_code
        assert 404 == house.get("/app/disclosures", as_=name).status_code


class TestSeen:
    def test_a_family_reads_who_has_seen_it(self, house: House) -> None:
        """Outside parties by name, what was asked and not given, staff by role and day without names."""
        page = house.get(f"/app/my/{house.student('maya')}/seen", as_="dana").text

        assert "Lakeview Summer Clinic" in page
        assert "Bright Steps Tutoring" in page
        assert "asked, not given" in page
        assert "Case manager" in page
        assert "Somebody of the school office, with a written reason" in page
        assert "Priya Halloran" not in page.split("People of the school")[1]

    def test_what_is_sealed_leaves_nothing_behind(self, house: House) -> None:
        """The page is the same, byte for byte but for its keys, as if the sealed line were not there."""
        page = house.get(f"/app/my/{house.student('maya')}/seen", as_="dana").text

        assert "County Court" not in page
        assert "court" not in page.casefold()
        assert "the address" not in page

    def test_an_opening_that_looks_into_a_misuse_is_not_shown(self, house: House) -> None:
        """Nor is it told to the case manager."""
        path = f"/app/my/{house.student('theo')}/seen"
        before = house.get(path, as_="ilona").text
        opened = house.post("/app/openings", opening(house, "Theo", why="security"), as_="ames")
        house.get(f"/app/c/{house.student('theo')}", as_="ames")

        after = house.get(path, as_="ilona").text

        assert 200 == opened.status_code
        assert KEY_FIELD.sub("", before) == KEY_FIELD.sub("", after)
        assert "A misuse of the record" not in house.get("/app/today", as_="halloran").text

    def test_another_family_and_strangers_see_nothing(self, house: House) -> None:
        """The same neutral answer."""
        path = f"/app/my/{house.student('maya')}/seen"
        assert {404} == {house.get(path, as_=name).status_code for name in ("elena", "eklund")}

    @pytest.mark.parametrize("lang", ["es", "prs"])
    def test_it_is_there_in_the_familys_language(self, house: House, lang: str) -> None:
        """No English sentence is left on the page."""
        page = house.get(f"/app/my/{house.student('maya')}/seen?{urlencode({'lang': lang})}", as_="dana").text

        for words in ("Who has seen this", "Send the request", "Outside the school", "People of the school"):
            assert words not in page, words


class TestOpenings:
    def test_a_reason_opens_a_record_for_an_hour(self, house: House) -> None:
        """Before it the office reads nothing; then the page is there; after an hour it is not."""
        path = f"/app/c/{house.student('maya')}"
        assert 404 == house.get(path, as_="ames").status_code

        opened = house.post("/app/openings", opening(house), as_="ames")

        assert 200 == opened.status_code
        assert 200 == house.get(path, as_="ames").status_code
        house.clock.forward(minutes=40)
        assert 200 == house.get(path, as_="ames").status_code
        house.clock.forward(minutes=21)
        assert 404 == house.get(path, as_="ames").status_code

    def test_it_reads_and_writes_nothing(self, house: House) -> None:
        """A score cannot be recorded by way of an opening."""
        house.post("/app/openings", opening(house), as_="ames")
        goal = house.goal("maya")
        answer = house.get(f"/app/g/{goal}/write", as_="ames")
        assert answer.status_code in (403, 404)

    def test_no_reason_no_search(self, house: House) -> None:
        """Words first; then a name that nobody has, or that two have; each is told in words."""
        short = house.post("/app/openings", opening(house, words="because"), as_="ames")
        nobody = house.post("/app/openings", opening(house, "Nobody Here"), as_="ames")
        why = house.post("/app/openings", opening(house, why="x"), as_="ames")
        odd = house.post("/app/openings", opening(house, born_on="soon"), as_="ames")

        assert [422] * 4 == [one.status_code for one in (short, nobody, why, odd)]
        assert "because" in short.text
        with _store(house).read() as uow:
            assert 1 == len(uow.disclosures.openings())

    def test_the_case_manager_is_told_and_takes_note(self, house: House) -> None:
        """Who, when and why, until she says that she read it."""
        house.post("/app/openings", opening(house), as_="ames")
        page = house.get("/app/today", as_="halloran").text
        assert WORDS in page
        for _ in range(2):
            told = house.get("/app/today", as_="halloran").text
            held = told.split('action="/app/openings/told"><input type="hidden" name="opening" value="')[1]
            house.post("/app/openings/told", {"opening": held.split('"')[0]}, as_="halloran")

        assert WORDS not in house.get("/app/today", as_="halloran").text
        assert "The case manager took note" in house.get("/app/openings", as_="ames").text

    def test_it_can_be_closed_before_its_time(self, house: House) -> None:
        """Then the page is gone again, and the family sees that it was opened."""
        house.post("/app/openings", opening(house), as_="ames")
        page = house.get("/app/openings", as_="ames").text
        held = page.split('name="do" value="close"><input type="hidden" name="opening" value="')[1]
        house.clock.forward(minutes=1)

        house.post("/app/openings", {"do": "close", "opening": held.split('"')[0]}, as_="ames")

        assert 404 == house.get(f"/app/c/{house.student('maya')}", as_="ames").status_code

    @pytest.mark.parametrize("name", ["halloran", "dana", "eklund"])
    def test_nobody_else_may(self, house: House, name: str) -> None:
        """Neither a teacher nor a family."""
        assert 404 == house.get("/app/openings", as_=name).status_code
        assert 404 == house.post("/app/openings", opening(house), as_=name).status_code
        assert {OpeningReason.COVER} == {
            one.why for one in _openings(house) if one.id == demo_id("break_glass", "maya")
        }


def _store(house: House) -> Store:
    return house.wired.store(house.wired.doors.sites()[0].id)


def _openings(house: House) -> list:  # type: ignore[type-arg]
    with _store(house).read() as uow:
        return list(uow.disclosures.openings())
