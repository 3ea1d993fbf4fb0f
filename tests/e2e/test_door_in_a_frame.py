"""The door and the page module in a real cross-site frame whose browser refuses third-party cookies."""

from __future__ import annotations

import html
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Blueprint, Flask, Response
from flask import request as asked_now
from playwright.sync_api import BrowserContext, Frame, Page, expect
from pytest_httpserver import HTTPServer
from werkzeug import Request
from werkzeug import Response as Answer
from werkzeug.serving import make_server

from lti_app.application import build
from lti_app.doors.parts import utc_now
from lti_app.session import current_viewer, goto
from tests.contract.lti.platform import FakePlatform
from tests.contract.lti.tool import TestWiring, make_settings, make_site

NO_COOKIES = """Object.defineProperty(Document.prototype, "cookie", {get: () => "", set() {}});"""
NO_STORAGE = (
    """Object.defineProperty(Window.prototype, "sessionStorage", {get() { throw new Error("refused"); }});"""
)
KEEPER = """<script>
const kept = {};
addEventListener("message", ({origin, data, source}) => {
  if (data.subject !== "lti.put_data" && data.subject !== "lti.get_data") return;
  if (data.subject === "lti.put_data") kept[origin + data.key] = data.value;
  const {message_id, key} = data;
  const value = kept[origin + key];
  source.postMessage({subject: data.subject + ".response", message_id, key, value}, origin);
});
</script>"""


def screen(title: str, body: str) -> str:
    """Return one full document as a screen renders it."""
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title></head><body>'
        f'<main id="page"><h1>{title}</h1>{body}</main><p id="say"></p></body></html>'
    )


def screens() -> Blueprint:
    """Return a few screens: who, a form that goes on, one that is refused, one that loses the server."""
    one = Blueprint("screens", __name__)

    @one.get("/app/")
    def first() -> Response:
        return goto("/app/today")

    @one.get("/app/today")
    def today() -> str:
        who = html.escape(current_viewer().subject)
        said = html.escape(asked_now.args.get("said", ""))
        return screen(
            "Today",
            f'<p id="who">{who}</p><p id="said">{said}</p><a href="/app/goal">Goal</a> <a href="#end">End</a>'
            '<form method="post" action="/app/note"><textarea name="text" id="text"></textarea>'
            '<input type="file" name="file"><button name="go" value="ok">Send</button>'
            '<button name="go" value="stale">Stale</button></form><p id="end">end</p>',
        )

    @one.get("/app/goal")
    def goal() -> str:
        return screen(
            "Goal", f'<p id="lang">{current_viewer().locale}</p><a href="/app/goal?lang=es">Español</a>'
        )

    @one.post("/app/note")
    def note() -> Response:
        from iepcore.errors import Conflict

        if asked_now.form["go"] == "stale":
            raise Conflict("note", current="a", yours="b")
        return goto("/app/today", said=f"sent_{len(asked_now.form['text'])}")

    return one


@dataclass
class Theatre:
    """A tool on localhost, a platform on 127.0.0.1: two sites for the browser."""

    platform: FakePlatform
    server: HTTPServer
    tool_url: str
    wiring: TestWiring
    app: Flask
    login: dict[str, Any] = field(default_factory=dict)
    subjects: list[str] = field(default_factory=lambda: ["ada"])
    cookies_pass: bool = True

    def course(self, frames: int = 1, storage: bool = False) -> str:
        """Publish the course page with its frames and return its address."""
        self.login = {"lti_storage_target": "_parent"} if storage else {}
        frame = '<iframe name="tool{0}" src="/start" width="900" height="600"></iframe>'
        body = (KEEPER if storage else "") + "".join(frame.format(n) for n in range(frames))
        self.server.expect_request("/course").respond_with_data(body, content_type="text/html")
        return self.server.url_for("/course")

    def serve(self, environ: Any, begin: Any) -> Any:
        """Answer as the tool does, to a browser that keeps our cookies or does not."""
        if self.cookies_pass:
            return self.app(environ, begin)
        environ.pop("HTTP_COOKIE", None)

        def without(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return begin(status, [pair for pair in headers if pair[0].lower() != "set-cookie"], *more)

        return self.app(environ, without)

    def start(self, _: Request) -> Answer:
        """The LMS' launch button."""
        return self.form(self.tool_url + "/lti/login", self.platform.login_request(**self.login))

    def authorize(self, asked: Request) -> Answer:
        """The LMS' authorization endpoint: the next subject launches."""
        subject = self.subjects.pop(0) if len(self.subjects) > 1 else self.subjects[0]
        token = self.platform.sign(self.platform.claims(asked.args["nonce"], sub=subject))
        return self.form(self.tool_url + "/lti/launch", {"state": asked.args["state"], "id_token": token})

    @staticmethod
    def form(action: str, fields: dict[str, str]) -> Answer:
        """Return a form that posts itself."""
        inputs = "".join(
            f'<input type="hidden" name="{name}" value="{html.escape(value)}">'
            for name, value in fields.items()
        )
        submit = "<script>document.forms[0].submit()</script>"
        page = f'<form method="post" action="{action}">{inputs}</form>{submit}'
        return Answer(page, content_type="text/html")


@pytest.fixture
def theatre(httpserver: HTTPServer, request: pytest.FixtureRequest) -> Iterator[Theatre]:
    """Start both servers; the parameter is the tool's host, by default another site than the platform's."""
    wiring = TestWiring(clock=utc_now)
    holder: dict[str, Any] = {}
    server = make_server(
        "127.0.0.1", 0, lambda environ, start: holder["theatre"].serve(environ, start), threaded=True
    )
    tool_url = f"http://{getattr(request, 'param', 'localhost')}:{server.server_port}"
    app = build(make_settings(public_url=tool_url), wiring=wiring, screens=(screens(),))
    platform = FakePlatform(httpserver, wiring.doors, clock=utc_now, tool_url=tool_url)
    platform.registration = platform.register(
        "client-b", issuer=httpserver.url_for("").rstrip("/"), auth_url=httpserver.url_for("/auth")
    )
    platform.issuer = platform.registration.issuer
    platform.deploy(make_site(wiring.doors))
    holder["theatre"] = theatre = Theatre(platform, httpserver, tool_url, wiring, app)
    httpserver.expect_request("/start").respond_with_handler(theatre.start)
    httpserver.expect_request("/auth").respond_with_handler(theatre.authorize)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield theatre
    server.shutdown()
    thread.join()
    server.server_close()


def tool_frame(page: Page, name: str = "tool0") -> Frame:
    """Return the tool's frame."""
    frame = page.frame(name)
    assert frame is not None
    return frame


def shows(frame: Frame, title: str) -> None:
    """Wait for a screen by its heading."""
    expect(frame.locator("h1")).to_have_text(title)


Contexts = Callable[..., BrowserContext]


def open_course(theatre: Theatre, context: BrowserContext, **how: Any) -> tuple[Page, Frame]:
    """Open the course and wait for Today."""
    page = context.new_page()
    page.goto(theatre.course(**how))
    frame = tool_frame(page)
    shows(frame, "Today")
    return page, frame


def test_a_morning_in_the_frame(theatre: Theatre, context_at: Contexts) -> None:
    """Launch, follow, write, be refused without losing words, choose a language, reload, go back."""
    _, frame = open_course(theatre, context_at())
    expect(frame.locator("#who")).to_have_text("ada")
    assert "h1" == frame.evaluate("document.activeElement.localName")
    assert "Today" == frame.evaluate("document.title")
    assert [] == [name for name in frame.evaluate("Object.keys(window)") if "token" in name.lower()]

    frame.get_by_role("link", name="End").click()
    assert "end" == frame.evaluate("document.activeElement.id")
    frame.locator("#text").fill("She read it twice")
    frame.get_by_text("Stale").click()
    expect(frame.get_by_role("alert")).to_contain_text("This was already changed")
    expect(frame.locator("#text")).to_have_value("She read it twice")
    frame.get_by_role("button", name="Send").click()
    expect(frame.locator("#said")).to_have_text("sent_17")
    assert frame.evaluate("location.pathname + location.search") == "/app/today"

    frame.get_by_role("link", name="Goal").click()
    shows(frame, "Goal")
    frame.get_by_text("Español").click()
    expect(frame.locator("#lang")).to_have_text("es")
    assert "" == frame.evaluate("location.search")
    frame.evaluate("location.reload()")
    shows(frame, "Goal")
    expect(frame.locator("#lang")).to_have_text("es")
    frame.evaluate("history.back()")
    shows(frame, "Today")
    frame.evaluate("history.forward()")
    shows(frame, "Goal")


def test_words_survive_a_lost_network(theatre: Theatre, context_at: Contexts) -> None:
    """With the network away the form stays with its words, says so, and sends on the next try."""
    context = context_at()
    _, frame = open_course(theatre, context)
    frame.locator("#text").fill("abc")
    context.set_offline(True)
    frame.get_by_role("button", name="Send").click()
    expect(frame.get_by_role("alert")).to_contain_text("What you wrote is still here")
    expect(frame.locator("#text")).to_have_value("abc")
    context.set_offline(False)
    frame.get_by_role("button", name="Try again").click()
    expect(frame.locator("#said")).to_have_text("sent_3")


def test_ended_session_keeps_the_words(theatre: Theatre, context_at: Contexts) -> None:
    """A session revoked under a form refuses the form, in place, with what to do."""
    _, frame = open_course(theatre, context_at())
    frame.locator("#text").fill("abc")
    adult = theatre.wiring.arrivals.adults["ada"]
    site = theatre.wiring.arrivals.met[0].site_id
    assert 1 == theatre.wiring.doors.revoke_sessions_of(site, adult, at=utc_now())
    frame.get_by_role("button", name="Send").click()
    expect(frame.get_by_role("alert")).to_contain_text("Please open this again")
    expect(frame.locator("#text")).to_have_value("abc")


def test_hostile_frame_gets_no_session(theatre: Theatre, context_at: Contexts) -> None:
    """Another page under the same LMS that frames our address is asked to open again, cookies or not."""
    context = context_at()
    _, frame = open_course(theatre, context)
    theatre.server.expect_request("/evil").respond_with_data(
        f'<iframe name="tool0" src="{theatre.tool_url}/app/today"></iframe>', content_type="text/html"
    )
    page = context.new_page()
    page.goto(theatre.server.url_for("/evil"))
    shows(tool_frame(page), "Please open this again")
    shows(frame, "Today")


def test_two_frames_two_users(theatre: Theatre, context_at: Contexts) -> None:
    """Two launches side by side in one browser stay two people, also after both reload."""
    theatre.subjects = ["ada", "ben"]
    page, first = open_course(theatre, context_at(), frames=2)
    second = tool_frame(page, "tool1")
    shows(second, "Today")
    names = [frame.locator("#who").text_content() for frame in (first, second)]
    assert {"ada", "ben"} == set(names)
    for frame in (first, second):
        frame.evaluate("location.reload()")
        frame.wait_for_load_state()
    for frame, name in zip((first, second), names, strict=True):
        expect(frame.locator("#who")).to_have_text(str(name))


def refusing(context: BrowserContext, theatre: Theatre, *scripts: str) -> None:
    """Make the browser refuse cookies (and more) to the tool."""
    theatre.cookies_pass = False
    where = json.dumps(theatre.tool_url)
    for script in scripts:
        context.add_init_script(f"if (location.origin === {where}) {{ {script} }}")


@pytest.mark.parametrize("theatre", ["127.0.0.1"], indirect=True)
def test_own_storage_stands_in_for_cookies(theatre: Theatre, context_at: Contexts) -> None:
    """WebKit's case: no cookie at all in the frame, but its own sessionStorage; launch and reload work.

    Chromium refuses the storage of a cross-site frame together with its cookies, hence one site here.
    """
    context = context_at()
    refusing(context, theatre, NO_COOKIES)
    _, frame = open_course(theatre, context)
    frame.evaluate("location.reload()")
    shows(frame, "Today")
    expect(frame.locator("#who")).to_have_text("ada")


def test_platform_storage_stands_in_for_both(theatre: Theatre, context_at: Contexts) -> None:
    """P1: neither cookies nor storage: the platform keeps the proof; a reload asks to open again."""
    context = context_at()
    refusing(context, theatre, NO_COOKIES, NO_STORAGE)
    _, frame = open_course(theatre, context, storage=True)
    frame.evaluate("location.reload()")
    shows(frame, "Please open this again")


def test_window_of_its_own_is_the_last_way(theatre: Theatre, context_at: Contexts) -> None:
    """P3: where nothing is kept, a link opens the same login in a window, where it works."""
    context = context_at()
    refusing(context, theatre, NO_COOKIES, NO_STORAGE)
    page = context.new_page()
    page.goto(theatre.course())
    link = tool_frame(page).get_by_role("link", name="Open in a new window")
    expect(link).to_be_visible()
    theatre.cookies_pass = True
    with context.expect_page() as opened:
        link.click()
    expect(opened.value.locator("h1")).to_have_text("Today")
