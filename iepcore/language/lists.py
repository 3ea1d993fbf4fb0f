"""Names in a row, as a phrase: "Ana and Ben" in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

from iepcore.language.phrases import Name, Phrase


def listed(names: Sequence[str]) -> Phrase | Name:
    """Return one or more names as a part to render or to put in a slot, such as ``audience.participants``.

    Spanish "y" is not yet "e" before a name that begins with the sound "i".

    Raises:
        ValueError: when there is no name.
    """
    if not names:
        raise ValueError("a list of names has at least one")
    first = Name(text=names[0])
    if len(names) == 1:
        return first
    if len(names) == 2:
        return Phrase(key="list.two", params={"first": first, "second": Name(text=names[1])})
    return Phrase(key="list.more", params={"first": first, "rest": listed(names[1:])})
