"""What the practice LMS needs to know before it starts."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from lti_app.sandbox.classroom_people import PACKAGED_CLASSROOM

PACKAGED_PEOPLE = Path(__file__).parent / "data" / "people.json"


class StageControl(Protocol):
    """The switch of the school's server (the tool), supplied by whoever supervises the demo."""

    def stop_server(self) -> None:
        """Stop the tool's server at once, as a power cut would."""

    def start_server(self) -> None:
        """Start the tool's server again; return when it was started, not when it is ready."""

    def server_is_up(self) -> bool:
        """Whether the tool's server answers now."""


def utc_now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxConfig:
    """One practice LMS and the one tool installed in it.

    ``public_url`` is where browsers reach the LMS; it is the issuer, too. ``tool_url`` is where the tool is;
    its redirect address is ``/lti/launch`` below it, its keys ``/lti/jwks``. ``client_id`` and
    ``deployment_id`` are the LTI registration; ``api_client_id`` and ``api_client_secret`` the second
    developer key, the one for the REST API. ``consents_file``, if given, keeps the people's consents over a
    restart, so that a tool that was allowed to write yesterday still is. Not ``installed``: the tool is yet
    to be installed by its address; the client id comes then.

    The ``google_`` fields are the practice Classroom's: an OAuth client and the address below which the
    add-on's frames are (``/setup``, ``/teacher`` ...); without them there is no Classroom.
    """

    public_url: str
    tool_url: str
    client_id: str = "rapport-practice"
    deployment_id: str = "1:practice"
    api_client_id: str = "10000000000001"
    api_client_secret: str = field(default="practice-only-not-a-secret", repr=False)
    tool_name: str = "Rapport"
    installed: bool = True
    people_file: Path = PACKAGED_PEOPLE
    consents_file: Path | None = None
    google_client_id: str = ""
    google_client_secret: str = field(default="practice-only-not-a-secret", repr=False)
    google_add_on: str = ""
    google_people_file: Path = PACKAGED_CLASSROOM
    stage_control: StageControl | None = None
    clock: Callable[[], datetime] = utc_now
    admin_key: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)

    @property
    def issuer(self) -> str:
        """The LTI issuer: the public URL without a trailing slash."""
        return self.public_url.rstrip("/")

    @property
    def tool_base(self) -> str:
        """The tool's URL without a trailing slash."""
        return self.tool_url.rstrip("/")

    @property
    def tool_origin(self) -> str:
        """Scheme, host and port of the tool, as a browser writes an origin."""
        parts = urlsplit(self.tool_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def launch_url(self) -> str:
        """The one registered redirect address and target link of the tool."""
        return f"{self.tool_base}/lti/launch"

    @property
    def google_redirect_uri(self) -> str:
        """The one redirect address of the OAuth client."""
        return f"{self.tool_base}/classroom/back"

    @property
    def token_url(self) -> str:
        """The token endpoint, which is the audience of every client assertion."""
        return f"{self.issuer}/login/oauth2/token"
