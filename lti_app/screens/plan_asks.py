"""One step of a plan as a short form: what is asked, what was typed, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import Response, make_response
from markupsafe import Markup

from iepcore.errors import IepError, IllegalMove, InvalidValue
from iepcore.language import Phrase
from lti_app.screens.choices import Options
from lti_app.screens.page import Frame, page
from lti_app.screens.plan_changes import ChangeLine
from lti_app.screens.plan_choices import error_words
from lti_app.screens.plan_fields import Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One field. ``kind``: box, date, select, tiles, check or text; ``is_read``: others read these words."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    options: Options = field(default_factory=list)
    optional: str = ""
    rows: int = 3
    is_read: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPage:
    """Everything a step's page says beside its fields. ``buttons`` are (words, value of ``do``, kind)."""

    child: str
    heading: str
    lead: str
    back: str
    action: str
    asks: Sequence[Ask]
    buttons: Sequence[tuple[str, str, str]]
    hidden: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[Markup | str] = ()
    lines: Sequence[ChangeLine] = ()
    lacking: Sequence[tuple[Markup | str, str, str]] = ()
    links: Sequence[tuple[str, str]] = ()
    steps: Sequence[tuple[str, str, str]] = ()
    after: str = ""
    keep: str = ""
    saved_words: str = ""
    resumed: str = ""


def show_step(
    frame: Frame,
    step: StepPage,
    typed: Typed,
    errors: Mapping[str, InvalidValue] | None = None,
    *,
    refused: Markup | str = "",
) -> Response:
    """Return a step's page: 422 with what is wrong at its field, 409 with a refusal of the rules, else 200.
    What was typed stands in it again.
    """
    wrong = {name: error_words(frame, error) for name, error in (errors or {}).items()}
    names = {one.name: one.label for one in step.asks}
    body = page(
        frame,
        "plan_ask.html",
        title=step.heading,
        **{name: getattr(step, name) for name in step.__slots__ if name != "heading"},
        typed=typed,
        wrong=wrong,
        errors=[
            (name, Markup("{}: {}").format(names[name], words)) if name in names else ("page", words)
            for name, words in wrong.items()
        ],
        refused=refused,
        readers=frame.words(
            "The child’s team and parents with the right to see records read this. "
            "It is part of the school record."
        ),
    )
    return make_response(body, 422 if wrong else 409 if refused else 200)


def rule_words(frame: Frame, error: IepError) -> Markup:
    """Return a refusal of the rules as a case manager reads it: what to do, and where the rule stands."""
    params = {key: value for key, value in error.params.items() if key != "field"}
    phrase = Phrase(key=error.advice_key, params=params)
    words = frame.say(phrase)
    rule = error.params.get("rule") if isinstance(error, IllegalMove) else None
    return Markup('{} <span class="soft">{}</span>').format(words, rule) if rule else words


def newer_words(frame: Frame) -> str:
    """Return that a colleague was faster, and that nothing happened yet."""
    return frame.words("A colleague changed it meanwhile. This is how it stands now; nothing was done yet.")
