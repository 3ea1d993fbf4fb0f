"""What can go wrong between us and another system, and what a person can do about it.

::

    ConnectorError (iepcore)
    └── CallError                a call to another system: code, advice_key, trace, retryable
        ├── TokenExpired         401, the token ran out: refreshed once, then tried once more
        ├── ConsentLost          the person or the platform took the consent back: connect again
        ├── ScopeMissing         the key of the platform lacks a scope: its administrator adds it
        ├── Forbidden            this person may not do this there: ask the administrator
        ├── NotFoundThere        absent, or hidden from this person
        ├── RateLimited          too much at once: later                                    (retryable)
        ├── RequestRefused       400, 409, 422 and the like; ``detail`` is a code of ours or empty
        ├── Unreachable          nothing left this machine: network, name, certificate       (retryable)
        │   └── NoAnswer         the request left and no whole answer came back  (retryable for reads)
        ├── ServerFault          5xx                                (retryable for reads: 502, 503, 504)
        ├── NoRoomHere           a file does not fit on this machine's disk: its operator makes room
        └── ProtocolFault        an answer that is not what the documents promise

An error carries the method, the path template, the status and the request id. It never carries a body, a
query, an id of a person or a name, and it is raised without the vendor library's exception behind it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from iepcore.errors import ConnectorError

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,80}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTrace:
    """Which call it was: all that may be logged of it."""

    method: str
    template: str
    status: int | None = None
    request_id: str | None = None

    def __post_init__(self) -> None:
        # The id comes from the other side: anything but a plain token could smuggle words into our logs.
        if self.request_id is not None and _REQUEST_ID.fullmatch(self.request_id) is None:
            object.__setattr__(self, "request_id", None)

    def __str__(self) -> str:
        return f"{self.method} {self.template} {self.status or '-'} {self.request_id or '-'}"


class CallError(ConnectorError):
    """A call to another system did not do what was asked.

    ``retryable``: the same call may work later. ``wait_seconds``: how long the other side asked us to wait.
    """

    default_code = "call_failed"
    retries: ClassVar[bool] = False

    def __init__(
        self,
        trace: CallTrace,
        *,
        code: str | None = None,
        retryable: bool | None = None,
        wait_seconds: float | None = None,
    ) -> None:
        self.trace = trace
        self.retryable = type(self).retries if retryable is None else retryable
        self.wait_seconds = wait_seconds
        params: dict[str, str | int] = {"method": trace.method, "path": trace.template}
        if trace.status is not None:
            params["status"] = trace.status
        if trace.request_id is not None:
            params["request_id"] = trace.request_id
        super().__init__(code, params=params)

    @property
    def may_have_happened(self) -> bool:
        """Tell whether it may have been done in spite of this error. Then nobody asks again blindly."""
        return False


class TokenExpired(CallError):
    """The access token ran out or is no longer known."""

    default_code = "token_expired"


class ConsentLost(CallError):
    """The consent is gone: the person connects again."""

    default_code = "consent_lost"


class ScopeMissing(CallError):
    """The platform's key lacks this scope: its administrator adds it, then people connect again."""

    default_code = "scope_missing"


class Forbidden(CallError):
    """The platform does not let this person do this. Not a fault of the token."""

    default_code = "forbidden_there"


class NotFoundThere(CallError):
    """The platform has no such thing, or hides it from this person."""

    default_code = "not_found_there"


class RateLimited(CallError):
    """The platform asks for less at once."""

    default_code = "rate_limited"
    retries = True


class RequestRefused(CallError):
    """The platform understood and said no. ``detail`` is one of our own codes, or empty."""

    default_code = "request_refused"

    def __init__(self, trace: CallTrace, *, detail: str = "") -> None:
        self.detail = detail
        super().__init__(trace)


class Unreachable(CallError):
    """No connection, nothing sent. ``certificate_refused``: the other side cannot prove its name."""

    default_code = "platform_down"
    retries = True


class NoAnswer(Unreachable):
    """The request left and no whole answer came back: it may or may not have been done."""

    default_code = "no_answer"

    @property
    def may_have_happened(self) -> bool:
        """It may."""
        return True


class ServerFault(CallError):
    """The platform failed inside."""

    default_code = "server_fault"

    def __init__(self, trace: CallTrace, *, wait_seconds: float | None = None) -> None:
        super().__init__(trace, retryable=trace.status in {502, 503, 504}, wait_seconds=wait_seconds)

    @property
    def may_have_happened(self) -> bool:
        """It may: a gateway's 503 does not say how far the request went."""
        return True


class NoRoomHere(CallError):
    """A file that was asked for could not be kept here: the disk is full or not to be written."""

    default_code = "no_room_here"


class ProtocolFault(CallError):
    """An answer against the documents: a page of HTML, a foreign next link, a body too large, a redirect."""

    default_code = "protocol_fault"

    @property
    def may_have_happened(self) -> bool:
        """It may, unless the other side only said "elsewhere" and asked for the same request there."""
        return self.trace.status not in {301, 307, 308}
