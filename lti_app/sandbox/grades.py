"""The grades page of a course: who sees which cells, as in Canvas."""

from __future__ import annotations

from dataclasses import dataclass

from lti_app.sandbox.people import STAFF_ROLES, User
from lti_app.sandbox.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownColumn:
    """One column as somebody sees it: (pupil, mark or "–", comments) for each cell."""

    label: str
    cells: tuple[tuple[str, str, tuple[str, ...]], ...]


def shown_to(here: World, user: User, course_id: int) -> list[ShownColumn]:
    """Return the columns of a course: staff and administrators see every cell, a pupil their own, an observer
    those of the pupils observed there.
    """
    subjects = {one.sub: one for one in here.people.members(course_id)}
    if not (user.is_administrator or user.roles_in(course_id) & STAFF_ROLES):
        allowed = {user.key, *user.observes_in(course_id)}
        subjects = {sub: one for sub, one in subjects.items() if one.key in allowed}
    shown = []
    for column in here.gradebook.columns(course_id):
        cells = here.gradebook.cells(column)
        rows = [
            (one.name, "–" if cells[sub].score is None else f"{cells[sub].score:g}", cells[sub].comments)
            for sub, one in subjects.items()
            if sub in cells
        ]
        shown.append(ShownColumn(label=column.label, cells=tuple(rows)))
    return shown
