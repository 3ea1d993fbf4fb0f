"""Reading small forms: ids and client keys as they were given, or a refusal that names the field."""

from __future__ import annotations

from uuid import UUID

from flask import request

from iepcore.errors import InvalidValue


def given_id(field: str) -> UUID:
    """Return the id in a field of the form.

    Raises:
        InvalidValue: ``not_an_id``.
    """
    try:
        return UUID(request.form.get(field, ""))
    except ValueError:
        raise InvalidValue("not_an_id", field=field) from None


def given_key() -> UUID:
    """Return the client key of the form, which makes a second send of it harmless.

    Raises:
        InvalidValue: ``not_an_id``.
    """
    return given_id("client_key")
