"""Tables of the doors: sites, platforms, keys, launches, sessions. No child's data; hashes, not secrets."""

# ruff: noqa: D102 -- the methods are SQLAlchemy's own hooks

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from lti_app.doors.launch_offers import Offers, offers_of
from lti_app.storage.metadata import IdColumn, Instant, Json, Secret, owned_table


class WordsColumn(Json):
    """A tuple of words of a launch. A school's launches bring the same few, so each is spelled once."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        spell = super().bind_processor(dialect)
        assert spell is not None, "a document is always spelled"
        return lru_cache(maxsize=512)(lambda value: spell(self.plain(value)))

    def plain(self, value: Any) -> Any:
        """Return a value as plain JSON."""
        return value

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        words = super().process_result_value(value, dialect)
        return None if words is None else tuple(words)


class OffersColumn(WordsColumn):
    """What a launch offered: a course offers the same to everybody."""

    cache_ok = True

    def plain(self, value: Offers | None) -> Any:
        """Return offers as plain JSON."""
        return None if value is None else value.as_json()

    def process_result_value(self, value: Any, dialect: Dialect) -> Offers:
        return offers_of(Json.process_result_value(self, value, dialect))


SITE_END = "the end of the site"
SWEEP = "sweep, once expired"

site = owned_table(
    "site",
    sa.Column("id", IdColumn, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("phone", sa.Text, nullable=False),
    sa.Column("lms_name", sa.Text, nullable=False),
    sa.Column("lms_url", sa.Text, nullable=False),
    sa.Column("report_codes", Json, nullable=False),
    sa.Column("gradebook_words", sa.Boolean, nullable=False),
    personal_data="none: a school organisation and its public telephone number",
    erased_by=SITE_END,
)

registration = owned_table(
    "registration",
    sa.Column("id", IdColumn, primary_key=True),
    sa.Column("issuer", sa.Text, nullable=False),
    sa.Column("client_id", sa.Text, nullable=False),
    sa.Column("auth_url", sa.Text, nullable=False),
    sa.Column("token_url", sa.Text, nullable=False),
    sa.Column("jwks_url", sa.Text, nullable=False),
    sa.Column("auth_audience", sa.Text),
    sa.Column("enabled", sa.Boolean, nullable=False),
    sa.UniqueConstraint("issuer", "client_id"),
    personal_data="none: addresses of a platform",
    erased_by="the administrator who removes the platform",
)

deployment = owned_table(
    "deployment",
    sa.Column("registration_id", IdColumn, sa.ForeignKey("registration.id"), primary_key=True),
    sa.Column("deployment_id", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("site_id", IdColumn, sa.ForeignKey("site.id")),
    personal_data="none: which installation belongs to which site",
    erased_by="the administrator who removes the platform",
)

tool_key = owned_table(
    "tool_key",
    sa.Column("kid", sa.Text, primary_key=True),
    sa.Column("private_pem", Secret, nullable=False),
    sa.Column("public_jwk", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant),
    personal_data="none: our own keys, the private half encrypted",
    erased_by="key rotation",
)

platform_key_set = owned_table(
    "platform_key_set",
    sa.Column("url", sa.Text, primary_key=True),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("fetched_at", Instant, nullable=False),
    sa.Column("fresh_seconds", sa.Integer, nullable=False),
    personal_data="none: a platform's public keys",
    erased_by="the next key set of the same address",
)

# A launch writes one row of this and nothing else: its login becomes its session where it lies. There is no
# index beside the key, which a bearer and a reload bring along: each would be another page for every launch.
# Sweeping, and ending somebody's sessions, reads the table whole.
visit = owned_table(
    "visit",
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("registration_id", IdColumn, sa.ForeignKey("registration.id")),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("ends_at", Instant, nullable=False),
    # of a login in flight
    sa.Column("nonce", sa.Text),
    sa.Column("target_link_uri", sa.Text),
    sa.Column("storage_target", sa.Text),
    sa.Column("again", sa.Text),
    # of a session, whose token makes it one
    sa.Column("token_hash", sa.Text),
    sa.Column("secret_hash", sa.Text, nullable=False, server_default=""),
    sa.Column("tab_hash", sa.Text, nullable=False, server_default=""),
    sa.Column("site_id", IdColumn, sa.ForeignKey("site.id")),
    sa.Column("deployment_id", sa.Text),
    sa.Column("door", sa.Text),
    sa.Column("subject", sa.Text),
    sa.Column("adult_id", IdColumn),
    sa.Column("family", sa.Boolean),
    sa.Column("context_id", sa.Text),
    sa.Column("context_title", sa.Text),
    sa.Column("roster_url", sa.Text),
    sa.Column("launch_roles", WordsColumn),
    sa.Column("observees", WordsColumn),
    sa.Column("canvas_user_id", sa.Text),
    sa.Column("display_name", sa.Text),
    sa.Column("locale", sa.Text),
    sa.Column("masquerade", sa.Boolean),
    sa.Column("seen_at", Instant),
    sa.Column("idle_until", Instant),
    sa.Column("revoked_at", Instant),
    sa.Column("offers", OffersColumn),
    sa.CheckConstraint("token_hash IS NULL OR site_id IS NOT NULL", name="session"),
    sa.CheckConstraint("token_hash IS NOT NULL OR nonce IS NOT NULL", name="login"),
    personal_data="a login in flight: the platform's own opaque hint of who it is, ten minutes at most; then "
    "the signed-in adult: subject, name, language and course of the launch, hashes of the session's secrets; "
    "opaque ids of the pupils a platform links to a parent, or whose card was opened",
    erased_by=SWEEP + " (a day at most)",
)

api_client = owned_table(
    "api_client",
    sa.Column("registration_id", IdColumn, sa.ForeignKey("registration.id"), primary_key=True),
    sa.Column("base_url", sa.Text, nullable=False),
    sa.Column("client_id", sa.Text, nullable=False),
    sa.Column("client_secret", Secret, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    personal_data="none: the school's API key, its secret encrypted",
    erased_by="the administrator who removes the platform",
)

api_grant = owned_table(
    "api_grant",
    sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), primary_key=True),
    sa.Column("adult_id", IdColumn, primary_key=True),
    sa.Column("registration_id", IdColumn, sa.ForeignKey("registration.id"), nullable=False),
    sa.Column("access_token", Secret, nullable=False),
    sa.Column("refresh_token", Secret, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("platform_user_id", sa.Text, nullable=False),
    sa.Column("lost", sa.Boolean, nullable=False),
    personal_data="the adult who granted it: her platform id and encrypted tokens",
    erased_by="the adult who withdraws it, or erasure of the adult",
)

grant_state = owned_table(
    "grant_state",
    sa.Column("state_hash", sa.Text, primary_key=True),
    sa.Column("registration_id", IdColumn, sa.ForeignKey("registration.id"), nullable=False),
    sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), nullable=False),
    sa.Column("adult_id", IdColumn, nullable=False),
    sa.Column("token_hash", sa.Text, nullable=False),
    sa.Column("expires_at", Instant, nullable=False, index=True),
    personal_data="the adult who opened the authorisation window, by id",
    erased_by=SWEEP,
)

notice_link = owned_table(
    "notice_link",
    sa.Column("link_hash", sa.Text, primary_key=True),
    sa.Column("site_id", IdColumn, sa.ForeignKey("site.id"), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False, index=True),
    personal_data="none: which site's name a link shows, never whose notice it is",
    erased_by=SWEEP,
)
