"""Titles that others see: one line for a place outside the tool, held to the rule of notices."""

from __future__ import annotations

from collections.abc import Iterable

from iepcore.errors import InvalidValue
from iepcore.notices.gate import check_content_free

LONGEST_TITLE = 80


def neutral_title(text: str, *, names: Iterable[str] = (), usual: str = "") -> str:
    """Return a title for an LMS as one line, or refuse it.

    ``names`` are those of the pupils of the course, with a plan or without: checked against anything else, a
    refusal would tell who has a record. ``usual`` is a title everybody may have.

    Raises:
        InvalidValue: ``title_empty``, ``title_long`` (over 80 characters), ``title_names_plan`` or
            ``title_names_pupil``; the error never repeats the word found.
    """
    title = " ".join(text.split())
    if not title:
        raise InvalidValue("title_empty", field="title")
    if len(title) > LONGEST_TITLE:
        raise InvalidValue("title_long", field="title", params={"limit": LONGEST_TITLE})
    try:
        check_content_free(title, names=names, usual=usual)
    except InvalidValue as refusal:
        if refusal.code == "notice_names_plan":
            raise InvalidValue("title_names_plan", field="title") from None
        raise InvalidValue("title_names_pupil", field="title") from None
    return title
