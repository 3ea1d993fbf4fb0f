"""A pseudo-language made from English: accented, longer, in brackets, its slots untouched.

What is still plain English on a screen rendered with it was never in a catalogue.
"""

from __future__ import annotations

from gettext import NullTranslations

from iepcore.language.catalogue import _shipped, template_parts

TAG = "qps"
_ACCENTS = str.maketrans("aceinouyACEINOUY", "áçéíñóúýÁÇÉÍÑÓÚÝ")


def pseudo(text: str) -> str:
    """Return the pseudo-language's words for an English message."""
    accented = "".join(
        words.translate(_ACCENTS) + (f"{{{slot}}}" if slot is not None else "")
        for words, slot in template_parts(text)
    )
    return f"⟦{accented}{'·' * (len(text) // 3)}⟧"


class PseudoTranslations(NullTranslations):
    """Every message of the English catalogue, in the pseudo-language."""

    def gettext(self, message: str) -> str:
        """Return the pseudo words, or the key itself when English has none."""
        english = _shipped("en")
        assert english is not None
        text = english.gettext(message)
        return text if text == message else pseudo(text)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the pseudo words of a plural form, or the key itself when English has none."""
        english = _shipped("en")
        assert english is not None
        text = english.ngettext(msgid1, msgid2, n)
        return text if text == msgid1 else pseudo(text)


PSEUDO = {TAG: PseudoTranslations()}
