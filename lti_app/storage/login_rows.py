"""What a launch reads and writes, as rows: a login with what stands behind it, and a session."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from lti_app.doors.records import (
    Deployment,
    DeploymentState,
    LaunchState,
    Login,
    Registration,
    WebSession,
)
from lti_app.storage import door_tables as t
from lti_app.storage.prepared import Prepared

LOGIN_COLUMNS = (*t.launch_state.c, *t.registration.c, *t.deployment.c)
_OF_STATE, _OF_BOTH = len(t.launch_state.c), len(t.launch_state.c) + len(t.registration.c)
OF_ITS_DEPLOYMENT = sa.and_(
    t.deployment.c.registration_id == t.registration.c.id,
    t.deployment.c.deployment_id == sa.bindparam("deployment_id", type_=sa.Text),
)
OF_ITS_REGISTRATION = t.registration.c.id == t.launch_state.c.registration_id
OF_ITS_STATE = t.launch_state.c.state_hash == sa.bindparam("state_hash", type_=sa.Text)
LOGIN = Prepared(
    sa.select(*LOGIN_COLUMNS)
    .select_from(t.launch_state)
    .join(t.registration, OF_ITS_REGISTRATION)
    .outerjoin(t.deployment, OF_ITS_DEPLOYMENT)
    .where(OF_ITS_STATE),
    LOGIN_COLUMNS,
)


def row_of(value: object, table: sa.Table) -> dict[str, Any]:
    """Return the fields of ``value`` that are columns; ``asdict`` would copy what is inside of each."""
    names = _names(table)
    return dict(zip(names, attrgetter(*names)(value), strict=True))


@cache
def _names(table: sa.Table) -> tuple[str, ...]:
    return tuple(table.c.keys())


def session_row(session: WebSession) -> dict[str, Any]:
    """Return the row of a session."""
    row = row_of(session, t.web_session)
    row["launch_roles"] = list(session.launch_roles)
    row["observees"] = list(session.observees)
    row["offers"] = session.offers.as_json()
    return row


def deployment_of(row: RowMapping | Mapping[str, Any]) -> Deployment:
    """Return the deployment of a row."""
    return Deployment(**{**row, "state": DeploymentState(row["state"])})


@lru_cache(maxsize=256)  # of the row as it was read: the same row is the same registration
def _registration(row: tuple[Any, ...]) -> Registration:
    return Registration(**dict(zip(t.registration.c.keys(), row, strict=True)))


def login_of(row: tuple[Any, ...], state_hash: str) -> Login:
    """Return the login of a row of its state, its registration and its deployment, if there is one."""
    state = dict(zip(_names(t.launch_state), row[:_OF_STATE], strict=True))
    return Login(
        state=LaunchState(**{**state, "state_hash": state_hash}),
        registration=_registration(row[_OF_STATE:_OF_BOTH]),
        deployment=_one_deployment(row[_OF_BOTH:]) if row[_OF_BOTH] is not None else None,
    )


@lru_cache(maxsize=256)
def _one_deployment(row: tuple[Any, ...]) -> Deployment:
    return deployment_of(dict(zip(t.deployment.c.keys(), row, strict=True)))
