"""What a refused call means for a receipt: a reason a person can act on, and whether later may work."""

from __future__ import annotations

from connectors.google_classroom.oauth import GoogleGrant
from connectors.http.errors import (
    CallError,
    ConsentLost,
    ProtocolFault,
    RateLimited,
    RequestRefused,
    ScopeMissing,
    ServerFault,
    TokenExpired,
    Unreachable,
)


def connect(grant: GoogleGrant | None) -> str:
    """Return what the sender has to do before anything can be sent."""
    return "connect_google_again" if grant is not None and grant.is_lost else "connect_google"


def refusal(error: CallError) -> tuple[str, bool]:
    """Return the receipt's reason for a call that surely did nothing, and whether later may work."""
    if isinstance(error, ConsentLost | TokenExpired | ScopeMissing):
        # With too few scopes too: in Google's window the person ticks what was left out.
        return "connect_google_again", False
    if isinstance(error, RateLimited):
        return "rate_limited", error.retryable
    if isinstance(error, RequestRefused):
        return error.detail or error.code, False
    # Of a refused send the next two can only speak of the token endpoint: the thing itself never left.
    if isinstance(error, Unreachable | ServerFault):
        return "platform_down", True
    return error.code, isinstance(error, ProtocolFault) and error.may_have_happened
