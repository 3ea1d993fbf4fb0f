"""Addresses of a platform typed in again: mended while nobody came by it, and no more afterwards."""

from __future__ import annotations

from tests.unit.screens.conftest import House
from tests.unit.screens.test_platforms import admin, do, registration_of

__all__ = ["admin"]


def test_an_administrator_never_speaks_for_people_who_came_already(admin: House) -> None:
    """Keys from another address would let an administrator, who sees no child, launch as any teacher."""
    admin.app.extensions["rapport"].outside._resolve = lambda host, port: ("93.184.216.34",)
    before = registration_of(admin)
    typed = {
        "preset": "other",
        "issuer": before.issuer,
        "client_id": before.client_id,
        "auth_url": before.auth_url.replace("http://", "https://"),
        "token_url": before.token_url.replace("http://", "https://"),
        "jwks_url": "https://elsewhere.example.org/keys",
    }
    answer = do(admin, "add", **typed)

    assert 422 == answer.status_code
    assert "so its addresses stay" in answer.text
    assert before == registration_of(admin)


def test_addresses_nobody_came_by_are_corrected(admin: House) -> None:
    """A typing mistake is mended where it was made, as long as nobody came in."""
    admin.app.extensions["rapport"].outside._resolve = lambda host, port: ("93.184.216.34",)
    typed = {"preset": "other", "issuer": "https://m.example.org", "client_id": "42", "deployment_id": "1"}
    for host in ("https://wrong.example.org", "https://m.example.org"):
        answer = do(admin, "add", **typed, auth_url=f"{host}/a", token_url=f"{host}/t", jwks_url=f"{host}/k")
        assert "Rapport-Goto" in answer.headers, answer.text

    assert ["https://m.example.org/k"] == [
        one.jwks_url for one in admin.wired.doors.registrations() if one.client_id == "42"
    ]
