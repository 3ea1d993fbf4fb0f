"""Straight: a marshmallow schema read in one line, made from the schema itself.

Good input takes the short way: the same fields, the same validators, without the bookkeeping of errors that
there are none of. Whatever is not certainly good goes to the schema, which alone says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from marshmallow import EXCLUDE, Schema, ValidationError, fields, missing

Reader: TypeAlias = Callable[[Any], Any]


class _NotCertain(Exception):
    """The schema itself has to look at this."""


def straight(schema: Schema) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Return what loads as ``schema.load`` does, with the same values and the same errors, only sooner.

    Raises:
        TypeError: the schema uses something that is not known here.
    """
    read = _object(schema)

    def load(data: Mapping[str, Any]) -> dict[str, Any]:
        try:
            found: dict[str, Any] = read(data)
        except (_NotCertain, ValidationError):
            found = schema.load(data)
        return found

    return load


def _object(schema: Schema) -> Reader:
    hooks = {name: list(held) for name, held in schema._hooks.items() if held}
    checks = [getattr(schema, name) for name, _, _ in hooks.pop("validates_schema", [])]
    plain = all(
        not options.get("pass_original") and not options.get("pass_collection")
        for _, _, options in schema._hooks["validates_schema"]
    )
    if hooks or not plain or schema.unknown != EXCLUDE or schema.many or schema.partial:
        raise TypeError(f"{type(schema).__name__} has hooks or options that are not known here")
    steps = [
        (
            field.data_key if field.data_key is not None else name,
            field.attribute or name,
            field.required,
            field.load_default,
            field.allow_none,
            _field(field),
        )
        for name, field in schema.load_fields.items()
    ]
    if any(callable(default) for _, _, _, default, _, _ in steps):
        raise TypeError(f"{type(schema).__name__} makes a default, which is not known here")

    def read(data: Any) -> dict[str, Any]:
        if type(data) is not dict:
            raise _NotCertain
        found: dict[str, Any] = {}
        for key, name, required, default, may_be_none, reader in steps:
            value = data.get(key)
            if value is not None:
                found[name] = reader(value)
            elif key in data:
                if not may_be_none:
                    raise _NotCertain
                found[name] = None
            else:
                if required:
                    raise _NotCertain
                if default is not missing:
                    found[name] = default
        for check in checks:
            check(found, partial=None, many=False, unknown=EXCLUDE)
        return found

    return read


def _field(field: fields.Field[Any]) -> Reader:
    """Return what reads a value of ``field`` that is there and not null."""
    if field.pre_load or field.post_load:
        raise TypeError("a field with hooks of its own is not known here")
    checks = tuple(field.validators)
    reader = _value(field)
    if not checks:
        return reader

    def read(value: Any) -> Any:
        found = reader(value)
        for check in checks:
            check(found)
        return found

    return read


def _value(field: fields.Field[Any]) -> Reader:
    kind = type(field)
    if kind is fields.String:
        return _text
    if kind is fields.Raw:
        return _as_it_is
    if kind is fields.List:
        return _many(field.inner)  # type: ignore[attr-defined]
    if kind is fields.Nested:
        if field.many or field.unknown is not None:  # type: ignore[attr-defined]
            raise TypeError("a nested field with options of its own is not known here")
        return _object(field.schema)  # type: ignore[attr-defined]
    if kind.__module__.startswith("marshmallow."):
        raise TypeError(f"fields.{kind.__name__} is not known here")

    plain: Reader | None = getattr(kind, "read", None)  # what its own reading comes down to
    if plain is not None:
        return plain

    def own(value: Any) -> Any:
        return field._deserialize(value, field.name, None)

    return own


def _text(value: Any) -> str:
    if type(value) is not str:
        raise _NotCertain
    return value


def _as_it_is(value: Any) -> Any:
    return value


def _many(inner: fields.Field[Any]) -> Reader:
    reader, may_be_none = _field(inner), inner.allow_none

    def read(value: Any) -> list[Any]:
        if type(value) is not list:
            raise _NotCertain
        if None in value and not may_be_none:
            raise _NotCertain
        return [None if one is None else reader(one) for one in value]

    return read
