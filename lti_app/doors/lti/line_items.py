"""Line items: the gradebook columns of a course, by Assignment and Grade Services 2.0, section 3.2.

We see every column the platform shows us, and change or delete only those we made ourselves: they carry our
tag. A column is found before it is made, so that a copied course or a second worker gets no second one.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import requests

from lti_app.doors.launch_offers import Gradebook
from lti_app.doors.lti.platforms import PlatformRules
from lti_app.doors.lti.services import Call, PlatformServices, ServiceRefused, ServiceSilent, read_json
from lti_app.doors.records import Registration

AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
COLUMN_SCOPE, COLUMN_READ_SCOPE = AGS + "lineitem", AGS + "lineitem.readonly"
COLUMN_MEDIA = "application/vnd.ims.lis.v2.lineitem+json"
COLUMNS_MEDIA = "application/vnd.ims.lis.v2.lineitemcontainer+json"
OUR_TAG = "rapport"
MOST_PAGES = 50
LONGEST_LABEL = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One course's gradebook as one launch offered it: whose it is, where it is, how its product behaves."""

    registration: Registration
    deployment_id: str
    gradebook: Gradebook
    rules: PlatformRules


@dataclass(frozen=True, slots=True, kw_only=True)
class LineItem:
    """One column. ``url`` is its identity; ``score_maximum`` is above 0; ``sent`` is all that the platform
    said, so that a change loses nothing of it.
    """

    url: str
    label: str
    score_maximum: float
    resource_id: str | None = None
    tag: str | None = None
    resource_link_id: str | None = None
    sent: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def ours(self) -> bool:
        """Whether we made it."""
        return self.tag == OUR_TAG


@dataclass(frozen=True, slots=True, kw_only=True)
class GradebookCalls:
    """Calls to one place's gradebook. ``known`` is the address whose host the launch vouched for."""

    services: PlatformServices
    place: Place
    known: str

    def near(self, url: str) -> str:
        """Let an address pass only where the launch said the gradebook is: our token goes along.

        Raises:
            ServiceRefused: ``columns_other_host``.
        """
        if urlsplit(url)[:2] != urlsplit(self.known)[:2]:
            raise ServiceRefused("columns_other_host")
        return url

    def send(self, call: Call, scope: str) -> requests.Response:
        """Make a call under one scope.

        Raises:
            ServiceRefused: ``scope_not_granted``, and what :class:`PlatformServices` raises.
        """
        place = self.place
        if scope not in place.gradebook.scopes:
            raise ServiceRefused("scope_not_granted")
        return self.services.write(place.registration, place.deployment_id, call, (scope,))


class LineItems:
    """The columns of one place. Errors are those of :class:`PlatformServices`."""

    def __init__(self, services: PlatformServices, place: Place) -> None:
        self._place = place
        known = place.gradebook.columns_url or place.gradebook.column_url or ""
        self._calls = GradebookCalls(services=services, place=place, known=known)

    def listed(
        self,
        *,
        tag: str | None = None,
        resource_id: str | None = None,
        resource_link_id: str | None = None,
    ) -> tuple[LineItem, ...]:
        """Return the columns, filtered by the platform and once more here (a platform may ignore filters).

        Raises:
            ServiceRefused: ``no_columns`` when the launch offered only one column or none.
        """
        wanted = {"tag": tag, "resource_id": resource_id, "resource_link_id": resource_link_id}
        query = {name: value for name, value in wanted.items() if value is not None}
        if self._place.rules.page_size is not None:
            query["limit"] = str(self._place.rules.page_size)
        found = {item.url: item for item in self._pages(with_query(self._container(), query))}
        return tuple(
            item
            for item in found.values()
            if tag in (None, item.tag)
            and resource_id in (None, item.resource_id)
            and resource_link_id in (None, item.resource_link_id)
        )

    def find_or_make(
        self, *, label: str, resource_id: str, score_maximum: float = 1.0, resource_link_id: str | None = None
    ) -> LineItem:
        """Return our column for ``resource_id``, made now when there is none.

        Two workers that make it at the same moment end with one: both look again, both keep the first by its
        address, and whoever made the other takes it away.
        """
        there = self._ours(resource_id)
        if there:
            return there[0]
        made = self._make(label, resource_id, score_maximum, resource_link_id)
        there = self._ours(resource_id)
        if there and made.url != there[0].url and any(item.url == made.url for item in there):
            self.delete(made.url)
        return there[0] if there else made

    def read(self, url: str) -> LineItem:
        """Return one column as it stands now."""
        call = Call(method="GET", url=self._calls.near(url), accept=COLUMN_MEDIA)
        answer = self._calls.send(call, self._reading())
        return _line_item(read_json(answer), url)

    def rename(self, url: str, label: str) -> LineItem:
        """Give a column of ours another title; everything else in it stays as the platform has it.

        PUT replaces the whole column (AGS 3.2.4), so it is read first and sent back whole.

        Raises:
            ServiceRefused: ``column_not_ours``.
        """
        now = self._mine(url)
        body = {**now.sent, "label": clean_label(label)}
        call = _json_call("PUT", url, body, COLUMN_MEDIA, repeatable=True)
        return _line_item(read_json(self._calls.send(call, COLUMN_SCOPE)), url)

    def delete(self, url: str) -> None:
        """Take a column of ours away; one that is gone already is fine.

        Raises:
            ServiceRefused: ``column_not_ours``.
        """
        try:
            self._mine(url)
            self._calls.send(Call(method="DELETE", url=url, accept="*/*"), COLUMN_SCOPE)
        except ServiceRefused as refusal:
            if refusal.params.get("status") != 404:
                raise

    def _ours(self, resource_id: str) -> list[LineItem]:
        found = self.listed(tag=OUR_TAG, resource_id=resource_id)
        return sorted(found, key=lambda item: (len(item.url), item.url))  # numbers as numbers

    def _make(
        self, label: str, resource_id: str, score_maximum: float, resource_link_id: str | None
    ) -> LineItem:
        if not (math.isfinite(score_maximum) and score_maximum > 0):
            raise ValueError("a column needs a maximum above 0")
        body: dict[str, Any] = {
            "scoreMaximum": score_maximum,
            "label": clean_label(label),
            "resourceId": resource_id,
            "tag": OUR_TAG,
            **({"resourceLinkId": resource_link_id} if resource_link_id else self._place.rules.quiet_column),
        }
        call = _json_call("POST", self._container(), body, COLUMN_MEDIA, repeatable=False)
        return _line_item(read_json(self._calls.send(call, COLUMN_SCOPE)), None)

    def _mine(self, url: str) -> LineItem:
        now = self.read(url)
        if not now.ours:
            raise ServiceRefused("column_not_ours")
        return now

    def _pages(self, first: str) -> Iterator[LineItem]:
        url: str | None = first
        seen: set[str] = set()
        while url is not None:
            if url in seen or len(seen) >= MOST_PAGES:
                raise ServiceSilent("columns_endless")
            seen.add(url)
            call = Call(method="GET", url=self._calls.near(url), accept=COLUMNS_MEDIA)
            answer = self._calls.send(call, self._reading())
            rows = read_json(answer)
            if not isinstance(rows, list):
                raise ServiceSilent("columns_shape")
            yield from (_line_item(row, None) for row in rows if _has_address(row))
            following = answer.links.get("next", {}).get("url")
            url = urljoin(url, following) if following else None

    def _container(self) -> str:
        url = self._place.gradebook.columns_url
        if url is None:
            raise ServiceRefused("no_columns")
        return url

    def _reading(self) -> str:
        """The smallest scope that is granted and reads."""
        granted = self._place.gradebook.scopes
        return COLUMN_READ_SCOPE if COLUMN_READ_SCOPE in granted else COLUMN_SCOPE


def clean_label(text: str) -> str:
    """Return a column's title: one line, at most 120 characters.

    Raises:
        ValueError: there is nothing to show.
    """
    label = " ".join(text.split())[:LONGEST_LABEL].strip()
    if not label:
        raise ValueError("a column needs a title")
    return label


def with_query(url: str, more: Mapping[str, str]) -> str:
    """Return ``url`` with ``more`` added to its query; what it has already stays, byte by byte."""
    if not more:
        return url
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(more)}"


def under(url: str, name: str) -> str:
    """Return the address of ``scores`` or ``results`` of a column: added to the path, before any query."""
    path, mark, query = url.partition("?")
    return f"{path.rstrip('/')}/{name}{mark}{query}"


def _json_call(method: str, url: str, body: Mapping[str, Any], media: str, *, repeatable: bool) -> Call:
    text = json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    return Call(method=method, url=url, accept=media, body=text, content_type=media, repeatable=repeatable)


def _has_address(row: Any) -> bool:
    return isinstance(row, dict) and isinstance(row.get("id"), str) and bool(row["id"])


def _line_item(row: Any, url: str | None) -> LineItem:
    """Return a column as the platform describes it; ``url`` stands in where the description has no id.

    Raises:
        ServiceSilent: ``columns_shape``.
    """
    if not isinstance(row, dict):
        raise ServiceSilent("columns_shape")
    address = row.get("id") if _has_address(row) else url
    if not address:
        raise ServiceSilent("columns_shape")
    maximum: Any = row.get("scoreMaximum")
    usable = isinstance(maximum, int | float) and not isinstance(maximum, bool) and math.isfinite(maximum)
    return LineItem(
        url=address,
        label=str(row.get("label") or ""),
        score_maximum=float(maximum) if usable and maximum > 0 else 1.0,
        resource_id=_text(row, "resourceId"),
        tag=_text(row, "tag"),
        resource_link_id=_text(row, "resourceLinkId"),
        sent=row,
    )


def _text(row: Mapping[str, Any], name: str) -> str | None:
    value = row.get(name)
    return value if isinstance(value, str) and value else None
