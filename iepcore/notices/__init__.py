"""Notices: the outbox, what one may say outside the tool, and what became of it."""

from __future__ import annotations

from iepcore.notices.gate import PLAN_WORDS, check_content_free
from iepcore.notices.gradebook import GradebookWord, WordState, neutral_word, settle_word
from iepcore.notices.notice import Notice, Receipt, ReceiptState, Urgency, notice_phrases
from iepcore.notices.outbox import (
    OutboxItem,
    OutboxState,
    hold_item,
    lease_item,
    mark_unknown,
    requeue_item,
    settle_item,
)
from iepcore.notices.replies import ChannelTraits, IncomingReply, ReplyKind, SentNotice
from iepcore.notices.titles import LONGEST_TITLE, neutral_title

__all__ = [
    "LONGEST_TITLE",
    "PLAN_WORDS",
    "ChannelTraits",
    "GradebookWord",
    "IncomingReply",
    "Notice",
    "OutboxItem",
    "OutboxState",
    "Receipt",
    "ReceiptState",
    "ReplyKind",
    "SentNotice",
    "Urgency",
    "WordState",
    "check_content_free",
    "hold_item",
    "lease_item",
    "mark_unknown",
    "neutral_title",
    "neutral_word",
    "notice_phrases",
    "requeue_item",
    "settle_item",
    "settle_word",
]
