"""Everything one running practice LMS holds, and how a request finds it."""

from __future__ import annotations

from typing import cast

from flask import current_app
from joserfc.jwk import RSAKey

from lti_app.sandbox.classroom_world import Classroom
from lti_app.sandbox.config import SandboxConfig
from lti_app.sandbox.conversations import Inbox
from lti_app.sandbox.faults import Faults
from lti_app.sandbox.gradebook import Gradebook
from lti_app.sandbox.hints import Hints
from lti_app.sandbox.installs import Installs
from lti_app.sandbox.links import Links
from lti_app.sandbox.mailbox import Mailbox
from lti_app.sandbox.people import load_people
from lti_app.sandbox.secrets_search import SecretsSearch
from lti_app.sandbox.tokens import Tokens
from lti_app.sandbox.wire import Wire

_EXTENSION = "lti_app.sandbox"


class World:
    """One practice LMS: its people, keys, tokens, inbox, mailbox, wire log and faults."""

    def __init__(self, config: SandboxConfig) -> None:
        self.config = config
        self.people = load_people(config.people_file)
        self.key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"})
        self.hints = Hints(config.clock)
        self.installs = Installs(config.clock)
        self.tokens = Tokens(config.clock, config.consents_file)
        self.inbox = Inbox(self.people, config.clock)
        self.wire = Wire(config.clock)
        self.mailbox = Mailbox(self.wire)
        self.faults = Faults()
        self.classroom = Classroom(config.google_people_file, config.clock)
        self.classroom.furnish(config.google_add_on)
        self.search = SecretsSearch(self.people, self.classroom.people.family_names())
        self.gradebook = Gradebook()
        self.links = Links()

    def reset(self) -> None:
        """Forget what was delivered and mend what is broken; people, keys and consents stay."""
        self.inbox.clear()
        self.mailbox.clear()
        self.wire.clear()
        self.faults.clear()
        self.gradebook.clear()
        self.links.clear()
        self.classroom.clear()
        self.classroom.furnish(self.config.google_add_on)


def world() -> World:
    """The world of the application that answers this request."""
    return cast(World, current_app.extensions[_EXTENSION])


def settle(extensions: dict[str, object], the_world: World) -> None:
    """Put a world where :func:`world` finds it."""
    extensions[_EXTENSION] = the_world
