"""Addresses as a person types them: one box for mail addresses, telephone numbers and Canvas user ids."""

from __future__ import annotations

import re

from connectors.mail.settings import is_plain_address
from iepcore.errors import InvalidValue
from iepcore.people import AddressKind, ChannelAddress

_SPACING = re.compile(r"[\s().-]")


def address_of(text: str) -> ChannelAddress:
    """Return what was typed as an address: by ``@`` a mail, by ``+`` a number, by digits a Canvas user.

    Raises:
        InvalidValue: ``address_form``.
    """
    text = text.strip()
    if "@" in text:
        if not is_plain_address(text):
            raise InvalidValue("address_form", field="address")
        return ChannelAddress(kind=AddressKind.MAIL, value=text)
    if text.startswith("+"):
        return number_of(text)
    return ChannelAddress(kind=AddressKind.CANVAS, value=text)


def number_of(text: str) -> ChannelAddress:
    """Return a telephone number with the spaces, dots and brackets that people write taken out.

    Raises:
        InvalidValue: ``address_form`` unless it has the international form (``+`` and 7 to 15 digits).
    """
    return ChannelAddress(kind=AddressKind.SMS, value=_SPACING.sub("", text))
