"""Platforms: where products differ in the services they offer, as data. Nothing else asks which one it is.

Sources: Canvas ``scores_controller.rb`` and ``memberships_provider.rb`` (canvas-lms, read 2026-11); Moodle
``mod/lti/service/gradebookservices`` and ``memberships`` (read 2026-11); AGS 2.0 section 3.4, NRPS 2.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_CANVAS_SUBMISSION = "https://canvas.instructure.com/lti/submission"
_CANVAS_COLUMN = "https://canvas.instructure.com/lti/submission_type"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformRules:
    """How one product behaves.

    ``page_size``: members asked for per page (None: let the platform choose). ``course_as_link``: the roster
    takes the course's own id as ``rlid`` and then adds the custom fields. ``keeps_comments``: each comment is
    added to those before it; otherwise a later score without the comment clears it. ``keeps_score`` goes with
    a score that must not touch the mark, ``quiet_column`` with a column that takes no work from pupils;
    ``stale`` are the statuses for a timestamp that is not newer than the one before.
    """

    name: str
    page_size: int | None = None
    course_as_link: bool = False
    keeps_comments: bool = False
    keeps_score: Mapping[str, Any] = field(default_factory=dict)
    quiet_column: Mapping[str, Any] = field(default_factory=dict)
    stale: frozenset[int] = frozenset({409})


CANVAS = PlatformRules(
    name="canvas",
    page_size=50,  # its default and its most
    course_as_link=True,
    keeps_comments=True,
    keeps_score={
        _CANVAS_SUBMISSION: {
            "new_submission": False,
            "preserve_score": True,
            "prioritize_non_tool_grade": True,
            "submission_type": "none",
        }
    },
    quiet_column={_CANVAS_COLUMN: {"type": "none"}},
    stale=frozenset({400}),
)
MOODLE = PlatformRules(name="moodle", page_size=100)
GENERIC = PlatformRules(name="generic", page_size=100, stale=frozenset({400, 409}))

_BY_FAMILY = {"canvas": CANVAS, "moodle": MOODLE}


def rules_of(family: str | None, *, canvas: bool = False) -> PlatformRules:
    """Return the rules of a product by its ``product_family_code``; ``canvas``: a field that only Canvas
    fills in was there.
    """
    known = _BY_FAMILY.get((family or "").lower())
    if known is not None:
        return known
    return CANVAS if canvas and not family else GENERIC
