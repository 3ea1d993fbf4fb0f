"""Rows written before a migration are whole after it, on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from iepcore.ids import SiteId, new_uuid7
from iepcore.plan import ReportCodes
from iepcore.testing import store_values as a
from lti_app.doors.records import Site
from lti_app.storage import door_tables, people_tables, plan_tables
from lti_app.storage.door import SqlDoorStore
from lti_app.storage.engine import open_engines
from lti_app.storage.migrate import upgrade
from lti_app.storage.store import SqlStore
from lti_app.storage.vault import Vault


@pytest.fixture(params=["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind."""
    found: str = request.getfixturevalue(request.param)
    return found


def _put(connection: sa.Connection, table: sa.Table, value: object, **more: Any) -> None:
    """Insert a value's fields, those that the table has at its present version."""
    there = {column["name"] for column in sa.inspect(connection).get_columns(table.name)}
    row = {name: getattr(value, name, None) for name in there} | more
    connection.execute(sa.insert(table).values(row))


def test_goal_and_site_from_before_changes_have_none(url: str, vault: Vault) -> None:
    """A goal of version 3 reads as one without changes, a school as one without codes of its own."""
    site = Site(id=SiteId(new_uuid7()), name="A school", zone="UTC")
    student = a.a_student()
    goal = a.a_goal(student.id)
    engines = open_engines(url)
    upgrade(engines, "0003_family")
    with engines.writing() as connection:
        _put(connection, door_tables.site, site)
        _put(connection, people_tables.student, student, site_id=site.id)
        _put(connection, plan_tables.goal, goal, site_id=site.id)
    upgrade(engines)

    doors = SqlDoorStore(engines, vault)
    assert site == doors.site(site.id)
    assert ReportCodes() == site.report_codes
    for codes in (ReportCodes(met="M", close="C"), ReportCodes(met="M")):
        doors.add_site(replace(site, report_codes=codes))  # the codes are replaced whole
        assert [codes] == [one.report_codes for one in doors.sites()]
    store = SqlStore(engines, site.id)
    with store.read() as uow:
        assert goal == uow.plan.goal(goal.id)
    changed = a.a_phase(goal.created_by)
    with store.write() as uow:
        uow.plan.save_goal(replace(goal, phases=(changed,), version=2))
    with store.read() as uow:
        found = uow.plan.goal(goal.id)
        assert found is not None
        assert (changed,) == found.phases
    engines.close()
