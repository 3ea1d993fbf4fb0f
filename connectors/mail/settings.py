"""Where mail is handed over, and in whose name. Checked once, when it is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from connectors.http import is_loopback
from iepcore.errors import InvalidValue
from iepcore.notices import check_content_free

# RFC 5322, 3.2.3 dot-atom @ host name: the part of the grammar that needs no quoting anywhere.
_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
_LABEL = r"[a-zA-Z0-9-]+"
_PLAIN = re.compile(rf"{_ATOM}(\.{_ATOM})*@{_LABEL}(\.{_LABEL})*", re.ASCII)


class MailSecurity(StrEnum):
    """How the way to the mail server is protected: upgraded, from the first byte, or not at all."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """A mail server and the address we write from. Seconds: to connect, per answer, for the last answer.

    The server's last word, after the text, may take long: it reads the whole mail first.
    """

    host: str
    from_address: str
    port: int = 587
    security: MailSecurity = MailSecurity.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    connect_seconds: float = 3.0
    read_seconds: float = 10.0
    final_seconds: float = 60.0

    def __post_init__(self) -> None:
        if not self.host or not 0 < self.port < 65_536:
            raise InvalidValue("mail_server_form", field="host")
        if self.security is MailSecurity.NONE and not is_loopback(self.host):
            # The address of a parent would cross the network in the open.
            raise InvalidValue("mail_insecure", field="security")
        if not is_plain_address(self.from_address):
            raise InvalidValue("address_form", field="from_address")
        # It stands in every mail: an address such as "iep@..." would tell everybody what it is about.
        check_content_free(re.sub(r"[\W_]", " ", self.from_address))

    @property
    def from_domain(self) -> str:
        """The part behind the @: our name towards the server and in message ids."""
        return self.from_address.partition("@")[2]


def is_plain_address(text: str) -> bool:
    """Tell whether a mail address is plain enough to be written as it is: ASCII, one @, nothing to quote."""
    return len(text) <= 254 and _PLAIN.fullmatch(text) is not None
