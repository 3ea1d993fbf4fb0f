"""The browser of these tests is as strict as a school's: a cross-site frame has no cookie and no storage."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Frame, Page
from pytest_httpserver import HTTPServer

FRAME = """<!doctype html><html lang="en"><title>framed</title><p>framed</p><script>
document.cookie = 'loose=1; SameSite=None; Secure';
document.cookie = 'apart=1; SameSite=None; Secure; Partitioned';
function attempt(action) { try { action(); return 'stored'; } catch (refusal) { return refusal.name; } }
window.seen = {
  cookies: document.cookie,
  session: attempt(() => sessionStorage.setItem('a', 'b')),
  local: attempt(() => localStorage.setItem('a', 'b')),
};
</script></html>"""


@pytest.fixture
def framed(httpserver: HTTPServer, page_at: Callable[..., Page]) -> Frame:
    """A page of `localhost` that frames one of `127.0.0.1`: two sites for the browser, one server for us."""
    inner = f"http://127.0.0.1:{httpserver.port}/inner"
    outer = (
        f'<!doctype html><html lang="en"><title>t</title><iframe title="inner" src="{inner}"></iframe></html>'
    )
    cookie = {"Set-Cookie": "sent=1; SameSite=None; Secure; Path=/"}
    httpserver.expect_request("/outer").respond_with_data(outer, content_type="text/html")
    httpserver.expect_request("/inner").respond_with_data(FRAME, content_type="text/html", headers=cookie)
    page = page_at(1366)
    page.goto(f"http://localhost:{httpserver.port}/outer", wait_until="load")
    return page.frames[1]


def test_cross_site_frame_has_no_unpartitioned_cookie(framed: Frame) -> None:
    """Neither a script nor a header sets a cookie in the frame, except a partitioned one."""
    assert "apart=1" == framed.evaluate("seen.cookies")
    assert ["apart"] == [cookie["name"] for cookie in framed.page.context.cookies()]


def test_cross_site_frame_has_no_storage(framed: Frame) -> None:
    """The frame may use neither sessionStorage nor localStorage."""
    assert "SecurityError" == framed.evaluate("seen.session")
    assert "SecurityError" == framed.evaluate("seen.local")


@pytest.mark.parametrize(("width", "height"), [(390, 844), (820, 1180), (1366, 768)])
def test_page_has_the_size_asked_for(page_at: Callable[..., Page], width: int, height: int) -> None:
    """A phone, a tablet and a Chromebook have their real sizes."""
    page = page_at(width)

    assert [width, height] == page.evaluate("[innerWidth, innerHeight]")


def test_axe_names_what_is_wrong_in_a_frame(
    httpserver: HTTPServer, page_at: Callable[..., Page], axe: Callable[..., list[str]]
) -> None:
    """The check finds a picture without words inside a cross-site frame, under a policy without scripts."""
    policy = {"Content-Security-Policy": "script-src 'none'"}
    inner = '<!doctype html><html lang="en"><title>t</title><main><h1>t</h1><img src="data:,"></main></html>'
    outer = (
        '<!doctype html><html lang="en"><title>t</title><main><h1>t</h1>'
        f'<iframe title="t" src="http://127.0.0.1:{httpserver.port}/inner"></iframe></main></html>'
    )
    httpserver.expect_request("/inner").respond_with_data(inner, content_type="text/html", headers=policy)
    httpserver.expect_request("/outer").respond_with_data(outer, content_type="text/html", headers=policy)
    page = page_at(390)
    page.goto(f"http://localhost:{httpserver.port}/outer", wait_until="load")

    assert [] == axe(page)
    assert ["image-alt"] == [line.split()[0] for line in axe(page.frames[1])]
