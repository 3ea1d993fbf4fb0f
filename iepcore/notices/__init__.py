"""Notices: the outbox, what one may say outside the tool, and what became of it."""

from __future__ import annotations

from iepcore.notices.gate import PLAN_WORDS, check_content_free
from iepcore.notices.gradebook import GradebookWord, WordState, neutral_word, settle_word
from iepcore.notices.kept_replies import (
    KeptReply,
    ReplyState,
    RoadFetch,
    file_reply,
    pass_reply_on,
    set_reply_aside,
)
from iepcore.notices.notice import Notice, Receipt, ReceiptState, Urgency, notice_phrases, short_notice_phrase
from iepcore.notices.outbox import (
    OutboxItem,
    OutboxState,
    come_back,
    hold_item,
    lease_item,
    mark_unknown,
    requeue_item,
    settle_item,
)
from iepcore.notices.replies import ChannelTraits, IncomingReply, ReplyKind, SentNotice
from iepcore.notices.sending import (
    MOST_LISTED,
    ConsentWay,
    RoadConsent,
    RoadConsentState,
    SendingMode,
    SendingPolicy,
    consent_of,
    needs_consent,
)
from iepcore.notices.titles import LONGEST_TITLE, neutral_title

__all__ = [
    "LONGEST_TITLE",
    "MOST_LISTED",
    "PLAN_WORDS",
    "ChannelTraits",
    "ConsentWay",
    "GradebookWord",
    "IncomingReply",
    "KeptReply",
    "Notice",
    "OutboxItem",
    "OutboxState",
    "Receipt",
    "ReceiptState",
    "ReplyKind",
    "ReplyState",
    "RoadConsent",
    "RoadConsentState",
    "RoadFetch",
    "SendingMode",
    "SendingPolicy",
    "SentNotice",
    "Urgency",
    "WordState",
    "check_content_free",
    "come_back",
    "consent_of",
    "file_reply",
    "hold_item",
    "lease_item",
    "mark_unknown",
    "needs_consent",
    "neutral_title",
    "neutral_word",
    "notice_phrases",
    "pass_reply_on",
    "requeue_item",
    "set_reply_aside",
    "settle_item",
    "settle_word",
    "short_notice_phrase",
]
