"""Family: one conversation per goal, home observations, contacts, and how words cross languages."""

from __future__ import annotations

from iepcore.family.contacts import ContactDirection, ContactLogEntry, ContactMethod, ContactResult
from iepcore.family.messages import Draft, Message, MessageKind, MessageOpened, Thread, is_visible_to
from iepcore.family.observations import HomeAnswer, HomeObservation
from iepcore.family.translations import Translation, TranslationMethod, TranslationRequest, source_hash
from iepcore.family.updates import TEAM_LOOKS, update_parts

__all__ = [
    "TEAM_LOOKS",
    "ContactDirection",
    "ContactLogEntry",
    "ContactMethod",
    "ContactResult",
    "Draft",
    "HomeAnswer",
    "HomeObservation",
    "Message",
    "MessageKind",
    "MessageOpened",
    "Thread",
    "Translation",
    "TranslationMethod",
    "TranslationRequest",
    "is_visible_to",
    "source_hash",
    "update_parts",
]
