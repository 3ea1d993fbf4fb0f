"""Half-written forms of a plan: kept as they are typed, found again, and never taken for the draft itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Response, jsonify, make_response

from iepcore.caseload import Caseload
from iepcore.errors import Conflict, InvalidValue
from iepcore.ids import PlanVersionId, StudentId
from iepcore.language import format_day
from iepcore.plan.document import PartDraft, RawField
from lti_app.screens.choices import plain
from lti_app.screens.page import Frame
from lti_app.screens.plan_fields import Typed

OURS = frozenset({"draft_version", "started_from", "do", "about", "version", "client_key"})
"""Fields of the page itself, which are no words of anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptForm:
    """Which form it is: its name, what it is about, and the version of the plan it belongs to."""

    student_id: StudentId
    form: str
    about: str = ""
    version_id: PlanVersionId | None = None

    def of(self, kept: Iterable[PartDraft]) -> PartDraft | None:
        """Return what its author has typed so far, None when there is nothing."""
        wanted = (self.form, self.about, self.version_id)
        return next((one for one in kept if (one.form, one.about, one.version_id) == wanted), None)


def typed_in(kept: PartDraft) -> dict[str, str]:
    """Return what was typed, as the form has it."""
    return {one.name: one.value for one in kept.fields}


def words_in(form: Mapping[str, str]) -> dict[str, str]:
    """Return the words of a form that came in, without the page's own fields."""
    return {name: value for name, value in form.items() if name not in OURS}


def save(caseload: Caseload, which: KeptForm, form: Typed) -> PartDraft:
    """Keep a form as it came in.

    Raises:
        Conflict: the same form was kept in another window since. InvalidValue: too long, or no text.
    """
    number = form.get("draft_version", "")
    return caseload.drafting.save_form(
        which.student_id,
        which.form,
        tuple(RawField(name=name, value=value) for name, value in words_in(form).items()),
        version=int(number) if number.isdecimal() and len(number) < 10 else 0,
        about=which.about,
        version_id=which.version_id,
        started_from=form.get("started_from", ""),
    )


def save_if_possible(caseload: Caseload, which: KeptForm, form: Typed) -> PartDraft | None:
    """Keep a form beside something else that is said of it; another window's words are not overwritten."""
    try:
        return save(caseload, which, form)
    except (Conflict, InvalidValue):
        return None


def answer_kept(frame: Frame, caseload: Caseload, which: KeptForm, form: Typed) -> Response:
    """Keep a form in the background: the number of what is kept, or both versions when two windows differ."""
    try:
        kept = save(caseload, which, form)
    except InvalidValue as error:
        return make_response(jsonify(words=plain(frame, error.advice_key, **_numbers(error))), 422)
    except Conflict as both:
        other = both.current if isinstance(both.current, PartDraft) else None
        words = frame.words("This form is open in another window, too. Nothing is lost: choose below.")
        body = {
            "words": words,
            "version": other.version if other is not None else 0,
            "other": typed_in(other) if other is not None else {},
        }
        return make_response(jsonify(body), 409)
    return make_response(jsonify(version=kept.version), 200)


def _numbers(error: InvalidValue) -> dict[str, object]:
    return {name: value for name, value in error.params.items() if name != "field"}


def when_kept(frame: Frame, kept: PartDraft) -> str:
    """Return when a form was kept last, in the reader's own time."""
    at = frame.local(kept.saved_at)
    return frame.words(
        "%(day)s, %(time)s", day=format_day(at.date(), frame.lang), time=f"{at.hour}:{at.minute:02d}"
    )
