"""Words in a gradebook: the few that a teacher lets travel to a pupil's cell, and what became of them.

A gradebook is read by co-teachers, administrators, the pupil and whoever observes the pupil. So a word there
says nothing of a child's progress or plan, names nobody, and goes once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, ClientKey, GradebookWordId, StudentId
from iepcore.notices.gate import check_content_free
from iepcore.notices.notice import Receipt, ReceiptState

LONGEST_WORD = 200


class WordState(StrEnum):
    """``sending`` that stays is a send nobody saw the end of: it counts as ``unknown``."""

    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class GradebookWord:
    """One word for one pupil's cell. ``column`` is the platform's own address of the column, opaque to us;
    ``sent_at`` the time it carries there, later than the one before in that cell.

    Raises:
        InvalidValue: ``word_empty``, ``word_long`` (over 200 characters), ``column_form``, ``version_range``.
    """

    id: GradebookWordId
    student_id: StudentId
    by_id: AdultId
    column: str
    text: str
    client_key: ClientKey
    written_at: datetime
    state: WordState = WordState.SENDING
    reason: str = ""
    sent_at: datetime | None = None
    version: int = 1

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise InvalidValue("word_empty", field="text")
        if len(self.text) > LONGEST_WORD:
            raise InvalidValue("word_long", field="text", params={"limit": LONGEST_WORD})
        if not self.column or len(self.column) > 2000:
            raise InvalidValue("column_form", field="column")
        if self.version < 1:
            raise InvalidValue("version_range", field="version")

    @property
    def may_be_there(self) -> bool:
        """Whether others may read it in the gradebook: sent, or sent with an unknown end."""
        return self.state is not WordState.REFUSED


def neutral_word(text: str, *, names: Iterable[str]) -> str:
    """Return a word for a gradebook as one line, or refuse it: no plan word, no number, no name of the child.

    Raises:
        InvalidValue: ``word_names_plan``, ``word_names_child``, ``word_has_number`` (a score is content); the
            error never repeats what was found.
    """
    word = " ".join(text.split())
    try:
        check_content_free(word, names=names)
    except InvalidValue as refusal:
        if refusal.code == "notice_names_plan":
            raise InvalidValue("word_names_plan", field="text") from None
        raise InvalidValue("word_names_child", field="text") from None
    if any(letter.isnumeric() for letter in word):
        raise InvalidValue("word_has_number", field="text")
    return word


def settle_word(word: GradebookWord, receipt: Receipt) -> GradebookWord:
    """Return the word with what became of it."""
    states = {
        ReceiptState.SENT: WordState.SENT,
        ReceiptState.REFUSED: WordState.REFUSED,
        ReceiptState.UNKNOWN: WordState.UNKNOWN,
    }
    return replace(
        word,
        state=states[receipt.state],
        reason=receipt.reason,
        sent_at=receipt.at,
        version=word.version + 1,
    )
