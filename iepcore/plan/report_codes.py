"""A school's own codes for the fixed words of a finding, as its report cards print them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from iepcore.errors import InvalidValue
from iepcore.progress import FindingWord

MAX_CODE = 40
"""Longest code in characters, such as "SP" or "Sufficient progress"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCodes:
    """One code per fixed word; empty where a school has none. The word itself never changes.

    Raises:
        InvalidValue: ``text_too_long`` (more than 40 characters); ``field`` is the word.
    """

    met: str = ""
    on_track: str = ""
    close: str = ""
    not_yet: str = ""
    not_enough_data: str = ""
    not_introduced: str = ""

    def __post_init__(self) -> None:
        for one in fields(self):
            code = " ".join(str(getattr(self, one.name)).split())
            if len(code) > MAX_CODE:
                raise InvalidValue("text_too_long", field=one.name, params={"limit": MAX_CODE})
            object.__setattr__(self, one.name, code)

    @classmethod
    def of(cls, codes: Mapping[str, str]) -> ReportCodes:
        """Return the codes of a mapping from word to code.

        Raises:
            InvalidValue: ``unknown_finding_word`` (field ``codes``), ``text_too_long``.
        """
        if set(codes) - {word.value for word in FindingWord}:
            raise InvalidValue("unknown_finding_word", field="codes")
        return cls(**codes)

    def code(self, word: FindingWord) -> str:
        """Return the school's code for a word, empty when it has none."""
        return str(getattr(self, word.value))
