"""A straight-line loader made once from a schema: exactly matching rows become values without marshmallow.

The schema stays the contract. What is made here takes a row whose every value has exactly the type the schema
means (a text where a text is due, a whole number, a list, ``null`` where it may stand) and builds the same
value that ``schema.load`` would; any other row it calls ``ODD``, and the caller asks ``schema.load``, whose
value or errors then count. A field or schema with ways of its own (hooks, custom fields, validators) is asked
itself, or the whole schema is left to marshmallow: never guessed. ADR 0016 has the reasons and the numbers.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, missing, validate

from connectors.http.schemas import LONGEST_ID, AnswerSchema, IdField

ODD = object()
"""What a straight loader returns for a row it does not take."""

Straight = Callable[[Any], Any]

_made: dict[type[Schema], Straight | None] = {}
_SAME = ("load", "_do_load", "_deserialize", "_make", "_invoke_load_processors", "on_bind_field", "__init__")
_ISO = {"iso", "iso8601"}


def straight_loader(schema: Schema) -> Straight | None:
    """Return the loader of a schema, made at its first use, or None when marshmallow must do it all.

    Only a schema as its class declares it has one: not with ``only``, ``partial`` or ``many`` of its own.
    """
    kind = type(schema)
    changed = schema.only is not None or schema.exclude or schema.partial or schema.many
    if changed or schema.load_only or schema.dump_only or schema.unknown != EXCLUDE:
        return None
    if kind not in _made:
        _made[kind] = _Maker().make(schema)
    return _made[kind]


class _Maker:
    """Writes the source of one loader, nested schemas in line, and keeps what its names stand for.

    Each method returns lines that leave the loaded value in the variable that held the raw one, or leave the
    loader with ``ODD``; or None when the schema or field must be asked itself.
    """

    def __init__(self) -> None:
        self.names: dict[str, Any] = {"ODD": ODD, "MISSING": missing, "ValidationError": ValidationError}
        self.within: list[type[Schema]] = []
        self.variables = 0

    def make(self, schema: Schema) -> Straight | None:
        body = self.schema(schema, "row")
        if body is None:
            return None
        lines = ["def load(row):", *_in(["if type(row) is not dict: return ODD", *body, "return row"])]
        # The text holds names of fields as our own classes declare them, quoted, and nothing from outside.
        exec(compile("\n".join(lines), f"<straight {type(schema).__name__}>", "exec"), self.names)  # noqa: S102
        return self.names["load"]  # type: ignore[no-any-return]

    def bind(self, stem: str, value: Any) -> str:
        """Return a name for a value."""
        name = f"{stem}_{len(self.names)}"
        self.names[name] = value
        return name

    def variable(self) -> str:
        self.variables += 1
        return f"v{self.variables}"

    def schema(self, schema: Schema, row: str) -> list[str] | None:
        if not _is_plain(schema) or type(schema) in self.within:
            return None
        attributes = {name: field.attribute or name for name, field in schema.load_fields.items()}
        variables = {attribute: self.variable() for attribute in attributes.values()}
        building = _building(type(schema).into, variables, self.bind)  # type: ignore[attr-defined]
        if building is None:
            return None
        build, defaults = building
        lines = [f"get = {row}.get"]
        self.within.append(type(schema))
        for name, field in schema.load_fields.items():
            key = repr(name if field.data_key is None else field.data_key)
            var = variables[attributes[name]]
            if field.required:
                lines += _tried(f"{var} = {row}[{key}]", "KeyError")
            else:
                lines.append(f"{var} = get({key}, MISSING)")
        for name, field in schema.load_fields.items():
            attribute = attributes[name]
            lines += self.field(field, variables[attribute], row, defaults.get(attribute))
        self.within.pop()
        return [*lines, *(step.replace("@", row) for step in build)]

    def field(self, field: Any, var: str, row: str, default: str | None) -> list[str]:
        accepted = self.accepted(field, var)
        if accepted is None:
            key = field.name if field.data_key is None else field.data_key
            ask = self.bind("ask", field.deserialize)
            lines = _tried(f"{var} = {ask}({var}, {key!r}, {row})", "ValidationError")
            if field.load_default is missing and not field.required:
                lines += [f"if {var} is MISSING: {_or_odd(var, default)}"]
            return lines
        lines = self.taken(field, accepted, var)
        if not field.required:
            lines += [f"elif {var} is MISSING: {self.absent(field, var, default)}"]
        return [*lines, "else: return ODD"]

    def taken(self, field: Any, accepted: list[tuple[str, list[str]]], var: str) -> list[str]:
        """Return the branches for values of the right type, and for ``null`` where it may stand."""
        lines: list[str] = []
        checked = [line for validator in field.validators for line in self.checked(validator, var)]
        for kind, steps in accepted:
            lines.append(f"{'elif' if lines else 'if'} type({var}) is {kind}:")
            lines += _in([*steps, *checked] or ["pass"])
        return [*lines, f"elif {var} is None: pass"] if field.allow_none else lines

    def checked(self, validator: Callable[[Any], object], var: str) -> list[str]:
        """Return the lines that ask a validator; a pattern is matched without its call in between."""
        if type(validator) is validate.Regexp:
            return [f"if {self.bind('match', validator.regex.match)}({var}) is None: return ODD"]
        return _tried(f"{self.bind('check', validator)}({var})", "ValidationError")

    def absent(self, field: Any, var: str, default: str | None) -> str:
        if field.load_default is missing:
            return _or_odd(var, default)
        value = self.bind("default", field.load_default)
        return f"{var} = {value}()" if callable(field.load_default) else f"{var} = {value}"

    def accepted(self, field: Any, var: str) -> list[tuple[str, list[str]]] | None:
        """Return the exact types a field takes, each with the lines that load one. A subclass is another
        field and is asked itself."""
        kind = type(field)
        if field.pre_load or field.post_load:
            return None
        if kind is fields.String:
            return [("str", [])]
        if kind is fields.Integer:
            return [("int", [])]
        if kind is IdField:
            too_long = f"if len({var}) > {LONGEST_ID}: return ODD"
            whole = [f"if {var} < 0: return ODD", f"{var} = f'{{{var}}}'", too_long]
            return [("int", whole), ("str", [too_long, _unless(f"{var}.isdigit() and {var}.isascii()")])]
        if kind is fields.Boolean and _means_itself(field):
            return [("bool", [])]
        if kind in {fields.DateTime, fields.AwareDateTime, fields.Date} and _format(field) in _ISO:
            parse = self.bind("parse", field.DESERIALIZATION_FUNCS["iso"])
            zoned = [f"if {var}.tzinfo is None: return ODD"] if kind is fields.AwareDateTime else []
            return [("str", [*_tried(f"{var} = {parse}({var})", "ValueError"), *zoned])]
        if kind is fields.List:
            return self.listed(field.inner, var)
        if kind is fields.Nested and field.unknown in {None, EXCLUDE}:
            return self.nested(field.schema, var)
        return None

    def listed(self, inner: Any, var: str) -> list[tuple[str, list[str]]] | None:
        each = self.variable()
        accepted = self.accepted(inner, each)
        if accepted is None:
            return None
        return [("list", _looped(var, each, [*self.taken(inner, accepted, each), "else: return ODD"]))]

    def nested(self, schema: Schema, var: str) -> list[tuple[str, list[str]]] | None:
        each = self.variable() if schema.many else var
        lines = self.schema(schema, each)
        if lines is None:
            return None
        if not schema.many:
            return [("dict", lines)]
        return [("list", _looped(var, each, [f"if type({each}) is not dict: return ODD", *lines]))]


def _building(
    into: Callable[..., Any], given: dict[str, str], bind: Callable[[str, Any], str]
) -> tuple[list[str], dict[str, str]] | None:
    """Return the lines that put the value of these variables into ``@``, and what stands for each argument
    that is absent. None when ``into`` cannot be seen through."""
    try:
        parameters = inspect.signature(into).parameters
    except (TypeError, ValueError):
        return None
    by_name = {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}
    owed = {name for name, one in parameters.items() if one.default is inspect.Parameter.empty}
    if any(one.kind not in by_name for one in parameters.values()):
        return None
    if not owed <= given.keys() <= parameters.keys():
        return None
    defaults = {name: bind("default", one.default) for name, one in parameters.items() if name not in owed}
    twin = _twin(into)
    if twin is None:
        values = ", ".join(f"{name}={var}" for name, var in given.items())
        return [f"@ = {bind('into', into)}({values})"], defaults
    for one in dataclasses.fields(into):  # type: ignore[arg-type]
        if one.default_factory is not dataclasses.MISSING:
            defaults[one.name] = f"{bind('make', one.default_factory)}()"
    # The values are put into an open twin with the same slots, which then becomes the frozen value: the
    # ``__init__`` of a frozen class takes five times as long for the same result.
    stores = [f"@.{name} = {given.get(name) or defaults[name]}" for name in parameters]
    return [f"@ = {bind('twin', twin)}()", *stores, f"@.__class__ = {bind('kind', into)}"], defaults


def _twin(into: Callable[..., Any]) -> type | None:
    """Return an open class with the same slots, or None when building ``into`` is more than storing."""
    if not (type(into) is type and dataclasses.is_dataclass(into)):
        return None
    declared = tuple(one.name for one in dataclasses.fields(into))
    own_way = (
        vars(into).get("__slots__") != declared
        or hasattr(into, "__post_init__")
        or into.__new__ is not object.__new__
        # Made by ``dataclass``, not written.
        or getattr(getattr(into.__init__, "__code__", None), "co_filename", "") != "<string>"
        or not all(one.init for one in dataclasses.fields(into))
    )
    if own_way:
        return None
    twin = type(f"_{into.__name__}", (), {"__slots__": declared})
    try:
        twin().__class__ = into
    except TypeError:
        return None
    return twin


def _is_plain(schema: Schema) -> bool:
    """Tell whether loading is nothing but fields, and ``into`` at the end."""
    kind = type(schema)
    if not isinstance(schema, AnswerSchema) or not hasattr(kind, "into"):
        return False
    if any(getattr(kind, name) is not getattr(AnswerSchema, name) for name in _SAME):
        return False
    hooks = {name: [entry[0] for entry in entries] for name, entries in schema._hooks.items() if entries}
    return hooks == {"post_load": ["_make"]} and schema.unknown == EXCLUDE and not schema.partial


def _means_itself(field: Any) -> bool:
    """Tell whether true loads as true and false as false."""
    if not field.truthy:
        return True
    return True in field.truthy and False not in field.truthy and False in field.falsy


def _format(field: Any) -> str:
    return str(field.format or field.DEFAULT_FORMAT)


def _in(lines: list[str]) -> list[str]:
    return [f" {line}" for line in lines]


def _tried(step: str, problem: str) -> list[str]:
    return [f"try: {step}", f"except {problem}: return ODD"]


def _unless(condition: str) -> str:
    return f"if not ({condition}): return ODD"


def _or_odd(var: str, default: str | None) -> str:
    return "return ODD" if default is None else f"{var} = {default}"


def _looped(var: str, each: str, steps: list[str]) -> list[str]:
    """Return lines that load every ``each`` of the list in ``var``."""
    out = f"{each}_all"
    return [f"{out} = []", f"for {each} in {var}:", *_in([*steps, f"{out}.append({each})"]), f"{var} = {out}"]
