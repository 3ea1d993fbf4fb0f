"""The probe: how a request of ours looks when it has come through the proxies, told to nobody else.

The doctor sends ``/healthz`` a sealed word; only a server with the same secret keys can open it, and only the
doctor can open the answer. Without the word the address says what it always says.
"""

from __future__ import annotations

from flask import request

from lti_app.doors.parts import parts

HEADER = "Rapport-Probe"
SECONDS = 60


def answer_probe() -> dict[str, str]:
    """Return what the server sees of this request, sealed; nothing when the word is not ours."""
    here = parts()
    word = request.headers.get(HEADER, "")
    asked = here.seal.open(word, ttl_seconds=SECONDS, at=here.clock()) if 0 < len(word) < 2_000 else None
    if asked is None or not isinstance(asked.get("probe"), str):
        return {}
    seen = {
        "probe": asked["probe"],
        "scheme": request.scheme,
        "host": request.host,
        "hops": here.settings.proxy_hops,
        "public_url": here.settings.public_url,
        "forwarded": {name: _entries(name) for name in ("For", "Proto", "Host")},
    }
    return {"seen": here.seal.close(seen, at=here.clock())}


def _entries(name: str) -> int:
    """Return how many values of a forwarding header came: each proxy that sets it adds one."""
    lines = request.headers.getlist(f"X-Forwarded-{name}")
    return sum(len(line.split(",")) for line in lines)
