"""What one household may see of a conversation: its own words and those written to it, and nobody of another.

A message to two households names both, a translation tells a language somebody reads, a request who asked.
Each family gets its own copy without the other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from iepcore.family import Message, Translation, TranslationRequest
from iepcore.ids import AdultId


def own_copies(messages: Collection[Message], me: AdultId) -> tuple[Message, ...]:
    """Return messages as one adult of a family sees them: no other reader, no link to words not seen."""
    seen = {message.id for message in messages}
    return tuple(
        replace(
            message,
            recipient_ids=message.recipient_ids & {me},
            in_reply_to=message.in_reply_to if message.in_reply_to in seen else None,
        )
        for message in messages
    )


def own_requests(
    requests: Iterable[TranslationRequest], messages: Collection[Message], me: AdultId, reads: str
) -> tuple[TranslationRequest, ...]:
    """Return the requests that concern this adult; who else asked for the same is not told."""
    mine = {message.id for message in messages if message.author_id == me}
    return tuple(
        replace(one, asked_by=me)
        for one in requests
        if one.asked_by == me or one.message_id in mine or _is_read(one.to_language, reads)
    )


def own_translations(
    translations: Iterable[Translation],
    requests: Iterable[TranslationRequest],
    messages: Collection[Message],
    me: AdultId,
    reads: str,
) -> tuple[Translation, ...]:
    """Return the translations this adult reads, asked for, or has of their own words. ``requests`` are their
    own."""
    mine = {message.id for message in messages if message.author_id == me}
    asked = {(one.message_id, one.part, one.to_language) for one in requests}
    return tuple(
        one
        for one in translations
        if one.message_id in mine
        or _is_read(one.text.lang, reads)
        or (one.message_id, one.part, one.text.lang) in asked
    )


def _is_read(tag: str, reads: str) -> bool:
    """Tell whether somebody who reads one language reads another tag of it (``es``, ``es-MX``)."""
    return tag.split("-")[0] == reads.split("-")[0]
