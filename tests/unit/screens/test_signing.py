"""Signing: everything in full, then yes or no with one's name; changed words are read again; back in time."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import uuid4

from iepcore.plan.document import ConsentKind, ParentConsent, ParentConsentState
from lti_app.screens.page import Frame
from lti_app.screens.signing import kind_words
from tests.unit.screens.conftest import House


def consent(house: House) -> ParentConsent:
    """Return the signature that is asked for about Luca's plan."""
    with house.wired.store(house.wired.doors.sites()[0].id).read() as uow:
        return next(
            one for one in uow.plans.consents_of(house.student("luca")) if one.kind is ConsentKind.PLAN
        )


def path(house: House, child: str = "luca") -> str:
    """Return the page of that signature."""
    return f"/app/my/{house.student(child)}/sign/{consent(house).id}"


def fields(page: str) -> dict[str, str]:
    """Return the hidden values of the forms of a page."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


def act(house: House, does: str, *, as_: str = "bruna", **more: object) -> object:
    """Press one of the buttons, with what the page before carried."""
    step = house.post(path(house), {"act": "next"}, as_=as_)
    return house.post(path(house), fields(step.text) | {"act": does} | more, as_=as_)


def test_everything_is_read_before_anything_is_signed(house: House) -> None:
    """The first step has no yes; the second has the name, yes, no and not now, and the words again."""
    first = house.get(path(house), as_="bruna", lang="en").text
    for words in ("What you would sign", "Do you agree to this change of the plan?", "I have read it. Go on"):
        assert words in first
    assert 'value="sign"' not in first
    second = house.post(path(house), {"act": "next"}, as_="bruna").text
    assert 'value="sign"' in second
    assert 'value="decline"' in second


def test_yes_keeps_the_hash_of_what_was_shown(house: House) -> None:
    """In the language it was read in; the plan page says thanks; the signature can be taken back."""
    answer = act(house, "sign")
    assert ("signed", f"/app/my/{house.student('luca')}/doc") == (
        answer.headers["Rapport-Said"],
        answer.headers["Rapport-Goto"],
    )
    given = consent(house)
    assert given.signature is not None
    assert ParentConsentState.GIVEN is given.state
    assert "You signed on 23 November 2026." in house.get(path(house), as_="bruna", lang="en").text
    again = house.get(path(house), as_="bruna", lang="en").text
    back = house.post(path(house), fields(again) | {"act": "back"}, as_="bruna")
    assert "signature_back" == back.headers["Rapport-Said"]
    assert ParentConsentState.REVOKED is consent(house).state
    assert "Your signature was taken back." in house.get(path(house), as_="bruna", lang="en").text


def test_no_is_kept(house: House) -> None:
    """With one tap, and shown as what was said."""
    assert "declined" == act(house, "decline").headers["Rapport-Said"]
    assert "You said no." in house.get(path(house), as_="bruna", lang="en").text


def test_words_that_changed_are_read_again(house: House) -> None:
    """Another hash, or another version of the question: nothing is signed, the first step comes back."""
    for bent in ({"shown": "0" * 64}, {"version": "7"}):
        answer = act(house, "sign", **bent)
        assert 409 == answer.status_code
        assert ParentConsentState.REQUESTED is consent(house).state


def test_bent_forms_and_other_people_find_nothing(house: House) -> None:
    """No such button, no number, another child's address, another family, staff: the neutral answer."""
    assert 404 == act(house, "no such").status_code
    assert 404 == act(house, "sign", version="x").status_code
    assert 404 == house.get(path(house, "maya"), as_="bruna").status_code
    assert 404 == house.get(f"/app/my/{house.student('luca')}/sign/{uuid4()}", as_="bruna").status_code
    for who in ("dana", "halloran", "carl"):
        assert 404 == house.get(path(house), as_=who).status_code


def test_state_of_an_answered_consent_is_told(house: House) -> None:
    """The time is over, nobody answered: said in words, without a button."""
    site = house.wired.doors.sites()[0].id
    for state, words in (
        (ParentConsentState.EXPIRED, "The time for this is over."),
        (ParentConsentState.NO_RESPONSE, "The school waited for an answer and closed this."),
    ):
        with house.wired.store(site).write() as uow:
            now = uow.plans.consent(consent(house).id)
            assert now is not None
            uow.plans.save_consent(
                replace(now, state=state, of_id=house.adult("bruna"), version=now.version + 1)
            )
        page = house.get(path(house), as_="bruna", lang="en").text
        assert words in page
        assert 'value="next"' not in page


def test_what_is_asked_without_a_plan_shows_its_words_alone(house: House) -> None:
    """A consent to test a child: the words, and no plan."""
    site = house.wired.doors.sites()[0].id
    with house.wired.store(site).write() as uow:
        now = uow.plans.consent(consent(house).id)
        assert now is not None
        uow.plans.save_consent(replace(now, version_id=None, version=now.version + 1))
    page = house.get(path(house), as_="bruna", lang="en").text
    assert "Do you agree to this change of the plan?" in page
    assert "Goals" not in page


def test_every_kind_has_its_words() -> None:
    """Each kind of consent says in one sentence what the school asks for."""

    class Words:
        """Stands in for a frame: its words are the English ones."""

        def words(self, message: str) -> str:
            return message

    frame: Frame = Words()  # type: ignore[assignment]
    assert len(ConsentKind) == len({kind_words(frame, kind) for kind in ConsentKind})
