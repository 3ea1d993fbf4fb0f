"""Placements: from where in the platform somebody came, resolved to the first screen they get.

Canvas names the placement in a claim of its own; elsewhere the kind of message and the target say it. A
navigation that belongs to no course (account, user, global) opens without one, whatever context comes along.
"""

from __future__ import annotations

from lti_app.doors.lti.id_token import LINK_REQUEST
from lti_app.doors.lti.roles import Standing

FIRST_PATH = "/app/"
CHECK_IN_PATH = "/app/check-in"
PUBLIC_CHECK_IN_PATH = "/check-in"
CARD_PATH = "/app/card"
CHOOSE_PATH = "/app/choose"

OUTSIDE_COURSES = frozenset({"account_navigation", "global_navigation", "user_navigation"})
_PASSERS_BY = frozenset({Standing.LEARNER, Standing.FAMILY, Standing.TEST_USER})


def first_path(*, message_type: str, asked: str | None, card_of: str | None) -> str:
    """Return the path of the first screen. ``asked`` is the target's path when it is ours; only screens
    count.
    """
    if message_type == LINK_REQUEST:
        return CHOOSE_PATH
    if card_of is not None:
        return CARD_PATH
    return asked if asked is not None and asked.startswith(FIRST_PATH) else FIRST_PATH


def opens_check_in(path: str, standing: Standing) -> bool:
    """Whether this launch gets the check-in page: the same for every pupil and parent, and no session."""
    return path.partition("?")[0] == CHECK_IN_PATH and standing in _PASSERS_BY
