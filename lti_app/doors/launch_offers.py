"""Offers: what one launch offers besides the page itself: a gradebook, a wish for a link, a pupil's card.

A session keeps them, because the platform says them only once. Addresses and opaque ids, no names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Gradebook:
    """Where the course of a launch keeps its gradebook columns (AGS 2.0, section 3.1).

    ``columns_url`` lists and makes columns; ``column_url`` is the launched link's own; ``scopes`` is what the
    platform grants us there. Any of them may be missing.
    """

    scopes: tuple[str, ...] = ()
    columns_url: str | None = None
    column_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkWish:
    """A platform's wish for a link, made by a teacher who adds something to a course (deep linking 2.0).

    ``takes`` are the kinds of item it takes; ``data`` goes back exactly as it came; ``ticket`` is our own
    single use of the wish.
    """

    return_url: str
    takes: tuple[str, ...]
    takes_column: bool = False
    data: str | None = None
    title: str | None = None
    ticket: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """Everything a launch offered. ``family`` is the platform's product (``canvas``, ``moodle``), ``card_of``
    the platform's own number of the pupil whose card was opened.
    """

    family: str | None = None
    gradebook: Gradebook | None = None
    wish: LinkWish | None = None
    card_of: str | None = None

    def as_json(self) -> dict[str, Any] | None:
        """Return what a database keeps, or None when nothing was offered."""
        if self == NOTHING:
            return None
        return {
            "family": self.family,
            "gradebook": None if self.gradebook is None else _fields_of(self.gradebook),
            "wish": None if self.wish is None else _fields_of(self.wish),
            "card_of": self.card_of,
        }


def _fields_of(value: Gradebook | LinkWish) -> dict[str, Any]:
    """Return the fields; there is nothing inside them to copy, and ``asdict`` would look for it."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


NOTHING = Offers()


def offers_of(kept: Mapping[str, Any] | None) -> Offers:
    """Return the offers a database kept."""
    if not kept:
        return NOTHING
    gradebook, wish = kept["gradebook"], kept["wish"]
    return Offers(
        family=kept["family"],
        gradebook=None
        if gradebook is None
        else Gradebook(**{**gradebook, "scopes": tuple(gradebook["scopes"])}),
        wish=None if wish is None else LinkWish(**{**wish, "takes": tuple(wish["takes"])}),
        card_of=kept["card_of"],
    )
