"""Bookmark pages: opaque links only, a cap below what is asked, and the tempers of real servers."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from werkzeug import Request

T = TypeVar("T")
Key = tuple[object, ...]


@dataclass
class Tempers:
    """How lists come. ``cap``: never more rows than this. ``empty_end``: a full last page has a next one that
    is empty. ``host``: links name this host instead of ours (a vanity domain)."""

    cap: int = 100
    empty_end: bool = False
    lower_case: bool = True
    host: str | None = None


def page_of(
    rows: Sequence[T], key: Callable[[T], Key], request: Request, tempers: Tempers, *, url: str
) -> tuple[list[T], dict[str, str]]:
    """Return one page of rows in the order of their keys, and the headers that go with it.

    A bookmark is the last key shown, so rows that come or go elsewhere move nothing.
    """
    ordered = sorted(rows, key=lambda row: json.dumps(key(row)))
    mark = request.args.get("page", "first")
    if mark.startswith("bookmark:"):
        after = base64.urlsafe_b64decode(mark.removeprefix("bookmark:")).decode()
        ordered = [row for row in ordered if json.dumps(key(row)) > after]
    size = min(int(request.args.get("per_page", "10")), tempers.cap)
    shown = ordered[:size]
    here = f"{tempers.host or url}{request.path}"
    links = [f'<{here}?{_query(request, mark)}>; rel="current"']
    if len(ordered) > size or (tempers.empty_end and len(shown) == size):
        last = base64.urlsafe_b64encode(json.dumps(key(shown[-1])).encode()).decode()
        links.append(f'<{here}?{_query(request, "bookmark:" + last)}>; rel="next"')
    links.append(f'<{here}?{_query(request, "first")}>; rel="first"')
    return shown, {"link" if tempers.lower_case else "Link": ",".join(links)}


def _query(request: Request, page: str) -> str:
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    return "&".join(f"{name}={value}" for name, value in [*kept, ("page", page)])
