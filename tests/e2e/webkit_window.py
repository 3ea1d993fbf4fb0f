"""A real WebKit: Debian's WebKitGTK browser on a screen of its own, at the size of an iPad.

WebKitGTK is not Safari, but the same engine. In a cross-site frame it refuses every cookie and keeps storage
apart by site, the reverse of Chromium, so the door must get by without cookies there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

IPAD = (820, 1180)
SECONDS = 30.0
SETTLED = """return location.pathname.startsWith('/app/') && location.pathname.length > 5
    && document.getElementById('page')?.hasAttribute('aria-busy') === false
    && !!document.querySelector('#page h1')"""
_GONE = (NoSuchElementException, StaleElementReferenceException)


def programs() -> tuple[str, str, str]:
    """Return driver, browser and screen, or skip."""
    driver, screen = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
    browsers = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
    if driver is None or screen is None or not browsers:
        pytest.skip("no webkit: WebKitWebDriver, MiniBrowser or Xvfb is not on this machine")
    return driver, str(browsers[-1]), screen


@contextmanager
def a_screen(program: str) -> Iterator[str]:
    """Start a screen nobody sees, on a free display, and give its name."""
    ours, theirs = os.pipe()
    command = [program, "-displayfd", str(theirs), "-screen", "0", "1400x1400x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=(theirs,), stderr=subprocess.DEVNULL) as started:
        os.close(theirs)
        try:
            with os.fdopen(ours) as told:
                number = told.readline().strip()
            assert number, "Xvfb found no free display"
            yield f":{number}"
        finally:
            started.kill()


@dataclass(frozen=True, slots=True)
class Window:
    """Somebody at an iPad; everything is done in the tool's frame unless it says otherwise."""

    driver: Any

    def open(self, address: str) -> Window:
        """Open a page of the LMS and go into the tool's frame, once a launch has led to a screen."""
        self.driver.switch_to.default_content()
        self.driver.get(address)
        return self.enter()

    def enter(self) -> Window:
        """Go into the tool's frame and wait for its screen."""
        self.driver.switch_to.default_content()
        self.driver.switch_to.frame(self.find("#tool_content"))
        return self.settle()

    def settle(self) -> Window:
        """Wait until the screen is no longer on its way."""
        self.until(lambda: self.run(SETTLED), "a screen of the tool")
        return self

    def run(self, script: str, *arguments: object) -> Any:
        """Run a script where we are."""
        return self.driver.execute_script(script, *arguments)

    def until(self, holds: Callable[[], object], what: str) -> None:
        """Wait until something holds; what is replaced meanwhile is looked for again."""
        waiting = WebDriverWait(self.driver, SECONDS, 0.1, ignored_exceptions=_GONE)
        waiting.until(lambda _: holds(), f"not within {SECONDS:.0f} s: {what}")

    def find(self, selector: str) -> WebElement:
        """Return the first element of a selector, once it is there."""
        self.until(lambda: self.driver.find_elements(By.CSS_SELECTOR, selector), selector)
        found: WebElement = self.driver.find_element(By.CSS_SELECTOR, selector)
        return found

    def tap(self, selector: str) -> None:
        """Tap something as a finger would: it must be there to be seen."""
        self.find(selector).click()

    def says(self, selector: str, words: str) -> None:
        """Wait until an element says something."""
        self.until(lambda: words in self.find(selector).text, f"{selector} says {words!r}")


@contextmanager
def a_window(display: str, driver: str, browser: str, size: tuple[int, int] = IPAD) -> Iterator[Window]:
    """Start the browser with a memory of its own."""
    options = Options()
    options.binary_location = browser
    options.add_argument("--automation")
    # The programs' own sandbox needs rights a test's machine does not give; the pages here are only ours.
    env = {**os.environ, "DISPLAY": display, "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"}
    started = webdriver.WebKitGTK(options=options, service=Service(driver, env=env))
    try:
        started.set_window_size(*size)
        yield Window(started)
    finally:
        started.quit()
