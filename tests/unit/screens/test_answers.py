"""Answers nobody could match, on a screen: read by whom they concern, put in place, passed on, set aside."""

from __future__ import annotations

from uuid import uuid4

import pytest

from iepcore.caseload import REPLIES
from iepcore.ids import OutboxId
from iepcore.notices import IncomingReply, KeptReply, ReplyKind
from iepcore.people import AddressKind, ChannelAddress
from tests.unit.delivery.test_replies import WorkingHouse, _left
from tests.unit.screens.test_outbox import road, working

__all__ = ["road", "working"]


def _came(working: WorkingHouse, item_id: OutboxId | None = None, text: str = "It is me, Elena") -> KeptReply:
    """Let an answer come from an address nobody knows."""
    site = working.house.wired.doors.sites()[0]
    return working.house.wired.job(site, REPLIES.job).replies.take(
        IncomingReply(
            kind=ReplyKind.ANSWER,
            platform_id=str(uuid4()),
            sender=ChannelAddress(kind=AddressKind.MAIL, value="moms.work@example.org"),
            received_at=working.house.clock(),
            item_id=item_id,
            text=text,
        )
    )


def test_the_sender_puts_it_into_the_conversation(working: WorkingHouse) -> None:
    """Today says that one needs a look; it is read with its reason and put in place, marked as such."""
    kept = _came(working, _left(working).id)
    today = working.house.get("/app/today", as_="halloran").text
    shown = working.house.get("/app/answers", as_="halloran").text
    place = f"{working.house.student('lucia')}.{working.house.adult('elena')}"

    assert "1 answer needs a look" in today
    for words in ("It is me, Elena", "moms.work@example.org", "came from another address"):
        assert words in shown
    form = {"do": "attach", "reply": str(kept.id), "place": place}
    done = working.house.post("/app/answers", form, as_="halloran")
    assert ("/app/answers", "answer_done") == (done.headers["Rapport-Goto"], done.headers["Rapport-Said"])
    talk = working.house.get(f"/app/g/{working.house.goal('lucia')}/talk", as_="halloran").text
    assert "It is me, Elena" in talk
    assert "came by Mail, put here by Priya Halloran" in talk
    again = working.house.post("/app/answers", form, as_="halloran")
    assert 409 == again.status_code
    assert "Somebody has dealt with this answer" in again.text


def test_an_officer_passes_it_on_and_the_case_manager_sets_it_aside(working: WorkingHouse) -> None:
    """What nothing ties stands with the records officer first; nobody else sees a word of it."""
    kept = _came(working)
    officer = working.house.get("/app/answers", as_="ames").text
    assert "Nothing ties it to one notice" in officer
    assert "It is me, Elena" in officer
    assert "Put it into the conversation" not in officer
    assert "It is me" not in working.house.get("/app/answers", as_="halloran").text
    assert "Nothing to look at" in working.house.get("/app/answers", as_="eklund").text

    to = str(working.house.adult("halloran"))
    passed = working.house.post("/app/answers", {"do": "pass", "reply": str(kept.id), "to": to}, as_="ames")
    assert 200 == passed.status_code
    assert "It is me" in working.house.get("/app/answers", as_="halloran").text
    aside = working.house.post("/app/answers", {"do": "aside", "reply": str(kept.id)}, as_="halloran")
    assert 200 == aside.status_code
    assert "Nothing to look at" in working.house.get("/app/answers?said=answer_done", as_="halloran").text


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"do": "sing"}, 422),
        ({"do": "attach", "place": "x"}, 422),
        ({"do": "pass", "to": "x"}, 422),
        ({"do": "aside", "reply": str(uuid4())}, 404),
    ],
)
def test_forms_that_do_not_fit_change_nothing(
    working: WorkingHouse, form: dict[str, str], status: int
) -> None:
    """They say so, and the answer is still there."""
    kept = _came(working, _left(working).id)
    answer = working.house.post("/app/answers", {"reply": str(kept.id)} | form, as_="halloran")

    assert status == answer.status_code
    assert "It is me" in working.house.get("/app/answers", as_="halloran").text
