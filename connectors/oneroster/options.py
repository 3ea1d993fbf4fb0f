"""What a site decides about its OneRoster files: whose subjects, which school, which number, which addresses.

``sis_id``: the person's number by which other sources know them. The standard calls ``identifier`` the number
that people use for the person, such as on a badge or a transcript; ``sourcedId`` only ties the files together
and is often a new one after a move. So ``identifier`` is the number unless the site says otherwise, and a
person without one has none: a number of another kind in its place could be somebody else's.

``mail_domains``: an address is vouched for only below a domain whose addresses the school itself gives out.
What an office typed in for a parent is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.oneroster.schemas import UserRow
from iepcore.errors import InvalidValue
from iepcore.people import folded_mail

_USER_ID = re.compile(r"\{([^:{}]{1,60}):([^{}]{1,255})\}")
_DOMAIN = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")
_BY_TYPE = "userIds:"
CONFIG_KEYS = frozenset({"file", "source", "school", "sis_id", "mail_domains", "zone"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OneRosterOptions:
    """``source`` names whose subjects these are; ``school`` is the ``sourcedId`` of the one school whose
    classes count (empty: all); ``sis_id`` is ``identifier``, ``sourcedId`` or ``userIds:TYPE``; ``zone`` is
    the school's, by whose day enrollments have begun or ended.

    Raises:
        InvalidValue: ``identity_form`` for the source, ``option_form`` for the others (``field`` says which).
    """

    source: str = "oneroster"
    school: str = ""
    sis_id: str = "identifier"
    mail_domains: frozenset[str] = frozenset()
    zone: str = "UTC"

    def __post_init__(self) -> None:
        if not self.source.strip() or len(self.source) > 255:
            raise InvalidValue("identity_form", field="source")
        is_typed = self.sis_id.startswith(_BY_TYPE) and len(self.sis_id) > len(_BY_TYPE)
        if self.sis_id not in {"identifier", "sourcedId"} and not is_typed:
            raise InvalidValue("option_form", field="sis_id")
        if any(_DOMAIN.fullmatch(domain) is None for domain in self.mail_domains):
            raise InvalidValue("option_form", field="mail_domains")
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError):
            raise InvalidValue("option_form", field="zone") from None

    def day_of(self, instant: datetime) -> date:
        """Return the school's day."""
        return instant.astimezone(ZoneInfo(self.zone)).date()

    def number_of(self, user: UserRow) -> str | None:
        """Return the person's number, or None."""
        if self.sis_id == "identifier":
            return user.identifier or None
        if self.sis_id == "sourcedId":
            return user.id
        wanted = self.sis_id.removeprefix(_BY_TYPE).casefold()
        found = {text for kind, text in _USER_ID.findall(user.user_ids) if kind.strip().casefold() == wanted}
        return found.pop().strip() or None if len(found) == 1 else None

    def vouches_for(self, address: str) -> bool:
        """Tell whether an address was given out by the school."""
        return folded_mail(address).rpartition("@")[2] in self.mail_domains


def options_of(config: Mapping[str, str]) -> tuple[Path, OneRosterOptions]:
    """Return the file and the options of a configuration of texts.

    Raises:
        InvalidValue: ``option_unknown``, ``option_missing`` (``file``), ``option_form``, ``identity_form``.
    """
    unknown = config.keys() - CONFIG_KEYS
    if unknown:
        raise InvalidValue("option_unknown", field=min(unknown))
    if not config.get("file"):
        raise InvalidValue("option_missing", field="file")
    domains = (part.strip().lower() for part in config.get("mail_domains", "").split(","))
    options = OneRosterOptions(
        source=config.get("source") or "oneroster",
        school=config.get("school", ""),
        sis_id=config.get("sis_id") or "identifier",
        mail_domains=frozenset(part for part in domains if part),
        zone=config.get("zone") or "UTC",
    )
    return Path(config["file"]), options
