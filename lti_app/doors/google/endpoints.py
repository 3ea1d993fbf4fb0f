"""Where Google answers: every address this product asks, in one value; the practice Classroom has its own.

Documents: "OpenID Connect" reference and the discovery documents of the Classroom and Gmail APIs (read
2026-11). No address is ever taken from a request: they are stored when a client is added.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleEndpoints:
    """Google's addresses. ``classroom_page`` is the origin whose pages open our frames."""

    issuer: str = "https://accounts.google.com"
    auth_url: str = "https://accounts.google.com/o/oauth2/v2/auth"
    token_url: str = "https://oauth2.googleapis.com/token"  # noqa: S105 -- an address
    jwks_url: str = "https://www.googleapis.com/oauth2/v3/certs"
    classroom_url: str = "https://classroom.googleapis.com"
    gmail_url: str = "https://gmail.googleapis.com"
    calendar_url: str = "https://www.googleapis.com"
    classroom_page: str = "https://classroom.google.com"


GOOGLE = GoogleEndpoints()


def practice(origin: str) -> GoogleEndpoints:
    """Return the addresses of a practice Classroom, where one origin is everything Google is. It calls itself
    what Google does; its keys are its own.
    """
    return GoogleEndpoints(
        auth_url=f"{origin}/o/oauth2/v2/auth",
        token_url=f"{origin}/token",
        jwks_url=f"{origin}/oauth2/v3/certs",
        classroom_url=origin,
        gmail_url=origin,
        calendar_url=origin,
        classroom_page=origin,
    )


def endpoints_of(base_url: str) -> GoogleEndpoints:
    """Return the addresses behind the stored address of a client's Classroom API."""
    return GOOGLE if base_url == GOOGLE.classroom_url else practice(base_url)
