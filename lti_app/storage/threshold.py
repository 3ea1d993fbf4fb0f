"""The threshold in SQL: login, registration, deployment, school and the adult there, in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from iepcore.caseload.arrivals import Arrival, leaves_as_it_is
from iepcore.ids import AdultId, SiteId
from iepcore.people import Adult, LinkHint, PersonKind
from lti_app.doors.lti.roles import Part
from lti_app.doors.threshold import Asked, Known, Sight
from lti_app.storage import door_tables as d
from lti_app.storage import people_tables as t
from lti_app.storage.door import SqlDoorStore
from lti_app.storage.engine import Engines
from lti_app.storage.keeping_tables import suspension
from lti_app.storage.login_rows import (
    IN_FLIGHT,
    LOGIN_COLUMNS,
    OF_ITS_DEPLOYMENT,
    OF_ITS_REGISTRATION,
    login_of,
)
from lti_app.storage.people_rows import ADULTS, HINTS, HINTS_OF
from lti_app.storage.prepared import Prepared, as_stored, reader_of

_TODAY = sa.bindparam("today", type_=sa.Date)


class _source_of(GenericFunction[str]):
    """The source of identities that a registration vouches for: ``lti:`` and its id, as a launch says it."""

    type = sa.Text()
    inherit_cache = True


@compiles(_source_of, "postgresql")
def _on_postgres(element: Any, compiler: Any, **options: Any) -> str:
    return f"('lti:' || CAST({compiler.process(element.clauses, **options)} AS TEXT))"


@compiles(_source_of, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    text = f"lower(hex({compiler.process(element.clauses, **options)}))"
    places = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    return "('lti:' || " + " || '-' || ".join(f"substr({text}, {at}, {n})" for at, n in places) + ")"


def _holds(starts: sa.Column[Any], ends: sa.Column[Any]) -> sa.ColumnElement[bool]:
    """Say in SQL what ``holds_on`` says of a row: in force today, both ends included."""
    return sa.and_(starts <= _TODAY, sa.or_(ends.is_(None), ends >= _TODAY))


def _has(table: sa.Table, *where: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Say that the adult has such a row."""
    c = table.c
    return sa.exists().where(c.site_id == t.adult.c.site_id, c.adult_id == t.adult.c.id, *where)


_hint, _place, _office, _right = t.link_hint.c, t.assignment.c, t.appointment.c, t.relationship.c
_hinted = sa.exists().where(
    _hint.site_id == t.identity.c.site_id,
    _hint.source == t.identity.c.source,
    _hint.observer_subject == t.identity.c.subject,
)
_staff = sa.or_(
    _has(t.assignment, _holds(_place.starts_on, _place.ends_on)),
    _has(t.appointment, _holds(_office.starts_on, _office.ends_on)),
)
_parent = _has(
    t.relationship, _right.may_access_records.is_(True), _holds(_right.valid_from, _right.valid_to)
)
_FACTS: tuple[Any, ...] = (
    d.site.c.zone,
    _has(suspension, suspension.c.ended_at.is_(None)).label("disabled"),
    _hinted.label("hinted"),
    _staff.label("staff"),
    _parent.label("parent"),
)
_COLUMNS = (*LOGIN_COLUMNS, *_FACTS, *as_stored(ADULTS.columns))
_FIRST_FACT, _FIRST_OF_ADULT = len(LOGIN_COLUMNS), len(LOGIN_COLUMNS) + len(_FACTS)
_LOOK = Prepared(
    sa.select(*_COLUMNS)
    .select_from(d.visit)
    .join(d.registration, OF_ITS_REGISTRATION)
    .outerjoin(d.deployment, OF_ITS_DEPLOYMENT)
    .outerjoin(d.site, d.site.c.id == d.deployment.c.site_id)
    .outerjoin(
        t.identity,
        sa.and_(
            t.identity.c.site_id == d.site.c.id,
            t.identity.c.source == _source_of(d.registration.c.id),
            t.identity.c.subject == sa.bindparam("subject", type_=sa.Text),
            t.identity.c.kind == sa.bindparam("kind", type_=t.identity.c.kind.type),
        ),
    )
    .outerjoin(
        t.adult, sa.and_(t.adult.c.site_id == t.identity.c.site_id, t.adult.c.id == t.identity.c.person_id)
    )
    .where(IN_FLIGHT),
    _COLUMNS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlPerson:
    """``Person`` as one row told it."""

    site_id: SiteId
    subject: str
    disabled: bool
    part: Part
    row: tuple[Any, ...]
    read: Callable[[tuple[Any, ...]], Adult]
    hints: Callable[[str], Sequence[LinkHint]] | None

    def known(self, arrival: Arrival, at: datetime) -> Known | None:
        """Return them when nothing is to be written."""
        if self.disabled:
            return None
        if self.hints is None and not arrival.observes:
            adult_id = _unchanged(self.row, self.read, arrival)
        else:
            adult, hints = self.read(self.row), self.hints(arrival.source) if self.hints is not None else ()
            adult_id = adult.id if leaves_as_it_is(adult, hints, arrival, at) else None
        return None if adult_id is None else Known(adult_id=adult_id, part=self.part)


@lru_cache(maxsize=1024)  # of the row as it was read: what is kept is a comparison, not what anybody may do
def _unchanged(
    row: tuple[Any, ...], read: Callable[[tuple[Any, ...]], Adult], arrival: Arrival
) -> AdultId | None:
    adult = read(row)
    return adult.id if leaves_as_it_is(adult, (), arrival, adult.created_at) else None


def _adult_reader(dialect: sa.Dialect) -> Callable[[tuple[Any, ...]], Adult]:
    read = reader_of(ADULTS.columns, dialect)
    return lambda row: ADULTS.value(read(row))


class SqlThreshold:
    """``Threshold`` over SQLite or PostgreSQL. Rights are read each time and never kept."""

    def __init__(self, engines: Engines, doors: SqlDoorStore) -> None:
        self._engines = engines
        self._doors = doors
        self._zones: dict[tuple[str, str], str] = {}
        self._adult = _adult_reader(engines.read.dialect)

    def look(self, asked: Asked, *, at: datetime) -> Sight | None:
        """Return the login and the person, or None."""
        key = (asked.issuer, asked.deployment_id)
        while True:
            # Which day it is at the school is known only after its zone was read: the last is tried first.
            zone = self._zones.get(key, "UTC")
            row = self._row(asked, at.astimezone(ZoneInfo(zone)).date())
            login = None if row is None else login_of(row[:_FIRST_FACT], asked.state_hash)
            if row is None or login is None or login.state.expires_at <= at:
                return None
            found = row[_FIRST_FACT]
            if found is None or found == zone:
                site_id = None if login.deployment is None else login.deployment.site_id
                return Sight(login=login, person=self._person(row, asked, site_id))
            if len(self._zones) > 1000:  # an issuer and a deployment are text that anybody may send
                self._zones.clear()
            self._zones[key] = found

    def _row(self, asked: Asked, today: Any) -> tuple[Any, ...] | None:
        values = {
            "of_key": self._doors.key_of(asked.state_hash),
            "deployment_id": asked.deployment_id,
            "subject": asked.subject,
            "kind": PersonKind.ADULT,
            "today": today,
        }
        with self._engines.bare_reading(light=True) as bare:
            rows = _LOOK.rows(bare, values)
        return rows[0] if rows else None

    def _person(self, row: tuple[Any, ...], asked: Asked, site_id: SiteId | None) -> SqlPerson | None:
        _, disabled, hinted, staff, parent = row[_FIRST_FACT:_FIRST_OF_ADULT]
        adult = row[_FIRST_OF_ADULT:]
        if adult[0] is None or site_id is None:
            return None
        return SqlPerson(
            site_id=site_id,
            subject=asked.subject,
            disabled=disabled,
            part=Part(staff=staff, parent=parent),
            row=adult,
            read=self._adult,
            hints=(lambda source: self._hints(site_id, source, asked.subject)) if hinted else None,
        )

    def _hints(self, site_id: SiteId, source: str, subject: str) -> tuple[LinkHint, ...]:
        asked = {"site_id": site_id, "source": source, "observer_subject": subject}
        with self._engines.bare_reading(light=True) as bare:
            return tuple(map(HINTS.value, HINTS_OF.rows(bare, asked)))
