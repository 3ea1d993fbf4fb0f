"""The check-in: one short page for every pupil of a course, the same for all, that keeps and sends nothing.

Three things to look at before going on. It asks nothing about anybody, so it tells nothing about anybody: a
pupil with a plan and one without get the same bytes. Drafted, not yet reviewed by native speakers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Response, make_response, render_template

from iepcore.language import direction_of, own_name
from lti_app.doors.lti.placements import PUBLIC_CHECK_IN_PATH
from lti_app.screens.words import choose_language


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInWords:
    """The page in one language."""

    title: str
    lead: str
    lines: tuple[str, str, str]
    after: str
    languages: str


CHECK_IN: Final[dict[str, CheckInWords]] = {
    "en": CheckInWords(
        title="Check-in",
        lead="Take one minute before you go on. Nothing here is saved, sent or graded.",
        lines=(
            "I know what I am working on now.",
            "I have what I need for it.",
            "I know whom to ask when I get stuck.",
        ),
        after="Something is missing? Tell your teacher, or ask somebody next to you.",
        languages="Language",
    ),
    "es": CheckInWords(
        title="Antes de empezar",
        lead="Tómate un minuto antes de seguir. Aquí no se guarda, no se envía y no se califica nada.",
        lines=(
            "Sé en qué estoy trabajando ahora.",
            "Tengo lo que necesito.",
            "Sé a quién preguntar si me atasco.",
        ),
        after="¿Falta algo? Dile a tu maestra o maestro, o pregunta a quien tienes al lado.",
        languages="Idioma",
    ),
    "prs": CheckInWords(
        title="پیش از شروع",
        lead="پیش از ادامه یک دقیقه وقت بگیر. اینجا هیچ چیز ذخیره، فرستاده یا نمره داده نمی‌شود.",
        lines=(
            "می‌دانم که حالا روی چه کار می‌کنم.",
            "چیزهایی را که لازم دارم، دارم.",
            "می‌دانم که اگر بند بمانم از کی بپرسم.",
        ),
        after="چیزی کم است؟ به معلمت بگو یا از کسی که پهلویت است بپرس.",
        languages="زبان",
    ),
}


def check_in_answer(wanted: str | None) -> Response:
    """Return the page in the language wanted, else in English."""
    lang = choose_language((wanted or "").replace("_", "-"), family=True)
    body = render_template(
        "door/check_in.html",
        lang=lang,
        dir=direction_of(lang),
        words=CHECK_IN[lang],
        languages=[(tag, own_name(tag), f"{PUBLIC_CHECK_IN_PATH}?lang={tag}") for tag in CHECK_IN],
    )
    return make_response(body)
