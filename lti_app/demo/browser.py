"""A browser without a window, for the check: launches, keeps cookies and the bearer, fills in forms."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urljoin, urlsplit

import requests

SECONDS = 20.0


class LoopBroken(Exception):
    """A step of the loop did not do what it should; the message says which and how."""


@dataclass(slots=True)
class Form:
    """A form of a page: where it goes and what it holds before anybody fills it in."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, **values: str | list[str]) -> list[tuple[str, str]]:
        """Return the fields with some values put in; a list gives several of one name."""
        out = [(name, text) for name, text in self.fields if name not in values]
        for name, text in values.items():
            out += [(name, one) for one in (text if isinstance(text, list) else [text])]
        return out


@dataclass(slots=True)
class Page:
    """A page as fetched: its forms, links, data blocks and text."""

    url: str
    status: int
    html: str
    forms: list[Form] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    data: dict[str, str] = field(default_factory=dict)
    text: str = ""

    def form(self, action_end: str) -> Form:
        """Return the first form whose action ends with some words.

        Raises:
            LoopBroken: when the page has none.
        """
        for one in self.forms:
            if urlsplit(one.action).path.endswith(action_end):
                return one
        raise LoopBroken(f"the page {urlsplit(self.url).path} has no form for {action_end}")


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page
        self._form: Form | None = None
        self._block = ""
        self._words: list[str] = []
        self._area = ""
        self._choice = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: text or "" for name, text in attrs}
        if tag == "form":
            action = urljoin(self._page.url, given.get("action", ""))
            self._form = Form(action=action, method=given.get("method", "get").lower())
            self._page.forms.append(self._form)
        elif tag == "a" and "href" in given:
            self._page.links.append(urljoin(self._page.url, given["href"]))
        elif tag == "script" and given.get("type") == "application/json":
            self._block = given.get("id", "data")
        elif self._form is not None:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        assert self._form is not None
        name = given.get("name", "")
        kind = given.get("type", "text")
        if tag == "input" and name:
            ticked = kind not in {"radio", "checkbox"} or "checked" in given
            if ticked and kind not in {"submit", "button", "file"}:
                self._form.fields.append((name, given.get("value", "on" if kind == "checkbox" else "")))
        elif tag == "textarea" and name:
            self._area = name
            self._form.fields.append((name, ""))
        elif tag == "select" and name:
            self._choice = name
        elif tag == "option" and self._choice and "selected" in given:
            self._form.fields.append((self._choice, given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._choice = ""
        elif tag == "script":
            self._block = ""

    def handle_data(self, data: str) -> None:
        if self._block:
            self._page.data[self._block] = self._page.data.get(self._block, "") + data
        elif self._area and self._form is not None:
            name, text = self._form.fields[-1]
            self._form.fields[-1] = (name, text + data)
        elif data.strip():
            self._words.append(data.strip())

    def close(self) -> None:
        super().close()
        self._page.text = " ".join(self._words)


class Browser:
    """One person's browser. Cookies are kept by host, ``Secure`` ones too: the check runs on loopback."""

    def __init__(self) -> None:
        self._http = requests.Session()
        self._http.headers["User-Agent"] = "RapportCheck/1"
        self._cookies: dict[str, dict[str, str]] = {}
        self._token = ""
        self._tool = ""

    def launch(self, lms_url: str, tool_url: str, person: str, course: int) -> Page:
        """Open the tool from a course of the practice LMS as a person; return the first page they get."""
        self._tool = tool_url
        frame = self.fetch("GET", f"{lms_url}/courses/{course}?as={person}&frame=bare")
        login = frame.form("/lti/login")
        asked = self.fetch("POST", login.action, login.fields)
        if "bind" in asked.data:
            # A browser would keep the cookie first and go on only then; so do we.
            asked = self.fetch("GET", json.loads(asked.data["bind"])["next"])
        answer = asked.form("/lti/launch")
        opened = self.fetch("POST", answer.action, answer.fields)
        if "door" not in opened.data:
            return opened  # the page for somebody with nothing to open here
        door = json.loads(opened.data["door"])
        self._token = door["token"]
        return self.open(door.get("path", "/app/"))

    def enter(self, tool_url: str, path: str, body: dict[str, object]) -> Page:
        """Ask the tool for a session as a frame's own page does; return the first page it gives.

        Raises:
            LoopBroken: when no session is opened.
        """
        self._tool = tool_url
        page, _ = self._request("POST", urljoin(tool_url, path), None, {"Origin": tool_url}, json_body=body)
        if page.status >= 400 or json.loads(page.html).get("kind") != "open":
            raise LoopBroken(f"POST {urlsplit(page.url).path} answered {page.status} and opened nothing")
        door = json.loads(page.html)
        self._token = door["token"]
        return self.open(door["path"])

    def open(self, path: str) -> Page:
        """Open a page of the tool, as the page module would."""
        return self._app("GET", path, None)

    def send(self, form: Form, **values: str | list[str]) -> Page:
        """Send a form of the tool with some values, and go where it leads."""
        return self._app("POST", form.action, form.filled(**values))

    def ask(self, path: str) -> dict[str, str]:
        """Post to the tool and return its JSON answer."""
        page, _ = self._request(
            "POST", urljoin(self._tool, path), [], {"Authorization": f"Bearer {self._token}"}
        )
        if page.status >= 400:
            raise LoopBroken(f"POST {path} answered {page.status}")
        answer: dict[str, str] = json.loads(page.html)
        return answer

    def _app(self, method: str, path: str, data: list[tuple[str, str]] | None) -> Page:
        page, headers = self._request(
            method, urljoin(self._tool, path), data, {"Authorization": f"Bearer {self._token}"}
        )
        leads = headers.get("Rapport-Goto")
        if leads:
            return self._app("GET", leads, None)
        if page.status >= 400:
            raise LoopBroken(f"{method} {urlsplit(page.url).path} answered {page.status}: {page.text[:200]}")
        return page

    def fetch(self, method: str, url: str, data: list[tuple[str, str]] | None = None) -> Page:
        """Fetch a page outside the session, following redirects as a browser does."""
        for _ in range(6):
            page, headers = self._request(method, url, data, {})
            if page.status not in {301, 302, 303, 307}:
                if page.status >= 400:
                    raise LoopBroken(f"{method} {urlsplit(page.url).path} answered {page.status}")
                return page
            method, data, url = "GET", None, urljoin(url, headers.get("Location", ""))
        raise LoopBroken("too many redirects")

    def _request(
        self,
        method: str,
        url: str,
        data: list[tuple[str, str]] | None,
        headers: dict[str, str],
        *,
        json_body: dict[str, object] | None = None,
    ) -> tuple[Page, requests.structures.CaseInsensitiveDict[str]]:
        host = urlsplit(url).netloc
        jar = self._cookies.setdefault(host, {})
        sent = dict(headers)
        if jar:
            sent["Cookie"] = "; ".join(f"{name}={text}" for name, text in jar.items())
        try:
            answer = self._http.request(
                method, url, data=data, json=json_body, headers=sent, allow_redirects=False, timeout=SECONDS
            )
        except requests.RequestException as problem:
            raise LoopBroken(f"{urlsplit(url).path}: {type(problem).__name__}") from None
        for line in answer.raw.headers.getlist("Set-Cookie"):
            # The standard library does not know ``Partitioned`` before Python 3.14.
            for name, morsel in SimpleCookie(line.replace("; Partitioned", "")).items():
                jar[name] = morsel.value
        self._http.cookies.clear()
        page = Page(url=url, status=answer.status_code, html=answer.text)
        reader = _Reader(page)
        reader.feed(answer.text)
        reader.close()
        return page, answer.headers
