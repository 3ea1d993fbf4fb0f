"""One page: language, words and frame chosen for the viewer, one template rendered with finished values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import g, render_template, request
from markupsafe import Markup, escape

from iepcore.errors import InvalidValue
from iepcore.language import (
    SegmentKind,
    Value,
    advice_phrase,
    direction_of,
    own_name,
    segments,
)
from iepcore.language.rendering import NOT_LANGUAGE, UNDETERMINED
from iepcore.people import Adult
from lti_app.doors.lti.administrators import is_administrator
from lti_app.doors.lti.roles import Standing
from lti_app.screens.administrator_menu import administrator_nav
from lti_app.screens.parts import screen_parts
from lti_app.screens.words import FAMILY_LANGUAGES, STAFF_LANGUAGES, catalogue, choose_language
from lti_app.session.viewer import Viewer

_TURNING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Characters that turn the direction of what follows: a title cannot isolate a name, so it goes without."""

_OUR_WORDS = frozenset({SegmentKind.WORDS, SegmentKind.NUMBER, SegmentKind.DATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every screen needs around its own values. ``zone`` is the school's, ``here`` the reader's own."""

    viewer: Viewer
    lang: str
    family: bool
    zone: ZoneInfo
    here: ZoneInfo

    def words(self, message: str, **slots: object) -> str:
        """Return a screen word in this frame's language, slots filled."""
        text = catalogue(self.lang).gettext(message)
        return text % slots if slots else text

    def count_words(self, one: str, many: str, number: int, **slots: object) -> str:
        """Return a screen word with the plural form of ``number`` (slot ``number``)."""
        return catalogue(self.lang).ngettext(one, many, number) % {"number": number, **slots}

    def say(self, part: Value, lang: str | None = None) -> Markup:
        """Return domain words as HTML: catalogue text in the reader's language, other-direction runs
        isolated."""
        return say(part, lang or self.lang)

    def local(self, at: datetime) -> datetime:
        """Return an instant as the reader's own clock shows it. A day of school is another question: it is
        counted in the school's ``zone``."""
        return at.astimezone(self.here)


def say(part: Value, lang: str) -> Markup:
    """Return one part of a message as HTML; free text keeps its own language and direction."""
    out = Markup("")
    for piece in segments(part, lang):
        if piece.kind in _OUR_WORDS and piece.lang == lang:
            out += escape(piece.text)
        elif piece.lang in {UNDETERMINED, NOT_LANGUAGE}:
            out += Markup("<bdi>{}</bdi>").format(piece.text)
        else:
            out += Markup('<bdi lang="{}" dir="{}">{}</bdi>').format(piece.lang, piece.dir, piece.text)
    return out


def frame_of(viewer: Viewer, *, family: bool | None = None) -> Frame:
    """Return the frame for a viewer: the language asked for on the page, else the adult's own, else the
    LMS'."""
    is_family = viewer.family if family is None else family
    wanted = request.args.get("lang") or request.headers.get("Rapport-Lang")
    adult = screen_parts().adult(viewer)
    if not wanted:
        wanted = adult.reads if adult is not None and is_family else viewer.locale
    school = ZoneInfo(viewer.site.zone)
    return Frame(
        viewer=viewer,
        lang=choose_language(wanted, family=is_family),
        family=is_family,
        zone=school,
        here=_own_zone(adult) or school,
    )


def _own_zone(adult: Adult | None) -> ZoneInfo | None:
    """Return the zone an adult's LMS told for them, if this machine knows it."""
    try:
        return ZoneInfo(adult.zone) if adult is not None and adult.zone else None
    except (OSError, ValueError, ZoneInfoNotFoundError):  # told by another machine, with other zones
        return None


def page(
    frame: Frame,
    template: str,
    *,
    title: str,
    current: str = "",
    nav: Sequence[tuple[str, str, str]] = (),
    **values: object,
) -> str:
    """Render ``screens/<template>`` in its frame. ``nav`` rows are (key, words, path); ``current`` a key."""
    offered = FAMILY_LANGUAGES if frame.family else STAFF_LANGUAGES
    title = title.translate(_TURNING)
    g.page_lang = frame.lang
    who = frame.viewer.display_name or ""
    adult = screen_parts().adult(frame.viewer)
    if adult is not None:
        who = adult.name
    rows = nav or _nav_of(frame)
    return render_template(
        f"screens/{template}",
        frame=frame,
        lang=frame.lang,
        dir=direction_of(frame.lang),
        title=f"{title} · {frame.viewer.site.name}",
        heading=title,
        who=who,
        initials=initials(who),
        home="/app/",
        family=frame.family,
        nav=[(words, path, key == current) for key, words, path in rows],
        languages=[(tag, own_name(tag), _same_page(tag)) for tag in offered],
        _=frame.words,
        ngettext=frame.count_words,
        say=frame.say,
        said=request.args.get("said", ""),
        **values,
    )


def _nav_of(frame: Frame) -> tuple[tuple[str, str, str], ...]:
    if frame.family:
        return family_nav(frame)
    viewer = frame.viewer
    if viewer.adult_id is None or not is_administrator(viewer.roles):
        return staff_nav(frame)  # nobody else pays for the question
    if not screen_parts().console(viewer).may_look():
        return staff_nav(frame)
    theirs = administrator_nav(frame.words)
    return theirs if viewer.standing is Standing.ADMIN else (*staff_nav(frame), *theirs)


def staff_nav(frame: Frame) -> tuple[tuple[str, str, str], ...]:
    """Return the staff pages."""
    return (
        ("today", frame.words("Today"), "/app/today"),
        ("record", frame.words("Record"), "/app/record"),
        ("duties", frame.words("Duties"), "/app/duties"),
    )


def family_nav(frame: Frame) -> tuple[tuple[str, str, str], ...]:
    """Return the family's pages."""
    return (
        ("my", frame.words("My child"), "/app/my"),
        ("plan", frame.words("Plan"), "/app/my/doc"),
    )


def initials(name: str) -> str:
    """Return up to two initials of a name."""
    words = [word for word in name.replace("-", " ").split() if word[:1].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


def advice(error: InvalidValue, frame: Frame) -> Markup:
    """Return what to do about a refused value, in the reader's language."""
    return frame.say(advice_phrase(error))


def _same_page(tag: str) -> str:
    return f"{request.path}?lang={tag}"
