"""Text messages: one short notice to one number over any provider with an HTTP call, and what comes back."""

from __future__ import annotations

from connectors.sms.channel import SmsChannel
from connectors.sms.counting import Encoding, Size, size_of
from connectors.sms.inbound import Inbound, InboundRefused, InboundSettings, Words
from connectors.sms.settings import Mapped, SmsSettings

__all__ = [
    "Encoding",
    "Inbound",
    "InboundRefused",
    "InboundSettings",
    "Mapped",
    "Size",
    "SmsChannel",
    "SmsSettings",
    "Words",
    "size_of",
]
