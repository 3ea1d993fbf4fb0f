"""An adult of the site: staff, parent or helper. Being listed gives no right whatever."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from iepcore.errors import InvalidValue
from iepcore.ids import AdultId
from iepcore.language import normalise_tag
from iepcore.people.students import check_name

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)


class AddressKind(StrEnum):
    """A road by which one person can be reached."""

    CANVAS = "canvas"
    MAIL = "mail"
    SMS = "sms"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelAddress:
    """Where one adult can be reached: a Canvas user id, a mail address, or a telephone number in the
    international form (``+`` and 7 to 15 digits, ITU-T E.164), as the school's systems hold it."""

    kind: AddressKind
    value: str

    def __post_init__(self) -> None:
        if self.kind is AddressKind.SMS and _NUMBER.fullmatch(self.value) is None:
            raise InvalidValue("address_form", field="value")
        if not self.value.strip() or any(ch in self.value for ch in "\r\n\0") or len(self.value) > 254:
            raise InvalidValue("address_form", field="value")
        if self.kind is AddressKind.CANVAS and not (self.value.isascii() and self.value.isdecimal()):
            raise InvalidValue("address_form", field="value")
        if self.kind is AddressKind.MAIL and (self.value.count("@") != 1 or " " in self.value):
            raise InvalidValue("address_form", field="value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Adult:
    """One adult. ``reads`` is the language for letters and screens, ``speaks`` for talk (domain guide 5.4).

    ``came_as_staff``: the platform once
    called this adult staff of a course, so a records officer may see the name. ``addresses`` are in the
    order the adult prefers. ``zone`` is an IANA name or None (the site's zone).
    """

    id: AdultId
    name: str
    reads: str
    created_at: datetime
    speaks: str = ""
    needs_interpreter: bool = False
    came_as_staff: bool = False
    addresses: tuple[ChannelAddress, ...] = ()
    zone: str | None = None
    version: int = 1

    def __post_init__(self) -> None:
        check_name(self.name, field="name")
        object.__setattr__(self, "reads", normalise_tag(self.reads))
        object.__setattr__(self, "speaks", normalise_tag(self.speaks or self.reads))
        if self.version < 1:
            raise InvalidValue("version_range", field="version")

    def address(self, kind: AddressKind) -> ChannelAddress | None:
        """Return the first address of a kind, or None."""
        return next((address for address in self.addresses if address.kind is kind), None)


def told_address(kind: AddressKind, value: str | None) -> ChannelAddress | None:
    """Return an address as a platform tells it, or None when there is none or it has no usable form."""
    try:
        return ChannelAddress(kind=kind, value=value) if value else None
    except InvalidValue:
        return None


def told_name(name: str | None, subject: str) -> str:
    """Return a name as a platform tells it, in a form we can keep; "Account" and the start of its id when it
    tells none. A strange name must not close the door to its bearer."""
    return _one_line(name or "")[:120].strip() or f"Account {_one_line(subject)[:8]}"


def _one_line(text: str) -> str:
    return " ".join(text.replace("\0", " ").split())
