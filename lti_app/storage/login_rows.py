"""What a launch reads and writes, as rows: a login with what stands behind it, and the session it becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
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

_v = t.visit.c
_LOGIN_ONLY = (_v.nonce, _v.target_link_uri, _v.storage_target, _v.again)
STATE_COLUMNS = (_v.key, _v.registration_id, _v.created_at, _v.ends_at, *_LOGIN_ONLY)
SESSION_COLUMNS = tuple(column for column in t.visit.c if column not in _LOGIN_ONLY)
LOGIN_COLUMNS = (*STATE_COLUMNS, *t.registration.c, *t.deployment.c)
_OF_STATE, _OF_BOTH = len(STATE_COLUMNS), len(STATE_COLUMNS) + len(t.registration.c)
OF_ITS_DEPLOYMENT = sa.and_(
    t.deployment.c.registration_id == t.registration.c.id,
    t.deployment.c.deployment_id == sa.bindparam("deployment_id", type_=sa.Text),
)
OF_ITS_REGISTRATION = t.registration.c.id == _v.registration_id
IN_FLIGHT = sa.and_(_v.key == sa.bindparam("of_key", type_=sa.Text), _v.token_hash.is_(None))
LOGIN = Prepared(
    sa.select(*LOGIN_COLUMNS)
    .select_from(t.visit)
    .join(t.registration, OF_ITS_REGISTRATION)
    .outerjoin(t.deployment, OF_ITS_DEPLOYMENT)
    .where(IN_FLIGHT),
    LOGIN_COLUMNS,
)


TAKE_LOGIN = Prepared(sa.delete(t.visit).where(IN_FLIGHT).returning(*STATE_COLUMNS), STATE_COLUMNS)
SESSION = Prepared(
    sa.select(*SESSION_COLUMNS).where(
        _v.key == sa.bindparam("key", type_=sa.Text), _v.token_hash.is_not(None)
    ),
    SESSION_COLUMNS,
)
USE_LOGIN = Prepared(
    sa.update(t.visit)
    .where(IN_FLIGHT)
    .values(
        {column.name: sa.bindparam(column.name, type_=column.type) for column in SESSION_COLUMNS}
        | {column.name: sa.null() for column in _LOGIN_ONLY}
    )
)
"""A login becomes a session: what only a login needs goes. Of many that try, one finds it in flight."""

NOTHING_YET = {**dict.fromkeys(t.visit.c.keys()), "secret_hash": "", "tab_hash": ""}
_NAMES = tuple(column.name for column in SESSION_COLUMNS)
_values_of = attrgetter(*_NAMES)


def state_row(state: LaunchState, key: str) -> dict[str, Any]:
    """Return the row of a login in flight."""
    return {
        **NOTHING_YET,
        "key": key,
        "registration_id": state.registration_id,
        "created_at": state.created_at,
        "ends_at": state.expires_at,
        "nonce": state.nonce,
        "target_link_uri": state.target_link_uri,
        "storage_target": state.storage_target,
        "again": state.again,
    }


def state_of(row: Sequence[Any], state_hash: str) -> LaunchState:
    """Return the login of a row of ``STATE_COLUMNS``."""
    _, registration_id, created_at, ends_at, nonce, target, storage_target, again = row
    return LaunchState(
        state_hash=state_hash,
        nonce=nonce,
        registration_id=registration_id,
        target_link_uri=target,
        storage_target=storage_target,
        created_at=created_at,
        expires_at=ends_at,
        again=again,
    )


def session_row(session: WebSession) -> dict[str, Any]:
    """Return the row of a session."""
    return dict(zip(_NAMES, _values_of(session), strict=True))


def session_of(row: Sequence[Any]) -> WebSession:
    """Return the session of a row of ``SESSION_COLUMNS``."""
    return WebSession(**dict(zip(_NAMES, row, strict=True)))


def deployment_of(row: RowMapping | Mapping[str, Any]) -> Deployment:
    """Return the deployment of a row."""
    return Deployment(**{**row, "state": DeploymentState(row["state"])})


@lru_cache(maxsize=256)  # of the row as it was read: the same row is the same registration
def _registration(row: tuple[Any, ...]) -> Registration:
    return Registration(**dict(zip(t.registration.c.keys(), row, strict=True)))


def login_of(row: tuple[Any, ...], state_hash: str) -> Login:
    """Return the login of a row of its state, its registration and its deployment, if there is one."""
    return Login(
        state=state_of(row[:_OF_STATE], state_hash),
        registration=_registration(row[_OF_STATE:_OF_BOTH]),
        deployment=_one_deployment(row[_OF_BOTH:]) if row[_OF_BOTH] is not None else None,
    )


@lru_cache(maxsize=256)
def _one_deployment(row: tuple[Any, ...]) -> Deployment:
    return deployment_of(dict(zip(t.deployment.c.keys(), row, strict=True)))
