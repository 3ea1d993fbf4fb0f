"""The error tree: every exception the library raises, drawn here and nowhere else.

::

    IepError                     code, params, advice_key
    ├── InvalidValue             a value outside its range or form                 (422)
    │   └── InvalidRows          several at once, each with its place              (422)
    ├── NotPermitted             the access decision said no                       (404 outside)
    ├── NotFound                 no such thing here                                (404 outside)
    ├── IllegalMove              a state machine forbids this step                 (409)
    ├── Conflict                 somebody else changed it first; both are carried  (409)
    ├── Busy                     the store is locked or read-only: try again       (503)
    └── ConnectorError           another system (its leaves live in ``connectors``)

A message carries codes and opaque ids, never a name, a note's text or a value typed by a person:
it may end in a log. The words people read are looked up from ``code`` and ``advice_key`` by the
screen that shows the error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class IepError(Exception):
    """Anything this library refuses or cannot do.

    ``code`` is a stable lower-case word such as ``correct_over_trials``; ``params`` holds ids, numbers that
    are not about a child, and field names; ``advice_key`` names the sentence that says what to do next.
    """

    default_code = "error"

    def __init__(
        self,
        code: str | None = None,
        *,
        params: Mapping[str, str | int] | None = None,
        advice_key: str | None = None,
    ) -> None:
        self.code = code or self.default_code
        self.params: Mapping[str, str | int] = dict(params or {})
        self.advice_key = advice_key or f"advice.{self.code}"
        super().__init__(self.code, *(f"{key}={value}" for key, value in sorted(self.params.items())))


class InvalidValue(IepError):
    """A value outside its range or form. ``field`` names the input, ``code`` says what is wrong with it."""

    default_code = "invalid_value"

    def __init__(
        self,
        code: str | None = None,
        *,
        field: str | None = None,
        params: Mapping[str, str | int] | None = None,
        advice_key: str | None = None,
    ) -> None:
        self.field = field
        merged = dict(params or {})
        if field is not None:
            merged["field"] = field
        super().__init__(code, params=merged, advice_key=advice_key)


class InvalidRows(InvalidValue):
    """Several rows were refused together; nothing was written. ``problems`` holds one error per place."""

    default_code = "invalid_rows"

    def __init__(self, problems: Sequence[tuple[str, InvalidValue]]) -> None:
        self.problems: tuple[tuple[str, InvalidValue], ...] = tuple(problems)
        super().__init__(params={"count": len(self.problems)})


class NotPermitted(IepError):
    """The access decision said no. ``code`` is the decision's reason code, ``citation`` its rule."""

    default_code = "not_permitted"

    def __init__(self, code: str | None = None, *, citation: str = "") -> None:
        self.citation = citation
        super().__init__(code)


class NotFound(IepError):
    """No such thing in this store. ``kind`` is the kind of thing, never its content."""

    default_code = "not_found"

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(params={"kind": kind})


class IllegalMove(IepError):
    """A state machine does not allow this step from where the thing stands."""

    default_code = "illegal_move"


class Conflict(IepError):
    """The version sent is not the newest. ``current`` and ``yours`` hold both, so that nothing is lost."""

    default_code = "stale_version"

    def __init__(self, kind: str, *, current: object, yours: object) -> None:
        self.kind = kind
        self.current = current
        self.yours = yours
        super().__init__(params={"kind": kind})


class Busy(IepError):
    """The store cannot write now (locked, read-only, full). Nothing was written; the same call may be
    repeated."""

    default_code = "store_busy"


class ConnectorError(IepError):
    """Another system refused, failed or stayed silent. The leaves are in ``connectors.http.errors``."""

    default_code = "connector"
