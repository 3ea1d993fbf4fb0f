"""Everything of a site in SQL, in the order in which it can be put back; and the erasure of one child."""

# ruff: noqa: D102 -- the words stand on the Protocol this class implements

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby, islice
from typing import Any

import sqlalchemy as sa

from iepcore.errors import IllegalMove, InvalidValue, NotFound
from iepcore.ids import StudentId
from iepcore.people import without_person
from lti_app.storage import calendar_rows as y
from lti_app.storage import chain_rows as x
from lti_app.storage import delivery_rows as d
from lti_app.storage import family_rows as f
from lti_app.storage import gradebook_rows as w
from lti_app.storage import keeping_rows as k
from lti_app.storage import people_rows as p
from lti_app.storage import plan_document_rows as v
from lti_app.storage import plan_rows as g
from lti_app.storage import roster_rows as r
from lti_app.storage import sending_rows as s
from lti_app.storage import trail_rows as o
from lti_app.storage.site_rows import Mapped, SiteRows, Where

KINDS: tuple[Mapped[Any], ...] = (
    p.ADULTS,
    p.STUDENTS,
    p.IDENTITIES,
    p.APPOINTMENTS,
    p.RELATIONSHIPS,
    p.ASSIGNMENTS,
    p.TRANSFERS,
    p.WINDOWS,
    p.ROSTER,
    p.HINTS,
    r.GUARDIANS,
    r.FEEDS,
    r.RUNS,
    r.COURSES,
    r.DOUBTS,
    y.YEARS,
    y.CHOICES,
    y.EVENTS,
    g.GOALS,
    v.VERSIONS,
    v.NOTICES,
    v.CONSENTS,
    v.WISHES,
    v.COMMENTS,
    v.ANSWERS,
    v.PART_DRAFTS,
    v.RECEIPTS,
    v.COPIES,
    g.SETS,
    g.TRIALS,
    g.POINTS,
    f.THREADS,
    f.MESSAGES,
    f.OPENED,
    f.OBSERVATIONS,
    f.CONTACTS,
    f.REQUESTS,
    f.TRANSLATIONS,
    f.DRAFTS,
    d.ITEMS,
    s.CONSENTS,
    s.REPLIES,
    w.WORDS,
    k.SUSPENSIONS,
    k.HOLDS,
    x.DISCLOSURES,
    o.REQUESTS,
    o.OPENINGS,
    x.EVENTS,
)
"""Every kind of value, parents before what belongs to them. What waits for a decision (``r.STAGED``) is
none."""

_BY_CLASS = {kind.of: kind for kind in KINDS}
_OF_SITE = (
    p.APPOINTMENTS,
    p.ROSTER,
    p.HINTS,
    r.GUARDIANS,
    r.FEEDS,
    r.RUNS,
    r.COURSES,
    s.CONSENTS,
    k.SUSPENSIONS,
    y.YEARS,
    y.CHOICES,
)
_CHAINED: tuple[Mapped[Any], ...] = (x.EVENTS, x.DISCLOSURES)
_WHOLE: Mapping[Mapped[Any], tuple[Where, ...]] = {
    x.DISCLOSURES: (x.DISCLOSURES.table.c.erased_in.is_(None),)
}
"""Of a blanked disclosure nothing is left to take elsewhere."""
_BATCH = 500


class ArchiveRows:
    """``ArchiveRepository`` over one transaction."""

    def __init__(self, rows: SiteRows, chains: x.ChainRows) -> None:
        self._rows = rows
        self._chains = chains

    def values(self, *, student_id: StudentId | None = None) -> Iterator[object]:
        self._chains.finish()
        for kind in KINDS:
            if student_id is None:
                yield from self._rows.all(kind, *_WHOLE.get(kind, ()))
            elif kind not in (f.DRAFTS, v.PART_DRAFTS, *_OF_SITE):  # a draft is no part of the record
                yield from self._rows.all(kind, self._of_child(kind, student_id))

    def restore(self, values: Iterable[object]) -> int:
        count = 0
        for cls, run in groupby(values, key=type):
            kind = _BY_CLASS.get(cls)
            if kind is None:
                raise InvalidValue("unknown_kind", field="values", params={"place": count})
            while batch := tuple(islice(run, _BATCH)):
                if kind in _CHAINED:
                    self._chains.add(*batch)
                else:
                    self._rows.add(kind, *batch)
                count += len(batch)
        return count

    def erase_student(self, student_id: StudentId) -> Mapping[str, int]:
        if self._rows.one(p.STUDENTS, p.STUDENTS.table.c.id == student_id) is None:
            raise NotFound(p.STUDENTS.kind)
        if k.KeepingRows(self._rows).holds_on(student_id):
            raise IllegalMove("legal_hold")
        requests = o.DisclosureRows(self._rows, self._chains).requests_of_students([student_id])
        if any(one.is_open for one in requests):
            raise IllegalMove("record_request_open")
        removed = {
            p.ROSTER.kind: self._erase_roster(student_id),
            p.HINTS.kind: self._erase_hints(student_id),
            r.GUARDIANS.kind: self._erase_guardians(student_id),
            r.STAGED.kind: self._unstage(student_id),
        }
        removed[x.DISCLOSURES.kind] = self._chains.blank(student_id)
        kept = (p.ADULTS, *_CHAINED, *_OF_SITE)
        for kind in reversed([kind for kind in KINDS if kind not in kept]):
            removed[kind.kind] = self._rows.delete(kind, self._of_child(kind, student_id))
        return {name: count for name, count in removed.items() if count}

    def _of_child(self, kind: Mapped[Any], student_id: StudentId) -> Where:
        """Return what finds the rows of one child, in the table itself or through what they belong to."""
        c = kind.table.c
        if kind is p.STUDENTS:
            return c.id == student_id
        if kind in (p.IDENTITIES, r.DOUBTS):
            return c.person_id == student_id
        if kind is p.ADULTS:
            return c.id.in_(self._team(student_id))
        if kind is g.TRIALS:
            return c.set_id.in_(self._ids(g.SETS, student_id))
        if kind in (f.OPENED, f.TRANSLATIONS):
            return c.message_id.in_(self._ids(f.MESSAGES, student_id))
        return c.student_id == student_id

    def _ids(self, kind: Mapped[Any], student_id: StudentId) -> sa.Select[Any]:
        c = kind.table.c
        return sa.select(c.id).where(c.site_id == self._rows.site_id, c.student_id == student_id)

    def _team(self, student_id: StudentId) -> sa.CompoundSelect[Any]:
        """Adults whom rows of the child name: without them the child could not be put back."""
        return sa.union(
            *(
                sa.select(kind.table.c.adult_id).where(
                    kind.table.c.site_id == self._rows.site_id, kind.table.c.student_id == student_id
                )
                for kind in (p.RELATIONSHIPS, p.ASSIGNMENTS, p.WINDOWS)
            )
        )

    def _erase_roster(self, student_id: StudentId) -> int:
        c = p.ROSTER.table.c
        return sum(
            self._rows.delete(p.ROSTER, c.source == known.source, c.subject == known.subject)
            for known in p.PeopleRows(self._rows).identities_of(student_id)
        )

    def _erase_guardians(self, student_id: StudentId) -> int:
        c = r.GUARDIANS.table.c
        return sum(
            self._rows.delete(r.GUARDIANS, c.source == known.source, c.student_subject == known.subject)
            for known in p.PeopleRows(self._rows).identities_of(student_id)
        )

    def _unstage(self, student_id: StudentId) -> int:
        """Take the child out of what waits for a decision; return out of how many courses."""
        known = p.PeopleRows(self._rows).identities_of(student_id)
        sources = {one.id: one.source for one in self._rows.all(r.FEEDS)}
        count = 0
        for staged in self._rows.all(r.STAGED):
            roster = staged.roster
            for one in known:
                if one.source == sources[staged.feed_id]:
                    roster = without_person(roster, one.subject)
            if roster is not staged.roster:
                self._rows.put(r.STAGED, replace(staged, roster=roster))
                count += 1
        return count

    def _erase_hints(self, student_id: StudentId) -> int:
        c = p.HINTS.table.c
        return sum(
            self._rows.delete(p.HINTS, c.source == known.source, c.pupil_subject == known.subject)
            for known in p.PeopleRows(self._rows).identities_of(student_id)
        )
